import { parseDuration } from '../lib/duration.ts';
import { fail, ok, type Result } from '../lib/result.ts';

/** A word of the command line as a value, or what would be allowed in its place. */
export type Read<Value> = (text: string) => Result<Value, string>;

/** A service and how many containers of it are wanted. */
export interface Scale {
  readonly service: string;
  readonly count: number;
}

export const readText: Read<string> = (text) => (text === '' ? fail('a text that is not empty') : ok(text));

/** Milliseconds; a bare number counts seconds, as it does in Docker Compose. */
export const readDuration: Read<number> = (text) => {
  const ms = msOf(text);
  return ms === undefined || ms <= 0 ? fail('a duration such as 90s, 10m or 1h30m') : ok(ms);
};

/** Milliseconds; 0 gives no time at all. */
export const readGrace: Read<number> = (text) => {
  const ms = msOf(text);
  return ms === undefined ? fail('a duration such as 0, 10s or 1m30s') : ok(ms);
};

function msOf(text: string): number | undefined {
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : parseDuration(text);
  return ms !== undefined && ms <= longestMs ? ms : undefined;
}

/** A whole number from 1 on. */
export const readCount: Read<number> = (text) => {
  const count = Number(text);
  return /^\d{1,6}$/.test(text) && count > 0 ? ok(count) : fail('a whole number from 1 on');
};

export const readScale: Read<Scale> = (text) => {
  const [, service, count] = /^([^=]+)=(\d{1,6})$/.exec(text) ?? [];
  return service === undefined ? fail('SERVICE=NUMBER, such as web=3') : ok({ service, count: Number(count) });
};

/** "volume/NAME" or "network/NAME". */
export const readDestroyable: Read<string> = (text) =>
  /^(volume|network)\/.+$/.test(text) ? ok(text) : fail('volume/NAME or network/NAME');

export const readChoice =
  <Choice extends string>(choices: readonly Choice[]): Read<Choice> =>
  (text) => {
    const found = choices.find((choice) => choice === text);
    return found === undefined ? fail(`one of ${choices.join(', ')}`) : ok(found);
  };

/** Timers of Node.js take 31 bits. */
const longestMs = 2 ** 31 - 1;
