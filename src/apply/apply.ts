import { definitionOf } from '../actions/index.ts';
import { get } from '../lib/record.ts';
import type { RunResult, StepOutcome } from '../model/event.ts';
import type { Plan, Step } from '../model/plan.ts';
import type { ApplyContext } from './context.ts';
import { rollBack } from './roll-back.ts';
import { runStep, type Ran } from './run-step.ts';
import { walk } from './walk.ts';

/** Runs a plan to the end or back to where it began. Never throws for what a machine can do; the result says how it ended. */
export async function apply(plan: Plan, context: ApplyContext): Promise<RunResult> {
  await context.emit({ type: 'run-started', run: context.run, steps: plan.steps.length, timeoutMs: plan.timeoutMs, rollbackTimeoutMs: plan.rollbackTimeoutMs });
  const result = await run(plan, context);
  await context.emit({ type: 'run-ended', result });
  return result;
}

async function run(plan: Plan, context: ApplyContext): Promise<RunResult> {
  const deadline = AbortSignal.timeout(plan.timeoutMs);
  const forward = { ...context, cancel: AbortSignal.any([context.cancel, deadline]) };
  const ran = new Map<string, Ran>();
  await goForward(plan.steps.filter(({ stage }) => stage !== 'discard'), ran, forward);

  if (context.abandon.aborted) return 'abandoned';
  const failure = firstFailure(ran, context.noRollback) ?? (await lateFailure(ran, forward));
  const stopped = context.cancel.aborted ? 'it was interrupted' : deadline.aborted ? `it took longer than ${plan.timeoutMs / 1000} s in all` : undefined;
  const because = stopped ?? failure;
  if (because !== undefined) return walkBack(because, [...ran.values()], { ...context, deadlineMs: plan.rollbackTimeoutMs });
  if ([...ran.values()].some(({ outcome }) => !endedWell(outcome))) return 'failed';

  await context.emit({ type: 'committed' });
  const discarded = new Map<string, Ran>();
  await goForward(plan.steps.filter(({ stage }) => stage === 'discard'), discarded, { ...context, noRollback: false }, true);
  return [...discarded.values()].every(({ outcome }) => endedWell(outcome)) ? 'applied' : 'not-cleaned-up';
}

/** Past the commit a failure stops nobody else. */
async function goForward(steps: readonly Step[], ran: Map<string, Ran>, context: ApplyContext, pastCommit = false): Promise<void> {
  const mayStart = (): boolean => {
    if (context.abandon.aborted) return false;
    if (pastCommit) return true;
    return !context.cancel.aborted && ![...ran.values()].some(({ step, outcome }) => !endedWell(outcome) && step.onFailure !== 'continue');
  };
  await walk(steps, {
    limit: context.limit,
    mayStart,
    onlyWaits: ({ action }) => definitionOf(action).gives === 'ready',
    run: async (step) => {
      const done = await runStep(step, context);
      ran.set(step.id, done);
      return endedWell(done.outcome);
    },
  });
}

const endedWell = ({ status }: StepOutcome): boolean => status === 'done' || status === 'unchanged';

/** Why the whole plan goes back; undefined if nothing failed or what failed is to be left as it stands. */
function firstFailure(ran: ReadonlyMap<string, Ran>, noRollback: boolean): string | undefined {
  const failed = [...ran.values()].find(({ step, outcome }) => !endedWell(outcome) && outcome.status !== 'cancelled' && step.onFailure === 'rollback');
  return failed && !noRollback ? `"${definitionOf(failed.step.action).label(failed.step.action.args)}" failed` : undefined;
}

/** The last look before the point of no return: what passed its gate must still run, without a restart since. */
async function lateFailure(ran: ReadonlyMap<string, Ran>, context: ApplyContext): Promise<string | undefined> {
  const touches = [...ran.values()].flatMap(({ step, outcome }, i, all) =>
    definitionOf(step.action).gives === 'ready' && outcome.status === 'done'
      ? definitionOf(step.action).touches(step.action.args).map((each) => ({ ...each, name: nameAfter(all.slice(i + 1), each.name) }))
      : [],
  );
  if (touches.length === 0 || context.cancel.aborted || context.noRollback) return undefined;
  const now = await context.engine.glance(touches, context.cancel).catch(() => undefined);
  if (!now) return 'the engine could not be asked for the last look';
  const fallen = touches.find(({ name }) => {
    const state = get(now.containers, name)?.state;
    return !state || state.status === 'restarting' || (state.status !== 'running' && state.exitCode !== 0) || state.health === 'unhealthy';
  });
  return fallen && `${fallen.name} passed its gate and fell over afterwards`;
}

/** A container that was started before the old one stopped has taken its final name since. */
const nameAfter = (ran: readonly Ran[], name: string): string =>
  ran.reduce((current, { step, outcome }) => {
    const renamed = definitionOf(step.action).renames?.(step.action.args);
    return renamed?.from === current && outcome.status === 'done' ? renamed.to : current;
  }, name);

async function walkBack(because: string, ran: readonly Ran[], context: ApplyContext & { readonly deadlineMs: number }): Promise<RunResult> {
  const touched = ran.some(({ undo, outcome }) => undo !== 'not-needed' && outcome.status !== 'refused');
  const interrupted = context.cancel.aborted;
  if (!touched) return interrupted ? 'interrupted' : 'untouched';
  const { verified } = await rollBack(because, ran, context);
  if (context.abandon.aborted) return 'abandoned';
  if (!verified) return 'not-fully-rolled-back';
  return interrupted ? 'interrupted' : 'rolled-back';
}
