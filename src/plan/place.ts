import { get } from '../lib/record.ts';
import type { Desired } from '../model/desired.ts';
import type { Place } from '../model/problem.ts';

/** Where a problem points to, to be spread into it. */
export interface At {
  readonly at?: Place;
}

/** The place of the first of these paths that is declared; none if no file says any of them. */
export function place({ places }: Desired, ...paths: readonly string[]): At {
  const at = paths.map((path) => get(places, path)).find((found) => found !== undefined);
  return at ? { at } : {};
}
