import { fail, ok, type Result } from '../lib/result.ts';
import type { Desired, VolumeSpec } from '../model/desired.ts';
import type { Problem } from '../model/problem.ts';

/** The volumes that words mean, by their key in the file or by the engine's name; without words all of the stack. */
export function namedVolumes(words: readonly string[], { volumes }: Desired): Result<readonly VolumeSpec[], readonly Problem[]> {
  const all = Object.values(volumes);
  const unknown = words.filter((word) => !all.some((volume) => isCalled(volume, word)));
  if (unknown.length === 0) return ok(all.filter((volume) => words.length === 0 || words.some((word) => isCalled(volume, word))));
  const hint = all.length > 0 ? `the stack has: ${all.map(({ key }) => key).join(', ')}` : 'no service of the stack uses a named volume';
  return fail(unknown.map((word) => ({ code: 'unknown-volume', severity: 'error', message: `there is no volume ${word}`, hint })));
}

/** The engine's name of what a word means: of a volume by its key in the file or by that name; else the word itself. */
export const volumeCalled = (word: string, { volumes }: Pick<Desired, 'volumes'>): string =>
  Object.values(volumes).find((volume) => isCalled(volume, word))?.name ?? word;

const isCalled = ({ name, key }: VolumeSpec, word: string): boolean => name === word || key === word;
