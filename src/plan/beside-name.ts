import { get } from '../lib/record.ts';
import type { Observed } from '../model/observed.ts';

/** The name of the volume that is filled beside one that is restored: "shop_data.restored"; with a number where that is taken. */
export function besideName(volume: string, { volumes }: Pick<Observed, 'volumes'>): string {
  const candidates = ['', 2, 3, 4, 5, 6, 7, 8, 9].map((count) => `${volume}.restored${count}`);
  return candidates.find((candidate) => !get(volumes, candidate)) ?? `${volume}.restored10`;
}
