import { anySignal } from '../lib/any-signal.ts';
import type { Step } from '../model/plan.ts';
import { changedSince } from './changed-since.ts';
import type { ApplyContext } from './context.ts';
import { runStep, type Ran } from './run-step.ts';
import { freshSight } from './sight.ts';
import { keptVolumes, lostBy, restoredNetworks, undoSteps } from './undo-steps.ts';
import { walk } from './walk.ts';

export interface WayBack {
  /** Observed again, and found as it was before. */
  readonly verified: boolean;
  /** What still differs from before. */
  readonly left: readonly string[];
  /** What no walk back could bring back. */
  readonly lost: readonly string[];
}

/** Walks back what was done, in reverse and side by side where it can; then looks again and compares with the first look. */
export async function rollBack(
  because: string,
  ran: readonly Ran[],
  context: ApplyContext & { readonly deadlineMs: number },
): Promise<WayBack> {
  const kept = keptVolumes(ran);
  const back = undoSteps(ran, kept, because);
  const deadline = AbortSignal.timeout(context.deadlineMs);
  const abandon = anySignal([context.abandon, deadline]);
  const calm = { ...context, cancel: abandon, abandon, sight: freshSight(context.engine) };
  await context.emit({ type: 'rollback-started', because, steps: back.length });
  await walkCalmly(back, calm);
  const left = await changedSince(context.before, { kept, restored: restoredNetworks(ran) }, context);
  const wayBack = { verified: left.length === 0, left, lost: lostBy(ran) };
  await context.emit({ type: 'rollback-ended', ...wayBack });
  return wayBack;
}

/** Tries every step, whatever becomes of the others: a step back that failed is reported, and the rest still tried. */
export async function walkCalmly(steps: readonly Step[], context: ApplyContext): Promise<void> {
  await walk(steps, {
    limit: context.limit,
    mayStart: () => !context.abandon.aborted,
    onlyWaits: () => false,
    run: async (step) => {
      await runStep(step, context);
      return true;
    },
  });
}
