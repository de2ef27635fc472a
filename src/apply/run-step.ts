import { definitionOf } from '../actions/index.ts';
import { messageOf } from '../lib/message-of.ts';
import { get } from '../lib/record.ts';
import type { Undo } from '../model/action.ts';
import type { StepOutcome } from '../model/event.ts';
import type { Observed } from '../model/observed.ts';
import type { Step } from '../model/plan.ts';
import type { ApplyContext } from './context.ts';
import { runAction } from './run-action.ts';

/** What a step looked at before it ran, and how it may be taken back. */
export interface Ran {
  readonly step: Step;
  readonly undo: Undo;
  readonly outcome: StepOutcome;
}

const lookMs = 30_000;

/** Looks, asks the guard, notes the way back, tells the journal, runs. In this order; never throws. */
export async function runStep(step: Step, context: ApplyContext): Promise<Ran> {
  const definition = definitionOf(step.action);
  const { args } = step.action;
  const started = performance.now();
  let undo: Undo = 'not-needed';
  const end = async (outcome: StepOutcome): Promise<Ran> => {
    await context.emit({ type: 'step-ended', step, outcome, tookMs: Math.round(performance.now() - started) });
    return { step, undo, outcome };
  };

  const now = await lookFor(step, context);
  if ('why' in now) return end({ status: 'failed', why: now.why });
  if (step.unlessImage && get(now.seen.images, step.unlessImage.reference)?.id === step.unlessImage.id) {
    return end({ status: 'unchanged', why: 'the image turned out to be the same' });
  }
  const refused = definition.guard(args, now.seen, context.run);
  if (refused !== undefined) return end({ status: 'refused', why: refused });

  undo = definition.undo(args, now.seen);
  await context.emit({ type: 'step-started', step, undo });
  return end(await runAction(step, now.seen, context));
}

/** Only the step's own resources: a full look before each step would cost more than the step. */
async function lookFor({ action, unlessImage }: Step, { engine, abandon }: ApplyContext): Promise<{ readonly seen: Observed } | { readonly why: string }> {
  const touches = definitionOf(action).touches(action.args);
  const image = unlessImage ? [{ kind: 'image', name: unlessImage.reference } as const] : [];
  try {
    return { seen: await engine.glance([...touches, ...image], AbortSignal.any([abandon, AbortSignal.timeout(lookMs)])) };
  } catch (error) {
    return { why: `the engine could not be asked before it: ${messageOf(error)}` };
  }
}
