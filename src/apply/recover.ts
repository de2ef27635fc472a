import { definitionOf } from '../actions/index.ts';
import { anySignal } from '../lib/any-signal.ts';
import { canonical } from '../lib/canonical.ts';
import { get } from '../lib/record.ts';
import type { RunResult } from '../model/event.ts';
import type { Observed } from '../model/observed.ts';
import type { Step } from '../model/plan.ts';
import { changedSince } from './changed-since.ts';
import type { ApplyContext } from './context.ts';
import { isDiscard, lastAttempt, type Attempt, type Interrupted } from './interrupted.ts';
import { walkCalmly } from './roll-back.ts';
import { endedWell, runStep } from './run-step.ts';
import { runsAsThen } from './runs-as-then.ts';
import { settled } from './settled.ts';
import { freshSight } from './sight.ts';
import { keptVolumes, lostBy, lostText, restoredNetworks, undoSteps, writtenVolumes } from './undo-steps.ts';
import { walk } from './walk.ts';

export type RecoverContext = Omit<ApplyContext, 'sight' | 'run' | 'before' | 'noRollback'> & {
  readonly deadlineMs: number;
  /** How long what a dead client had asked for may take to show up. */
  readonly settleMs: number;
  /** Services that end by themselves when their work is done. */
  readonly jobs: readonly string[];
};

export const recoverReason = 'it was interrupted, and what it had begun is taken back';

/**
 * Walks an interrupted run back by the undo actions of its journal, each attempt after the one that followed it, and gets running
 * again what ran before. May be cut off anywhere and done again: what is back already is refused by its guard, or is no change.
 */
export async function goBack({ attempts }: Pick<Interrupted, 'attempts'>, recovery: RecoverContext): Promise<RunResult> {
  const context = calm(recovery);
  const [{ before }] = attempts;
  const written = writtenVolumes(attempts.flatMap(({ ran }) => ran));
  const kept = attempts.flatMap(({ ran }) => keptVolumes(ran, written));
  const ways = attempts.map((attempt) => ({ attempt, steps: undoSteps(attempt.ran, written, recoverReason) })).toReversed();
  await context.emit({ type: 'rollback-started', because: recoverReason, steps: ways.reduce((sum, { steps }) => sum + steps.length, 0) });
  await settled(attempts, context);
  const notBack: string[] = [];
  for (const { attempt, steps } of ways) notBack.push(...lostText((await walkCalmly(steps, contextOf(attempt, context))).lost));
  await runAgain(before, attempts[0], context);
  if (context.abandon.aborted) return end('abandoned', context);
  const left = await changedSince(before, { kept, restored: attempts.flatMap(({ ran }) => restoredNetworks(ran)) }, context);
  const lost = [...attempts.flatMap(({ ran }) => lostBy(ran)), ...notBack];
  await context.emit({ type: 'rollback-ended', verified: left.length === 0, left, lost });
  return end(left.length === 0 ? 'rolled-back' : 'not-fully-rolled-back', context);
}

/** An engine that went down took down what no policy starts again. */
async function runAgain(then: Observed, attempt: Attempt, context: RecoverContext): Promise<void> {
  if (context.abandon.aborted) return;
  const now = await context.look(context.abandon).catch(() => undefined);
  // When nobody answers, the look that ends all tells of it
  if (now) await walkCalmly(runsAsThen(then, now, context.jobs), contextOf(attempt, context));
}

/** What an attempt that had passed all its gates has not yet thrown away. */
export const stillToDiscard = ({ attempts }: Pick<Interrupted, 'attempts'>): Step[] => {
  const { plan, ran } = lastAttempt({ attempts });
  const done = new Set(ran.filter(({ outcome }) => outcome.status === 'done').map(({ step }) => step.id));
  return plan.steps.filter((step) => isDiscard(step) && !done.has(step.id));
};

/** How the stack is to stand where it was cut off, when all gates had been passed: what was thrown away, or was about to be, does not run. */
export function asPassed({ attempts }: Pick<Interrupted, 'attempts'>): Observed {
  const { before, ran, run, plan } = lastAttempt({ attempts });
  const meant = new Set(ran.filter(({ step, outcome }) => isDiscard(step) || endedWell(outcome)).map(({ step }) => step.id));
  const steps = plan.steps.filter(({ id }) => meant.has(id));
  return steps.reduce((now, { action }) => definitionOf(action).simulate(action.args, now, run), before);
}

/** Ends a run that had passed all its gates: throws away what it had put aside. */
export async function finishForward(interrupted: Pick<Interrupted, 'attempts'>, recovery: RecoverContext): Promise<RunResult> {
  const attempt = lastAttempt(interrupted);
  const patient = calm(recovery);
  const context = contextOf(attempt, patient);
  const left: Step[] = [];
  await runAgain(asPassed(interrupted), attempt, patient);
  await walk(stillToDiscard(interrupted), {
    limit: context.limit,
    mayStart: () => !context.abandon.aborted,
    onlyWaits: () => false,
    run: async (step) => {
      const well = endedWell((await runStep(step, context)).outcome) || (await isDoneAlready(step, context));
      if (!well) left.push(step);
      return well;
    },
  });
  if (context.abandon.aborted) return end('abandoned', context);
  return end(left.length === 0 ? 'applied' : 'not-cleaned-up', context);
}

/** Refused, because there is nothing left for it to do. */
async function isDoneAlready({ action }: Step, { engine, run, abandon }: ApplyContext): Promise<boolean> {
  const { touches, simulate, leavesNoTrace } = definitionOf(action);
  const touched = touches(action.args);
  const now = await engine.glance(touched, abandon).catch(() => undefined);
  // What works on a volume has nothing to do any more once that is gone; before that, nobody knows
  if (leavesNoTrace && touched.some(({ kind, name }) => kind === 'volume' && get(now?.volumes ?? {}, name))) return false;
  return now !== undefined && canonical(simulate(action.args, now, run)) === canonical(now);
}

async function end(result: RunResult, { emit }: Pick<ApplyContext, 'emit'>): Promise<RunResult> {
  await emit({ type: 'run-ended', result });
  return result;
}

/** A recovery has no way back of its own: the first Ctrl-C ends it where it stands, and it is run again. */
function calm<Context extends RecoverContext>(context: Context): Context {
  const abandon = anySignal([context.cancel, context.abandon, AbortSignal.timeout(context.deadlineMs)]);
  return { ...context, cancel: abandon, abandon };
}

/** As the run that is taken back would have: what it made carries its id. */
const contextOf = ({ run, before }: Attempt, context: RecoverContext): ApplyContext => ({
  ...context,
  run,
  before,
  noRollback: true,
  sight: freshSight(context.engine),
});
