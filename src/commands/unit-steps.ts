import { messageOf } from '../lib/message-of.ts';

/** One thing to do to the units of a system, and its way back. */
export interface UnitStep {
  /** "write /etc/systemd/system/x.service". */
  readonly label: string;
  run(): Promise<void>;
  undo?(): Promise<void>;
}

/** `left`: what could not be put back. */
export type StepsEnd = 'done' | { readonly why: string; readonly left: readonly string[] };

/** Carries the steps out one after another; when one fails, or it is cancelled, walks back and tries every way back. */
export async function runUnitSteps(steps: readonly UnitStep[], cancel: AbortSignal): Promise<StepsEnd> {
  const begun: UnitStep[] = [];
  try {
    for (const step of steps) {
      if (cancel.aborted) throw new Error('interrupted');
      begun.push(step); // before it runs: it may fail halfway
      await step.run();
    }
    return 'done';
  } catch (error) {
    return { why: messageOf(error), left: await walkBack(begun.toReversed()) };
  }
}

async function walkBack(steps: readonly UnitStep[]): Promise<string[]> {
  const left: string[] = [];
  for (const step of steps) {
    try {
      await step.undo?.();
    } catch (error) {
      left.push(`undo of "${step.label}": ${messageOf(error)}`);
    }
  }
  return left;
}
