import * as node from 'node:fs/promises';
import type { Fs } from '../../../src/adapters/fs.ts';

/** Writes the same files, and waits for no disk. */
export const nodeFs: Fs = {
  ...node,
  async open(path, flags, mode) {
    const file = await node.open(path, flags, mode);
    return Object.assign(file, { sync: () => Promise.resolve(), datasync: () => Promise.resolve() });
  },
};
