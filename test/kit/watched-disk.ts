import fs, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import { onTestFinished } from 'vitest';

/** Of a file that was opened: what a power cut is about. */
const told = ['appendFile', 'writeFile', 'write', 'truncate', 'sync', 'datasync', 'close'] as const;

/**
 * From now on until the test ends: what is asked of the file system, in that order, as "sync journal" and "rename journal.next
 * journal". All of it happens as well. `fails`: the one that fails, as a full disk would.
 */
export function watchedDisk(fails = ''): readonly string[] {
  const log: string[] = [];
  const { open, rename } = fs;
  const tell = (what: string): void => {
    log.push(what);
    if (what === fails) throw Object.assign(new Error(`ENOSPC: no space left on device, ${what}`), { code: 'ENOSPC' });
  };
  replace({
    open: async (...args: Parameters<typeof open>) => {
      if (fails === `open ${nameOf(args[0])}`) tell(fails);
      return watched(await open(...args), (verb) => tell(`${verb} ${nameOf(args[0])}`));
    },
    rename: async (from: string, to: string) => {
      tell(`rename ${nameOf(from)} ${nameOf(to)}`);
      await rename(from, to);
    },
  });
  onTestFinished(() => replace({ open, rename }));
  return log;
}

/** Names that are drawn are all the same here. */
const nameOf = (path: unknown): string => basename(String(path)).replace(/[0-9a-f]{12}/, 'RANDOM');

function watched(file: FileHandle, tell: (verb: string) => void): FileHandle {
  for (const verb of told) {
    const work = file[verb].bind(file) as (...args: unknown[]) => Promise<unknown>;
    Object.assign(file, {
      [verb]: async (...args: unknown[]) => {
        tell(verb);
        return work(...args);
      },
    });
  }
  return file;
}

function replace(functions: object): void {
  Object.assign(fs, functions);
  syncBuiltinESMExports();
}
