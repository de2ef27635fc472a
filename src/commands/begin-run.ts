import { randomBytes } from 'node:crypto';
import { knownImages, standingOf } from '../apply/journal-records.ts';
import type { Observed } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import { journalFormat, type Commit, type Journal, type JournalStore, type RecordOf, type Wanted } from '../platform/journal.ts';
import { actor } from './actor.ts';
import { stackctlVersion } from './version.ts';

/** What is about to be done, and to what. */
export interface Intent {
  readonly plan: Plan;
  /** The look that the plan was made from. */
  readonly before: Observed;
  readonly store: JournalStore;
  /** The word that was typed. */
  readonly command: string;
  readonly vaultKey: string;
  readonly commit?: Commit;
  readonly wanted?: Wanted;
}

export interface Run {
  readonly run: string;
  readonly journal: Journal;
  /** Whether it goes on with a run that was interrupted: that one is over only when all is as wanted. */
  readonly resumes: boolean;
}

/** The journal of a new run. Throws JournalError, also when there is no room for what it will write; then nothing was touched. */
export async function beginRun(intent: Intent): Promise<Run> {
  const { plan, store, command, vaultKey, commit } = intent;
  const planned = plannedNow(intent);
  const begun: RecordOf<'begun'> = {
    type: 'begun',
    format: journalFormat,
    stack: plan.stack,
    engine: plan.engine,
    command,
    at: planned.at,
    by: planned.by,
    stackctl: stackctlVersion(),
    ...(commit && { commit }),
    vaultKey,
  };
  const journal = await store.begin([begun, planned], roomFor(planned));
  return { run: planned.run, journal, resumes: false };
}

/** Goes on, with a new plan, in the journal of the run that was interrupted. */
export async function resumeRun(intent: Intent): Promise<Run> {
  const { journal } = await intent.store.reopen();
  const planned = plannedNow(intent);
  await journal.append({ type: 'recovering', how: 'resume', at: planned.at, by: planned.by }, false);
  await journal.append(planned, true);
  return { run: planned.run, journal, resumes: true };
}

const plannedNow = ({ plan, before, wanted }: Intent): RecordOf<'planned'> => ({
  type: 'planned',
  run: randomBytes(6).toString('hex'),
  at: new Date().toISOString(),
  by: actor(),
  plan,
  before: standingOf(before),
  images: knownImages(before.images),
  ...(wanted && { wanted }),
});

/** Begin and end of a step and of its step back, with the longest cause that is kept. */
const stepBytes = 4_096;

/** More than the steps and their way back will take: an undo repeats at most what is known of a container's networks. */
export const roomFor = ({ plan, before }: RecordOf<'planned'>): number =>
  65_536 + plan.steps.length * stepBytes + Buffer.byteLength(JSON.stringify(before.containers));
