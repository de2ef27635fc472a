import { definitionOf } from '../actions/index.ts';
import { anySignal } from '../lib/any-signal.ts';
import { messageOf } from '../lib/message-of.ts';
import { get } from '../lib/record.ts';
import type { Touch, Undo } from '../model/action.ts';
import type { StepOutcome } from '../model/event.ts';
import type { Observed, SeenContainer } from '../model/observed.ts';
import type { Step } from '../model/plan.ts';
import type { ApplyContext } from './context.ts';
import { bugOutcome, runAction } from './run-action.ts';

/** What a step looked at before it ran, and how it may be taken back. */
export interface Ran {
  readonly step: Step;
  readonly undo: Undo;
  readonly outcome: StepOutcome;
  /** Whether it was told to the journal and run. */
  readonly begun: boolean;
  /** The container as it was when it had passed its gate. */
  readonly passed?: SeenContainer;
}

export const endedWell = ({ status }: StepOutcome): boolean => status === 'done' || status === 'unchanged';

const lookMs = 30_000;

/** Looks, asks the guard, notes the way back, tells the journal, runs. In this order; throws only when the journal does. */
export async function runStep(step: Step, context: ApplyContext): Promise<Ran> {
  const definition = definitionOf(step.action);
  const started = performance.now();
  const end = async (outcome: StepOutcome, more?: Pick<Ran, 'undo' | 'passed'>): Promise<Ran> => {
    await context.emit({ type: 'step-ended', step, outcome, tookMs: Math.round(performance.now() - started) });
    return { step, undo: 'not-needed', outcome, begun: more !== undefined, ...more };
  };

  const now = await lookFor(step, context);
  if (context.cancel.aborted) return end({ status: 'cancelled' });
  if ('why' in now) return end({ status: 'failed', why: now.why });
  if (step.unlessImage && get(now.seen.images, step.unlessImage.reference)?.id === step.unlessImage.id) {
    return end({ status: 'unchanged', why: 'the image turned out to be the same' });
  }
  const leave = guarded(step, now.seen, context);
  if ('outcome' in leave) return end(leave.outcome);
  const { undo } = leave;
  await context.emit({ type: 'step-started', step, undo });
  const { outcome, after } = await runAndRemember(step, now.seen, context);
  const passed = definition.gives === 'ready' && outcome.status === 'done' ? Object.values(after?.containers ?? {})[0] : undefined;
  return end(outcome, { undo, ...(passed && { passed }) });
}

/** The way back if it may run now; else how it ends. */
function guarded({ action }: Step, now: Observed, context: ApplyContext): { readonly undo: Undo } | { readonly outcome: StepOutcome } {
  const { guard, undo } = definitionOf(action);
  try {
    const why = guard(action.args, now, context.run);
    return why === undefined ? { undo: undo(action.args, now) } : { outcome: { status: 'refused', why } };
  } catch (error) {
    return { outcome: bugOutcome(error, context) };
  }
}

/** What an action does not leave for sure is looked at by the next step that needs it. */
async function runAndRemember(
  step: Step,
  now: Observed,
  context: ApplyContext,
): Promise<{ readonly outcome: StepOutcome; readonly after: Observed | undefined }> {
  const touches = touchesOf(step);
  let after: Observed | undefined;
  const outcome = await runAction(step, { now, remember: (left) => (after = left) }, context);
  if (after && outcome.status === 'done') context.sight.keep(touches, after);
  else context.sight.forget(touches);
  return { outcome, after };
}

const touchesOf = ({ action }: Step): readonly Touch[] => definitionOf(action).touches(action.args);

/** Only the step's own resources: a full look before each step would cost more than the step. */
async function lookFor(
  step: Step,
  { sight, cancel, abandon }: ApplyContext,
): Promise<{ readonly seen: Observed } | { readonly why: string }> {
  const image = step.unlessImage ? [{ kind: 'image', name: step.unlessImage.reference } as const] : [];
  try {
    return { seen: await sight.see([...touchesOf(step), ...image], anySignal([cancel, abandon, AbortSignal.timeout(lookMs)])) };
  } catch (error) {
    return { why: `the engine could not be asked before it: ${messageOf(error)}` };
  }
}
