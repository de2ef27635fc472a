import type { ApplyEvent } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import { JournalError } from '../platform/journal.ts';
import type { Progress } from '../render/progress.ts';
import { resultText } from '../render/result-text.ts';
import { beginRun, carryOut, exitCodeOf, type CarryOut, type Run } from './carry-out.ts';
import type { ExitCode, Invocation } from './command.ts';
import type { Looked } from './look-and-plan.ts';
import type { OpenStack } from './open-stack.ts';
import { progressFor } from './progress.ts';
import { refuse, styleOf } from './screen.ts';

interface Ready {
  readonly opened: OpenStack;
  readonly looked: Looked;
}

/** Carries a confirmed plan out, shows it, and says how it ended. The stack's lock must be held. Throws a bug once all is shown. */
export async function finish({ opened, looked }: Ready, invocation: Invocation): Promise<ExitCode> {
  const { setup, choice } = opened;
  const { parallelism, stateDir } = choice.settings;
  const { plan, observed: before } = looked;
  const order = { plan, setup, before, limit: parallelism.value, noRollback: invocation.flags.noRollback, stateDir: stateDir.value };
  try {
    const run = await beginRun(order);
    const progress = await progressFor(plan, choice.settings.progress.value, invocation);
    return await show({ ...order, ...run, progress }, invocation);
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    return refuse(
      [
        {
          code: 'journal',
          severity: 'error',
          message: error.message,
          hint: 'nothing is done without a journal; see that the state folder can be written to',
        },
      ],
      invocation,
    );
  }
}

async function show({ progress, ...order }: CarryOut & Run & { readonly progress: Progress }, invocation: Invocation): Promise<ExitCode> {
  const { flags, io } = invocation;
  const started = performance.now();
  const { result, events, broken, bug } = await carryOut(order, invocation, (event) => {
    progress.on(event);
  });
  await progress.shown();
  if (!flags.json) {
    const options = { style: styleOf(invocation, io.stderr), plan: order.plan, tookMs: performance.now() - started };
    io.stderr.write(resultText(result, events, options));
  }
  if (broken)
    io.stderr.write(
      `error: ${broken.message}\n  hint: stopped where it was, because without a journal no way back can be promised; see stackctl status\n`,
    );
  if (bug) throw bug.error;
  return exitCodeOf(result);
}

/** Nothing to do is said in the same words as a run: with --json, the stream of events. */
export async function finishAtOnce(plan: Plan, invocation: Invocation): Promise<ExitCode> {
  const progress: Progress = await progressFor(plan, 'auto', invocation);
  const ended: ApplyEvent = { type: 'run-ended', result: 'applied' };
  if (invocation.flags.json) progress.on(ended);
  return 0;
}
