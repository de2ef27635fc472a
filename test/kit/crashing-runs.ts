import fc from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { apply } from '../../src/apply/apply.ts';
import { assumedJournal, runNote } from '../../src/apply/assumed.ts';
import { interruptedRun, type Interrupted } from '../../src/apply/interrupted.ts';
import { journalEntry } from '../../src/apply/journal-records.ts';
import { withOwnLeftovers } from '../../src/apply/own-leftovers.ts';
import { finishForward, goBack, type RecoverContext } from '../../src/apply/recover.ts';
import type { ApplyEvent } from '../../src/model/event.ts';
import type { Observed } from '../../src/model/observed.ts';
import type { Plan } from '../../src/model/plan.ts';
import { plan } from '../../src/plan/plan.ts';
import type { Engine } from '../../src/platform/engine.ts';
import { JournalError, type Journal, type RecordOf } from '../../src/platform/journal.ts';
import { memoryBackups } from './memory-backups.ts';
import { diskWith, life, losePower, mortalEngine, mortalJournal, type Disk } from './crash.ts';
import { well, type Case } from './failing-runs.ts';
import { begun, planned } from './journals.ts';
import { memoryEngine, type MemoryEngine } from './memory-engine.ts';
import { contextOn } from './runs.ts';
import { run as firstRun } from './simulated.ts';
import { imageNamed } from './world-machine.ts';
import { worldText } from './world-text.ts';

/** What becomes of a run: when it dies, what else goes down, and how often those die that come to mend it. */
export interface Fate {
  readonly diesAt: number;
  /** Whether only calls that change something are counted, right before and right after them. Default: what is written to the journal, too. */
  readonly countsCalls?: true;
  readonly goesDown: 'nothing' | 'engine' | 'machine';
  /** How many records that were not synced a machine without power keeps. */
  readonly keeps: number;
  /** At which moments of theirs the recoveries die; the one after them lives. */
  readonly mendersDieAt: readonly number[];
  /** Whether the first one goes on instead of back. */
  readonly resumes: boolean;
  /** Whether it is mended on another machine, which knows only what was planned and what the engine shows. */
  readonly elsewhere: boolean;
}

/** Nothing happens to it at all. */
export const quiet: Fate = { diesAt: Infinity, goesDown: 'nothing', keeps: 0, mendersDieAt: [], resumes: false, elsewhere: false };

export const fates: fc.Arbitrary<Omit<Fate, 'diesAt'>> = fc.record({
  goesDown: fc.constantFrom('nothing', 'nothing', 'engine', 'machine'),
  keeps: fc.integer({ min: 0, max: 3 }),
  mendersDieAt: fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 3 }),
  resumes: fc.constantFrom(false, false, true),
  elsewhere: fc.constantFrom(false, false, true),
});

export interface Crashed {
  readonly engine: MemoryEngine;
  readonly disk: Disk;
  /** Of the first life. */
  readonly moments: number;
  /** Of the last life, in which it was mended. */
  readonly mended: number;
  /** Whether it was mended on another machine. */
  readonly isElsewhere: boolean;
  /** How many of the recoveries died. */
  readonly died: number;
}

/** Parts in which a mistake may be hidden, to see that it is found. */
export interface Sabotage {
  plan?(plan: Plan): Plan;
  engine?(engine: Engine): Engine;
  journal?(journal: Journal): Journal;
  interrupted?(interrupted: Interrupted): Interrupted;
  look?(now: Observed): Observed;
}

const plannedFor = ({ made, world }: Case): RecordOf<'planned'> => ({ ...planned, run: firstRun, plan: made, before: world.observed });

const resumed = ({ world }: Case, now: Observed, interrupted: Interrupted): RecordOf<'planned'> => ({
  ...planned,
  run: 'run-2',
  plan: plan(world.desired, withOwnLeftovers(now, interrupted)),
  before: now,
});

/** Applies the plan of a case until it dies, and recovers until it is done. */
export async function crash(each: Case, fate: Fate, sabotage: Sabotage = {}): Promise<Crashed> {
  const engine = memoryEngine(each.world.observed, { behaves: well(each.world), registry: imageNamed });
  const made = sabotage.plan?.(each.made) ?? each.made;
  const disk = diskWith(begun, plannedFor({ ...each, made }));
  const first = life(fate.diesAt);
  await live({ engine, disk, life: first, sabotage, countsCalls: fate.countsCalls ?? false }, disk.records[1] as RecordOf<'planned'>);
  if (first.isDead) goDown(engine, disk, fate);
  if (fate.elsewhere && !disk.isClosed) disk.records = assumedJournal(runNote(disk.records), engine.now());
  let [died, mended] = [0, 0];
  // One that goes on may meet what stands in its way, and goes back to where it began; the next one goes back all the way
  for (const [i, diesAt] of [...fate.mendersDieAt, Infinity, Infinity].entries()) {
    if (disk.isClosed) break;
    const mender = life(diesAt);
    await mend(each, { engine, disk, life: mender, sabotage, countsCalls: false, elsewhere: fate.elsewhere }, fate.resumes && i === 0);
    if (mender.isDead) died += 1;
    mended = mender.moments;
  }
  return { engine, disk, moments: first.moments, mended, isElsewhere: fate.elsewhere, died };
}

