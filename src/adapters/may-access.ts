import { accessSync } from 'node:fs';

/** Whether this user may do that with a file or folder (`constants.W_OK`, `constants.X_OK` of node:fs); no where there is none. */
export function mayAccess(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
