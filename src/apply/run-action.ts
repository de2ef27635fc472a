import type { World } from '../actions/define.ts';
import { definitionOf } from '../actions/index.ts';
import { HookFailed } from '../actions/run-hooks.ts';
import { GateClosed } from '../actions/wait-at-gate.ts';
import { anySignal } from '../lib/any-signal.ts';
import { errorCode } from '../lib/error-code.ts';
import { messageOf } from '../lib/message-of.ts';
import type { Evidence, StepOutcome } from '../model/event.ts';
import type { Step } from '../model/plan.ts';
import { BackupError } from '../platform/backup-store.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { ApplyContext } from './context.ts';
import { evidenceOf } from './evidence.ts';

/** Runs one action under its timeout. Every end is an outcome; a bug in an action is one too, so that the way back is walked. */
export async function runAction(
  step: Step,
  { now, remember }: Pick<World, 'now' | 'remember'>,
  context: ApplyContext,
): Promise<StepOutcome> {
  const { action } = step;
  const definition = definitionOf(action);
  const afterMs = definition.timeoutMs(action.args);
  const timeout = AbortSignal.timeout(afterMs);
  // What changes the machine is not cut short by Ctrl-C: an answer that nobody hears is an outcome that nobody knows.
  const stop = definition.cancellable ? anySignal([context.cancel, context.abandon]) : context.abandon;
  const [warnings, idle]: [string[], string[]] = [[], []];
  try {
    // A journal that cannot be written is told of by the next event that is waited for
    const onProgress = (note: string): void => void context.emit({ type: 'step-progressed', step, note }).catch(() => undefined);
    const { engine, host, backups, run } = context;
    await definition.run(action.args, {
      engine,
      host,
      backups,
      now,
      run,
      signal: anySignal([stop, timeout, ...(context.until ? [context.until] : [])]),
      interrupted: anySignal([context.cancel, context.abandon]),
      onProgress,
      warn: (text) => void warnings.push(text),
      unchanged: (why) => void idle.push(why),
      remember,
    });
    return idle.length > 0 ? { status: 'unchanged', why: idle.join('; ') } : { status: 'done', ...told(warnings) };
  } catch (error) {
    const isHook = error instanceof HookFailed;
    if (stop.aborted || (isHook && context.cancel.aborted)) return { status: 'cancelled' };
    if (isBug(error)) return bugOutcome(error, context);
    const timedOut = timeout.aborted;
    const common = await whyFailed(step, error, context);
    return timedOut ? { status: 'timed-out', afterMs, ...common } : { status: 'failed', ...common };
  }
}

/** Why it failed, and what a person needs to see beside that. */
async function whyFailed(
  step: Step,
  error: unknown,
  context: ApplyContext,
): Promise<{ readonly why: string; readonly evidence?: Evidence }> {
  const evidence = await evidenceOf(step, error, context);
  const printed = error instanceof HookFailed && error.printed.trim() !== '' ? { hook: error.printed } : {};
  return { why: messageOf(error), ...(evidence && { evidence: { ...evidence, ...printed } }) };
}
const told = (warnings: readonly string[]): { readonly warning?: string } => (warnings.length > 0 ? { warning: warnings.join('; ') } : {});

/** What the engine, the system or a gate says about the world has a name or a code of its own; anything else should not have happened. */
const isBug = (error: unknown): boolean =>
  !(
    error instanceof EngineError ||
    error instanceof BackupError ||
    error instanceof GateClosed ||
    error instanceof HookFailed ||
    errorCode(error) !== undefined
  );

/** A fault of stackctl as the end of a step. */
export function bugOutcome(error: unknown, { onBug }: Pick<ApplyContext, 'onBug'>): StepOutcome {
  onBug(error);
  return { status: 'failed', why: `stackctl itself is at fault: ${messageOf(error)}` };
}
