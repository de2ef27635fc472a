import { fromEntries, type ByName } from '../lib/record.ts';

/** One for each key that is used, in one stable order. */
export const byKey = <T>(keys: readonly string[], make: (key: string) => T): ByName<T> =>
  fromEntries([...new Set(keys)].sort().map((key) => [key, make(key)] as const));
