import type { LockKeeper } from '../../../src/platform/lock.ts';

/** Everybody has it. */
export const socketLock: LockKeeper = {
  acquire: () => Promise.resolve({ lock: { lost: new AbortController().signal, release: () => Promise.resolve() } }),
};
