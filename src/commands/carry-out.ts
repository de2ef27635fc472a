import { hostname, userInfo } from 'node:os';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { apply } from '../apply/apply.ts';
import type { ApplyContext } from '../apply/context.ts';
import { journalEntry } from '../apply/journal-records.ts';
import { fileJournal } from '../adapters/file-journal.ts';
import type { ApplyEvent, RunResult } from '../model/event.ts';
import type { Observed } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import { observe } from '../observe.ts';
import { JournalError, type Journal } from '../platform/journal.ts';
import type { ExitCode, Invocation } from './command.ts';
import { noteContents } from './note-contents.ts';
import { noteLeft } from './note-left.ts';
import type { Setup } from './setup.ts';

export interface CarryOut {
  readonly plan: Plan;
  readonly setup: Setup;
  /** The look that the plan was made from. */
  readonly before: Observed;
  readonly limit: number;
  readonly noRollback: boolean;
  readonly stateDir: string;
}

export interface CarriedOut {
  readonly result: RunResult;
  readonly events: readonly ApplyEvent[];
  /** The journal could not be written any more: the run was abandoned where it stood. */
  readonly broken?: JournalError;
  /** A fault of stackctl itself, after which was walked back what could be. */
  readonly bug?: { readonly error: unknown };
}

export interface Run {
  readonly run: string;
  readonly journal: Journal;
}

/** Opens the journal of a new run. Throws JournalError; then nothing was touched. */
export async function beginRun({ plan, stateDir }: Pick<CarryOut, 'plan' | 'stateDir'>): Promise<Run> {
  const run = randomBytes(6).toString('hex');
  const journal = await fileJournal(stateFolder(stateDir, plan)).begin();
  await journal.append(
    {
      type: 'begun',
      run,
      stack: plan.stack,
      engine: plan.engine,
      at: now(),
      by: `${userInfo().username}@${hostname()} (process ${process.pid})`,
      stackctl: '1',
    },
    true,
  );
  return { run, journal };
}

/** Runs a plan under its journal, telling `show` of every event. */
export async function carryOut(order: CarryOut & Run, invocation: Invocation, show: (event: ApplyEvent) => void): Promise<CarriedOut> {
  const { plan, setup, before, run, journal } = order;
  const events: ApplyEvent[] = [];
  let bug: CarriedOut['bug'];
  const context: Omit<ApplyContext, 'sight'> = {
    engine: setup.platform.engine,
    host: setup.platform.host,
    run,
    limit: order.limit,
    cancel: invocation.cancel,
    abandon: invocation.abandon,
    noRollback: order.noRollback,
    before,
    look: (signal) => observe(setup.stack.desired, setup.platform, { pull: false, signal }),
    emit: async (event) => {
      events.push(event);
      await record(event, journal);
      show(event);
    },
    onBug: (error) => (bug ??= { error }),
  };
  try {
    const result = await apply(plan, context);
    await noteContents(events, order);
    await noteLeft(stateFolder(order.stateDir, plan), before, events);
    if (result !== 'abandoned') await journal.close();
    return { result, events, ...(bug && { bug }) };
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    const ended: ApplyEvent = { type: 'run-ended', result: 'abandoned' };
    show(ended);
    return { result: 'abandoned', events: [...events, ended], broken: error };
  }
}

/** Where the journal of a stack lies: one for each engine, so that the same stack may stand on several. */
export const stateFolder = (stateDir: string, { engine, stack }: Pick<Plan, 'engine' | 'stack'>): string =>
  join(stateDir, engine.replace(/[^A-Za-z0-9]/g, '').slice(0, 32), stack);

async function record(event: ApplyEvent, journal: Journal): Promise<void> {
  const entry = journalEntry(event, now);
  // An abandoned run stays unfinished in the journal: that is how the next command knows.
  if (entry && !(event.type === 'run-ended' && event.result === 'abandoned')) await journal.append(entry.record, entry.sync);
}

const now = (): string => new Date().toISOString();

/** Exit codes as the contract has them (design, section 7). */
export function exitCodeOf(result: RunResult): ExitCode {
  switch (result) {
    case 'applied':
      return 0;
    case 'untouched':
      return 1;
    case 'rolled-back':
      return 3;
    case 'interrupted':
      return 130;
    case 'failed':
    case 'not-cleaned-up':
    case 'not-fully-rolled-back':
    case 'abandoned':
      return 4;
  }
}
