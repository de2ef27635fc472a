import { anySignal } from '../lib/any-signal.ts';
import { definitionOf } from '../actions/index.ts';
import type { RunResult } from '../model/event.ts';
import type { Plan, Step } from '../model/plan.ts';
import type { ApplyContext } from './context.ts';
import { lateFailure, type LateFailure } from './late-failure.ts';
import { rollBack } from './roll-back.ts';
import { endedWell, runStep, type Ran } from './run-step.ts';
import { rememberingSight } from './sight.ts';
import { walk } from './walk.ts';

/** Runs a plan to the end or back to where it began. Never throws for what a machine can do; the result says how it ended. */
export async function apply(plan: Plan, { emit, ...rest }: Omit<ApplyContext, 'sight'>): Promise<RunResult> {
  const context: ApplyContext = { ...rest, emit: untilBroken(emit), sight: rememberingSight(rest.engine, rest.before) };
  await context.emit({
    type: 'run-started',
    run: context.run,
    steps: plan.steps.length,
    timeoutMs: plan.timeoutMs,
    rollbackTimeoutMs: plan.rollbackTimeoutMs,
  });
  const result = await run(plan, context);
  await context.emit({ type: 'run-ended', result });
  return result;
}

/** Once an event could not be written down, nothing more may begin: the journal would not know of it. */
function untilBroken(emit: ApplyContext['emit']): ApplyContext['emit'] {
  let broken: { readonly error: unknown } | undefined;
  return async (event) => {
    if (broken) throw broken.error;
    try {
      await emit(event);
    } catch (error) {
      broken ??= { error };
      throw error;
    }
  };
}

async function run(plan: Plan, context: ApplyContext): Promise<RunResult> {
  const deadline = AbortSignal.timeout(plan.timeoutMs);
  const forward = { ...context, cancel: anySignal([context.cancel, deadline]), until: deadline };
  const steps = plan.steps.filter(({ stage }) => stage !== 'discard');
  const ran = new Map<string, Ran>();
  await goForward(steps, { ran, pastCommit: false }, forward);

  if (context.abandon.aborted) return 'abandoned';
  const failure = firstFailure([...ran.values()]) ?? (await lateFailure([...ran.values()], forward));
  const tooLong = deadline.aborted ? `it took longer than ${plan.timeoutMs / 1000} s in all` : undefined;
  const because = context.cancel.aborted
    ? 'it was interrupted'
    : context.noRollback
      ? undefined
      : (tooLong ?? (failure?.onFailure === 'rollback' ? failure.why : undefined));
  if (because !== undefined) return walkBack(because, [...ran.values()], { ...context, deadlineMs: plan.rollbackTimeoutMs });
  if (failure || tooLong !== undefined || ran.size < steps.length) return 'failed';
  return commit(plan, { ...context, cancel: steps.length > 0 ? context.abandon : context.cancel });
}

/** What came before cannot be walked back any more, so the rest is done even if a person interrupts; a plan that only discards stops. */
async function commit(plan: Plan, context: ApplyContext): Promise<RunResult> {
  const steps = plan.steps.filter(({ stage }) => stage === 'discard');
  if (steps.length < plan.steps.length) await context.emit({ type: 'committed' });
  const ran = new Map<string, Ran>();
  await goForward(steps, { ran, pastCommit: true }, context);
  if (context.abandon.aborted) return 'abandoned';
  return ran.size === steps.length && [...ran.values()].every(({ outcome }) => endedWell(outcome)) ? 'applied' : 'not-cleaned-up';
}

interface Progress {
  readonly ran: Map<string, Ran>;
  readonly pastCommit: boolean;
}

/** Past the commit a failure stops nobody else. */
async function goForward(steps: readonly Step[], { ran, pastCommit }: Progress, context: ApplyContext): Promise<void> {
  let stopped = false;
  const mayStart = (): boolean => !context.abandon.aborted && !context.cancel.aborted && (pastCommit || !stopped);
  await walk(steps, {
    limit: context.limit,
    mayStart,
    onlyWaits: ({ action }) => definitionOf(action).gives === 'ready',
    run: async (step) => {
      const done = await runStep(step, context);
      ran.set(step.id, done);
      stopped ||= !endedWell(done.outcome) && step.onFailure !== 'continue';
      return endedWell(done.outcome);
    },
  });
}

/** What decides how the run ends: a step that sends the whole plan back, else any other that failed. */
function firstFailure(ran: readonly Ran[]): LateFailure | undefined {
  const failed = ran.filter(({ outcome }) => !endedWell(outcome) && outcome.status !== 'cancelled');
  const worst = failed.find(({ step }) => step.onFailure === 'rollback') ?? failed[0];
  if (!worst) return undefined;
  const { action, onFailure } = worst.step;
  return { why: `"${definitionOf(action).label(action.args)}" failed`, onFailure };
}

async function walkBack(because: string, ran: readonly Ran[], context: ApplyContext & { readonly deadlineMs: number }): Promise<RunResult> {
  const touched = ran.some(hasTouched);
  const interrupted = context.cancel.aborted;
  if (!touched) return interrupted ? 'interrupted' : 'untouched';
  const { verified } = await rollBack(because, ran, context);
  if (context.abandon.aborted) return 'abandoned';
  if (!verified) return 'not-fully-rolled-back';
  return interrupted ? 'interrupted' : 'rolled-back';
}

/** Whether a step may have changed something that people would miss; waiting at a gate does not, nor does an image more. */
const hasTouched = ({ step, undo, begun }: Ran): boolean =>
  begun && (undo !== 'not-needed' || (step.stage === 'build' && definitionOf(step.action).gives !== 'ready'));
