import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { get, type ByName } from '../lib/record.ts';

/**
 * The working directory under the name by which the shell knows it, as Docker Compose takes it: behind a symbolic link the two tools
 * must give a stack the same labels. Undefined if the directory is gone.
 */
export function workingFolder(environment: ByName<string>, physical: () => string): string | undefined {
  try {
    const here = physical();
    const named = get(environment, 'PWD');
    return named !== undefined && named === resolve(named) && isSame(named, here) ? named : here;
  } catch {
    return undefined;
  }
}

function isSame(left: string, right: string): boolean {
  const [one, other] = [left, right].map((path) => statSync(path, { throwIfNoEntry: false }));
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev;
}
