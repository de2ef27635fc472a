import type { Lock } from '../platform/lock.ts';
import { resultText } from '../render/result-text.ts';
import { carryOut, exitCodeOf } from './carry-out.ts';
import type { ExitCode, Invocation } from './command.ts';
import type { Looked } from './look-and-plan.ts';
import type { OpenStack } from './open-stack.ts';
import { progressFor } from './progress.ts';
import { styleOf } from './screen.ts';

interface Ready {
  readonly opened: OpenStack;
  readonly looked: Looked;
  /** Held; undefined only for a plan without steps. */
  readonly lock: Lock | undefined;
}

/** Carries a confirmed plan out, shows it, and says how it ended. */
export async function finish({ opened, looked }: Ready, invocation: Invocation): Promise<ExitCode> {
  const { flags, io } = invocation;
  const { plan, observed } = looked;
  const progress = await progressFor(plan, invocation);
  const order = {
    plan,
    setup: opened.setup,
    before: observed,
    limit: opened.choice.settings.parallelism.value,
    noRollback: flags.noRollback,
    stateDir: opened.choice.settings.stateDir.value,
  };
  if (plan.steps.length === 0) return 0;
  const { result, events } = await carryOut(order, invocation, (event) => {
    progress.on(event);
  });
  await progress.shown();
  if (!flags.json) io.stderr.write(resultText(result, events, { style: styleOf(invocation, io.stderr) }));
  return exitCodeOf(result);
}
