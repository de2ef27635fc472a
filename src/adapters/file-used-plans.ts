import { join } from 'node:path';
import { sha256 } from '../lib/hash.ts';
import { messageOf } from '../lib/message-of.ts';
import { get, put, type ByName } from '../lib/record.ts';
import { JournalError } from '../platform/journal.ts';
import { writeAtomically } from './atomic-file.ts';
import { nodeFs, type Fs } from './fs.ts';
import { readOwnFile } from './own-file.ts';

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
export function fileUsedPlans(folder: string, fs: Fs = nodeFs): UsedPlans {
  const path = join(folder, 'used-plans.json');
  const safely = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw new JournalError(`which saved plans were used cannot be told from ${path}: ${messageOf(error)}`, { cause: error });
    }
  };
  return {
    of: (checksum) => safely(async () => get(await readUses(path, fs), checksum)),
    note: (checksum, use) => safely(async () => writeAtomically(path, textOf(put(await readUses(path, fs), checksum, use)), { fs })),
  };
}

/** With a checksum of their own: one that is misread would be a plan that may be used again. */
const textOf = (plans: ByName<PlanUse>): string => JSON.stringify({ checksum: checksumOf(plans), plans });

const checksumOf = (plans: unknown): string => sha256(JSON.stringify(plans));

async function readUses(path: string, fs: Fs): Promise<ByName<PlanUse>> {
  const bytes = await readOwnFile(path, fs);
  const value: unknown = JSON.parse(bytes?.toString('utf8') ?? '{}');
  const plans = plansIn(value);
  if (!plans) throw new Error('it is not as stackctl wrote it');
  return plans;
}

/** Without the checksum as earlier versions wrote it. */
function plansIn(value: unknown): ByName<PlanUse> | undefined {
  if (isUses(value)) return value;
  const isWhole = typeof value === 'object' && value !== null && 'plans' in value && 'checksum' in value;
  return isWhole && value.checksum === checksumOf(value.plans) && isUses(value.plans) ? value.plans : undefined;
}

const isUses = (value: unknown): value is ByName<PlanUse> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isUse);

const isUse = (use: unknown): use is PlanUse =>
  typeof use === 'object' && use !== null && 'at' in use && typeof use.at === 'string' && 'run' in use && typeof use.run === 'number';
