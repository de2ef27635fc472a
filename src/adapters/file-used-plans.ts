import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../lib/error-code.ts';
import { messageOf } from '../lib/message-of.ts';
import { get, put, type ByName } from '../lib/record.ts';
import { JournalError } from '../platform/journal.ts';
import { writeAtomically } from './atomic-file.ts';

/** When a saved plan was carried out, or tried. */
export interface PlanUse {
  /** ISO 8601. */
  readonly at: string;
  /** The number that its run has in the history. */
  readonly run: number;
}

interface UsedPlans {
  of(checksum: string): Promise<PlanUse | undefined>;
  /** Durable before it resolves. Only who holds the stack's lock may call it. */
  note(checksum: string, use: PlanUse): Promise<void>;
}

/**
 * Which saved plans were used, by their checksums, as one JSON file in the stack's state folder. It outlives the history, of which
 * only so many runs are kept. Throws JournalError for a file that cannot be read or written: what cannot be told may not be done twice.
 */
export function fileUsedPlans(folder: string): UsedPlans {
  const path = join(folder, 'used-plans.json');
  const safely = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw new JournalError(`which saved plans were used cannot be told from ${path}: ${messageOf(error)}`, { cause: error });
    }
  };
  return {
    of: (checksum) => safely(async () => get(await readUses(path), checksum)),
    note: (checksum, use) => safely(async () => writeAtomically(path, JSON.stringify(put(await readUses(path), checksum, use)))),
  };
}

async function readUses(path: string): Promise<ByName<PlanUse>> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return '{}';
    throw error;
  });
  const value: unknown = JSON.parse(text);
  if (!isUses(value)) throw new Error('it is not as stackctl wrote it');
  return value;
}

const isUses = (value: unknown): value is ByName<PlanUse> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isUse);

const isUse = (use: unknown): use is PlanUse =>
  typeof use === 'object' && use !== null && 'at' in use && typeof use.at === 'string' && 'run' in use && typeof use.run === 'number';
