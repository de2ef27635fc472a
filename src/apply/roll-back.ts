import { anySignal } from '../lib/any-signal.ts';
import type { Step } from '../model/plan.ts';
import { changedSince } from './changed-since.ts';
import type { ApplyContext } from './context.ts';
import { endedWell, runStep, type Ran } from './run-step.ts';
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

/**
 * Walks back what was done, in reverse and side by side where it can; then looks again and compares with the first look. If that is not
 * as it was, the steps that did not end well are tried once more: one fault on the way is not worth a half-applied stack.
 */
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
  const look = (): Promise<string[]> => changedSince(context.before, { kept, restored: restoredNetworks(ran) }, context);
  const open = await walkCalmly(back, calm);
  let left = await look();
  if (left.length > 0 && open.length > 0 && !abandon.aborted) {
    await walkCalmly(open, calm);
    left = await look();
  }
  const wayBack = { verified: left.length === 0, left, lost: lostBy(ran) };
  await context.emit({ type: 'rollback-ended', ...wayBack });
  return wayBack;
}

/** Tries every step, whatever becomes of the others: a step back that failed is reported, and the rest still tried. Those that did not end well. */
export async function walkCalmly(steps: readonly Step[], context: ApplyContext): Promise<Step[]> {
  const well = new Set<Step>();
  await walk(steps, {
    limit: context.limit,
    mayStart: () => !context.abandon.aborted,
    onlyWaits: () => false,
    run: async (step) => {
      if (endedWell((await runStep(step, context)).outcome)) well.add(step);
      return true;
    },
  });
  return steps.filter((step) => !well.has(step));
}
