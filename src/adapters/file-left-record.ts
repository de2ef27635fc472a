import { join } from 'node:path';
import { isApplied } from '../model/applied.ts';
import type { LeftContainer } from '../model/left.ts';
import { syncFolder, writeAtomically } from './atomic-file.ts';
import { nodeFs, type Fs } from './fs.ts';
import { readOwnFile } from './own-file.ts';

interface LeftRecord {
  /** Nothing where no apply has been, after a `down`, and where the file cannot be read. */
  read(): Promise<readonly LeftContainer[]>;
  /** Durable before it resolves. */
  write(left: readonly LeftContainer[]): Promise<void>;
}

/** What the last apply of a stack left standing, as one JSON file in the stack's state folder. */
export function fileLeftRecord(folder: string, fs: Fs = nodeFs): LeftRecord {
  const path = join(folder, 'left.json');
  const read = async (): Promise<readonly LeftContainer[]> => parsed(await readOwnFile(path, fs).catch(() => undefined));
  return {
    read,
    async write(left) {
      const text = JSON.stringify(left);
      if (text === JSON.stringify(await read())) return;
      if (left.length > 0) return writeAtomically(path, text, { fs });
      await fs.rm(path);
      await syncFolder(folder, fs);
    },
  };
}

function parsed(bytes: Buffer | undefined): readonly LeftContainer[] {
  try {
    const value: unknown = JSON.parse(bytes?.toString('utf8') ?? '[]');
    return Array.isArray(value) ? value.filter(isLeft) : [];
  } catch {
    return [];
  }
}

const isLeft = (value: unknown): value is LeftContainer =>
  typeof value === 'object' &&
  value !== null &&
  'service' in value &&
  typeof value.service === 'string' &&
  'number' in value &&
  typeof value.number === 'number' &&
  (!('applied' in value) || isApplied(value.applied));
