import type { Image } from './crash-disk.ts';
import { crashFs, type CrashFs } from './crash-fs.ts';

interface FailingDisk {
  readonly fs: CrashFs;
  /** From now on: the change or sync that fails, the next one being the first; without it none does. */
  failAt(place?: number): void;
  /** How many changes and syncs were tried since then. */
  tried(): number;
}

/** A disk that fails once, as one that is full does. */
export function failingDisk(start?: Image): FailingDisk {
  let tried = 0;
  let failing: number | undefined;
  const fs = crashFs(start, () => {
    tried += 1;
    if (tried === failing) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  });
  return {
    fs,
    failAt(place) {
      [tried, failing] = [0, place];
    },
    tried: () => tried,
  };
}
