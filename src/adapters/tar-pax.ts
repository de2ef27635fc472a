import { TarError } from './tar-error.ts';

/** What extended headers say, by their key: "path", "SCHILY.xattr.user.note". Keys are bytes, too: one letter for each. */
export type PaxRecords = ReadonlyMap<string, Buffer>;

/** Reads the records of one extended header: "27 path=…\n", where the number counts itself. Throws TarError when they are damaged. */
export function readPax(bytes: Buffer): PaxRecords {
  const records = new Map<string, Buffer>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const digits = bytes.toString('latin1', at, space < 0 ? at : space);
    const end = at + Number(digits);
    const equals = bytes.indexOf(0x3d, space);
    if (!/^[1-9]\d{0,9}$/.test(digits) || end > bytes.length || equals < 0 || equals >= end || bytes[end - 1] !== 0x0a)
      throw new TarError('an extended header is damaged');
    records.set(bytes.toString('latin1', space + 1, equals), bytes.subarray(equals + 1, end - 1));
    at = end;
  }
  return records;
}

/** A whole number from 0 on; undefined where there is none. */
export function paxCount(records: PaxRecords, key: string): number | undefined {
  const text = records.get(key)?.toString('latin1');
  if (text === undefined) return undefined;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new TarError(`an extended header says "${key}" is something else than a number`);
  return value;
}

/** "1700000000.123456789" in nanoseconds, as exactly as it is written; undefined where there is none. */
export function paxTime(records: PaxRecords, key: string): bigint | undefined {
  const text = records.get(key)?.toString('latin1');
  if (text === undefined) return undefined;
  const [, sign, seconds, part = ''] = /^(-?)(\d{1,18})(?:\.(\d*))?$/.exec(text) ?? [];
  if (seconds === undefined) throw new TarError(`an extended header says "${key}" is something else than a time`);
  const ns = BigInt(seconds) * 1_000_000_000n + BigInt(part.slice(0, 9).padEnd(9, '0'));
  return sign === '-' ? -ns : ns;
}

/** A text that names a file: never empty, and without what no name can have. Undefined where there is none. */
export function paxName(records: PaxRecords, key: string): Buffer | undefined {
  const name = records.get(key);
  if (name && (name.length === 0 || name.includes(0)))
    throw new TarError(`an extended header says "${key}" is something that no file is called`);
  return name;
}
