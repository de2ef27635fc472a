import { definitionOf } from '../actions/index.ts';
import { anySignal } from '../lib/any-signal.ts';
import type { Step } from '../model/plan.ts';
import { changedSince } from './changed-since.ts';
import type { ApplyContext } from './context.ts';
import { endedWell, runStep, type Ran } from './run-step.ts';
import { freshSight } from './sight.ts';
import { keptVolumes, lostBy, lostText, restoredNetworks, undoSteps, writtenVolumes } from './undo-steps.ts';
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
  const written = writtenVolumes(ran);
  const kept = keptVolumes(ran, written);
  const back = undoSteps(ran, written, because);
  const deadline = AbortSignal.timeout(context.deadlineMs);
  const abandon = anySignal([context.abandon, deadline]);
  const calm = { ...context, cancel: abandon, abandon, sight: freshSight(context.engine) };
  await context.emit({ type: 'rollback-started', because, steps: back.length });
  const look = (): Promise<string[]> => changedSince(context.before, { kept, restored: restoredNetworks(ran) }, context);
  const { open, failed, lost } = await walkCalmly(back, calm);
  let [left, stillLost] = [await look(), lost];
  // Hooks that were not run show nowhere
  const again = left.length > 0 ? open : failed;
  if (again.length > 0 && !abandon.aborted) {
    const second = await walkCalmly(again, calm);
    stillLost = lost.filter((step) => second.open.includes(step));
    left = await look();
  }
  const wayBack = { verified: left.length === 0, left, lost: [...lostBy(ran), ...lostText(stillLost)] };
  await context.emit({ type: 'rollback-ended', ...wayBack });
  return wayBack;
}

export interface Walked {
  /** Steps that did not end well. */
  readonly open: readonly Step[];
  /** Those of them that may end well the next time. */
  readonly failed: readonly Step[];
  /** Those of them without which something stays lost. */
  readonly lost: readonly Step[];
}

/**
 * Tries every step, whatever becomes of the others: a step back that failed is reported, and the rest still tried. What would be too late
 * once more has been taken back is tried a second time before that.
 */
export async function walkCalmly(steps: readonly Step[], context: ApplyContext): Promise<Walked> {
  const tried = await walkOnce(steps, { context, isPatient: true });
  if (tried.lost.length === 0 || context.abandon.aborted) return tried;
  return walkOnce(tried.open, { context, isPatient: false });
}

interface Pace {
  readonly context: ApplyContext;
  /** Whether nothing goes on behind a step that stays lost unless it ends well. */
  readonly isPatient: boolean;
}

async function walkOnce(steps: readonly Step[], { context, isPatient }: Pace): Promise<Walked> {
  const lost: Step[] = [];
  const failed = new Set<Step>();
  const well = new Set<Step>();
  // What is refused has nothing to take back
  const over = new Set<Step>();
  await walk(steps, {
    limit: context.limit,
    mayStart: () => !context.abandon.aborted,
    onlyWaits: () => false,
    run: async (step) => {
      if (isNeeded(step, steps, over)) return true;
      const { outcome } = await runStep(step, context);
      if (endedWell(outcome)) well.add(step);
      const isLost = ['failed', 'timed-out'].includes(outcome.status) && definitionOf(step.action).lostUnless !== undefined;
      if (isLost) lost.push(step);
      // What is lost for good needs nothing any more that was kept for it
      const isOver = endedWell(outcome) || outcome.status === 'refused' || (isLost && !isPatient);
      (isOver ? over : failed).add(step);
      return !(isLost && isPatient);
    },
  });
  return { open: steps.filter((step) => !well.has(step)), failed: [...failed], lost };
}

/** A volume that another step still has to read from, to take something back, stays until that step is over. */
function isNeeded({ action }: Step, steps: readonly Step[], over: ReadonlySet<Step>): boolean {
  const name = definitionOf(action).removesVolume?.(action.args);
  if (name === undefined) return false;
  return steps.some((other) => !over.has(other) && definitionOf(other.action).readsAside?.(other.action.args) === name);
}
