import { get, type ByName } from '../lib/record.ts';

export interface Output {
  readonly environment: ByName<string | undefined>;
  /** Of the stream that is written to. */
  readonly isTty: boolean;
}

/** Whether an output gets colour: NO_COLOR says no, FORCE_COLOR yes (0 or false: no), else a terminal that is not dumb. */
export function wantsColor({ environment, isTty }: Output): boolean {
  if (get(environment, 'NO_COLOR')) return false;
  const forced = get(environment, 'FORCE_COLOR');
  if (forced) return forced !== '0' && forced !== 'false';
  return isTty && get(environment, 'TERM') !== 'dumb';
}