interface Process {
  readonly engine: MemoryEngine;
  readonly disk: Disk;
  readonly life: ReturnType<typeof life>;
  readonly sabotage: Sabotage;
  readonly countsCalls: boolean;
  /** On a machine without the backups that the run took. */
  readonly elsewhere?: boolean;
}

const journalOf = ({ disk, life: own, sabotage, countsCalls }: Process): Journal => {
  const journal = mortalJournal(disk, countsCalls ? { signal: own.signal, moment: () => undefined } : own);
  return sabotage.journal?.(journal) ?? journal;
};

const engineOf = ({ engine, life: own, sabotage }: Process): Engine => mortalEngine(sabotage.engine?.(engine) ?? engine, own);

async function live(process: Process, { run, plan: steps, before }: RecordOf<'planned'>): Promise<void> {
  const { engine, life: own } = process;
  const journal = journalOf(process);
  const context = contextOn(engine, before, { run, abandon: own.signal, emit: (event) => tell(event, journal) });
  await untilDeath(own, async () => {
    const result = await apply(steps, { ...context, engine: engineOf(process) });
    const isOver = run === firstRun ? result !== 'abandoned' : result === 'applied' || result === 'not-cleaned-up';
    if (isOver) await journal.close();
  });
}

async function mend(each: Case, process: Process, resumes: boolean): Promise<void> {
  const { engine, disk, life: own } = process;
  const found = interruptedRun(disk.records);
  const interrupted = process.sabotage.interrupted?.(found) ?? found;
  const journal = journalOf(process);
  if (resumes && !interrupted.committed) {
    const again = resumed(each, engine.now(), interrupted);
    await untilDeath(own, () => journal.append(again, true));
    if (!own.isDead) await live(process, again);
    return;
  }
  const { services } = each.world.desired;
  const context: RecoverContext = {
    ...contextOn(engine, each.world.observed),
    ...(process.elsewhere && { backups: memoryBackups() }),
    engine: engineOf(process),
    look: async () => process.sabotage.look?.(engine.now()) ?? engine.now(),
    abandon: own.signal,
    deadlineMs: 60_000,
    settleMs: 0,
    jobs: Object.values(services).flatMap(({ dependsOn }) =>
      dependsOn.flatMap(({ service, condition }) => (condition === 'service_completed_successfully' ? [service] : [])),
    ),
    emit: (event) => tell(event, journal),
  };
  await untilDeath(own, async () => {
    await (interrupted.committed ? finishForward : goBack)(interrupted, context);
    if (!own.isDead) await journal.close();
  });
}

async function tell(event: ApplyEvent, journal: Journal): Promise<void> {
  const entry = journalEntry(event, () => 'now');
  if (entry) await journal.append(entry.record, entry.sync);
}

/** A dead process ends in any way at all; one that lives must not. What it had asked the engine for comes to its end. */
async function untilDeath(own: ReturnType<typeof life>, work: () => Promise<void>): Promise<void> {
  await work().catch((error: unknown) => {
    if (!own.isDead || !(error instanceof JournalError)) throw error;
  });
  for (let turn = 0; turn < 3; turn++) await nextTurn();
}

/** A machine takes its engine with it. */
function goDown(engine: MemoryEngine, disk: Disk, { goesDown, keeps }: Fate): void {
  if (goesDown === 'nothing') return;
  if (goesDown === 'machine') losePower(disk, keeps);
  engineGoesDown(engine);
}

/** With it goes all that no policy starts again. */
export function engineGoesDown(engine: MemoryEngine): void {
  for (const { id, settings, state } of Object.values(engine.now().containers)) {
    const { restart = 'no' } = settings;
    const comesBack = restart === 'always' || restart === 'unless-stopped';
    if (!['exited', 'created', 'dead'].includes(state.status) && !comesBack) engine.change(id, { status: 'exited', exitCode: 137 });
  }
}

export const crashStory = ({ world }: Case, fate: Fate, { engine }: Crashed): string =>
  `${worldText(world)}\n${JSON.stringify(fate)}\n${engine.calls.join('\n')}`;
