import type { Desired, VolumeSpec } from '../model/desired.ts';
import type { Problem } from '../model/problem.ts';
import { place } from './place.ts';

/** That the file forbids what a flag or an answer would allow; `but`: the beginning of the sentence. */
export const prevented = ({ name, key }: VolumeSpec, but: string, desired: Desired): Problem => ({
  code: 'volume-prevented',
  severity: 'error',
  message: `${but} volume ${name} may not be removed: its prevent_destroy says so`.trim(),
  ...place(desired, `volumes.${key}.x-stack.prevent_destroy`, `volumes.${key}`),
  hint: 'whoever wants it gone takes prevent_destroy out of the file first',
});
