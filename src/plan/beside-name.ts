import { get } from '../lib/record.ts';
import type { Observed } from '../model/observed.ts';

/** The name of a volume beside another one, for the time of a run: "shop_data.before"; with a number where that is taken. */
export function besideName(name: string, why: 'before' | 'restored', { volumes }: Pick<Observed, 'volumes'>): string {
  const base = `${name}.${why}`;
  const candidates = [base, ...Array.from({ length: 8 }, (_, i) => `${base}${i + 2}`)];
  return candidates.find((candidate) => !get(volumes, candidate)) ?? `${base}10`;
}
