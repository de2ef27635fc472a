import { apply } from '../apply/apply.ts';
import type { ApplyContext } from '../apply/context.ts';
import { definitionOf } from '../actions/index.ts';
import { mayStillGoBack } from '../apply/interrupted.ts';
import { journalEntry, knownImages } from '../apply/journal-records.ts';
import type { ApplyEvent, RunResult } from '../model/event.ts';
import type { Observed } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import { observe } from '../observe.ts';
import { JournalError, type Journal } from '../platform/journal.ts';
import { wholeRunMs } from '../platform/run-deadline.ts';
import type { Run } from './begin-run.ts';
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
  /** Of this stack on this engine. */
  readonly stateFolder: string;
}

export interface CarriedOut {
  readonly result: RunResult;
  readonly events: readonly ApplyEvent[];
  /** The journal could not be written any more: the run was abandoned where it stood. */
  readonly broken?: JournalError;
  /** A fault of stackctl itself, after which was walked back what could be. */
  readonly bug?: { readonly error: unknown };
}

/** Runs a plan under its journal, telling `show` of every event. */
export async function carryOut(order: CarryOut & Run, invocation: Invocation, show: (event: ApplyEvent) => void): Promise<CarriedOut> {
  const { plan, setup, before, run, journal } = order;
  setup.deadline.begin('run', wholeRunMs({ forwardMs: plan.timeoutMs, backMs: plan.rollbackTimeoutMs }));
  const events: ApplyEvent[] = [];
  let bug: CarriedOut['bug'];
  const context: Omit<ApplyContext, 'sight'> = {
    engine: setup.platform.engine,
    host: setup.platform.host,
    backups: setup.backups,
    run,
    limit: order.limit,
    cancel: invocation.cancel,
    abandon: invocation.abandon,
    noRollback: order.noRollback,
    before,
    look: (signal) => observe(setup.stack.desired, setup.platform, { pull: 'declared', signal }),
    emit: async (event) => {
      events.push(event);
      if (event.type !== 'run-ended') await record(event, journal);
      else if (isOver(event.result, events, order)) await recordEnd(event, events, order);
      show(event);
    },
    onBug: (error) => (bug ??= { error }),
  };
  try {
    const result = await apply(plan, context);
    await noteContents(events, order).catch((error: unknown) => tellUnnoted(error, invocation));
    await noteLeft(order.stateFolder, { stack: setup.stack, before, events });
    await (isOver(result, events, order) ? journal.close() : journal.leave());
    return { result, events, ...(bug && { bug }) };
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    const ended: ApplyEvent = { type: 'run-ended', result: 'abandoned' };
    show(ended);
    return { result: 'abandoned', events: [...events, ended], broken: error };
  }
}

/** A disk that is full costs the next plan its knowledge of what containers have read since they were made, and this run nothing. */
function tellUnnoted(error: unknown, { io }: Invocation): void {
  if (!(error instanceof Error && 'code' in error)) throw error;
  io.stderr.write(
    `warning: what containers have read of their files could not be noted: ${error.message}\n` +
      '  hint: the next plan may show changes of content that have been made already\n',
  );
}

/** What is not over stays unfinished in the journal: that is how the next command knows. */
function isOver(result: RunResult, events: readonly ApplyEvent[], { resumes }: Pick<Run, 'resumes'>): boolean {
  return resumes ? result === 'applied' || result === 'not-cleaned-up' : !mayStillGoBack(result, hasUndoFailed(events));
}

/** Whether a step back did not end, so that it may go better the next time. */
export const hasUndoFailed = (events: readonly ApplyEvent[]): boolean => {
  const back = events.slice(events.findIndex(({ type }) => type === 'rollback-started'));
  return back.some((event) => event.type === 'step-ended' && ['failed', 'timed-out', 'cancelled'].includes(event.outcome.status));
};

export async function record(event: ApplyEvent, journal: Journal): Promise<void> {
  const entry = journalEntry(event, () => new Date().toISOString());
  if (entry) await journal.append(entry.record, entry.sync);
}

const lookMs = 10_000;

/** What the images are that were pulled or built: history tells them by their digests. */
async function recordEnd(event: ApplyEvent, events: readonly ApplyEvent[], { setup, journal }: CarryOut & Run): Promise<void> {
  const touches = events.flatMap((each) =>
    each.type === 'step-ended' && each.step.stage === 'prepare' && each.outcome.status === 'done'
      ? definitionOf(each.step.action)
          .touches(each.step.action.args)
          .filter(({ kind }) => kind === 'image')
      : [],
  );
  const seen = touches.length > 0 && (await setup.platform.engine.glance(touches, AbortSignal.timeout(lookMs)).catch(() => undefined));
  if (seen) await journal.append({ type: 'images', images: knownImages(seen.images) }, false);
  await record(event, journal);
}

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
