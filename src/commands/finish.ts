import type { ApplyEvent } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { JournalError, type Commit, type Wanted } from '../platform/journal.ts';
import type { Progress } from '../render/progress.ts';
import { resultText } from '../render/result-text.ts';
import { beginRun, resumeRun, type Intent, type Run } from './begin-run.ts';
import { carryOut, exitCodeOf, type CarryOut } from './carry-out.ts';
import type { ExitCode, Invocation } from './command.ts';
import type { Looked } from './look-and-plan.ts';
import type { OpenStack } from './open-stack.ts';
import { progressFor } from './progress.ts';
import { refuse, styleOf } from './screen.ts';
import { placeOf, stackJournal } from './stack-journal.ts';
import { stateFolder } from './state-folder.ts';

export interface Ready {
  readonly opened: OpenStack;
  readonly looked: Looked;
  /** Asked for ahead, so that nobody waits for it. */
  readonly commit?: Promise<Commit | undefined>;
  /** Whether it goes on with a run that was interrupted. */
  readonly resumes?: boolean;
  /** Kept with the run, for a rollback to it; absent: it only takes away. */
  readonly wanted?: Wanted;
  /** Whether this very plan was asked for: one that no longer fits is refused, never made anew. */
  readonly exactly?: boolean;
  /** Under the lock, right before the run begins: the exit code if it may not. */
  readonly atOnce?: (invocation: Invocation) => Promise<ExitCode | undefined>;
}

/** Carries a confirmed plan out, shows it, and says how it ended. The stack's lock must be held. Throws a bug once all is shown. */
export async function finish(ready: Ready, invocation: Invocation): Promise<ExitCode> {
  const { opened, looked, resumes = false } = ready;
  const { settings } = opened.choice;
  const { plan, observed: before } = looked;
  const order = {
    plan,
    setup: opened.setup,
    before,
    limit: settings.parallelism.value,
    noRollback: invocation.flags.noRollback,
    stateFolder: stateFolder(settings.stateDir.value, plan),
  };
  try {
    const run = await (resumes ? resumeRun : beginRun)(await intentOf(ready, invocation));
    const progress = await progressFor(plan, settings.progress.value, invocation);
    return await show({ ...order, ...run, progress }, invocation);
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    return refuse([journalProblem(error)], invocation);
  }
}

async function intentOf({ opened, looked, commit, wanted }: Ready, { calledAs }: Invocation): Promise<Intent> {
  const { setup, choice } = opened;
  const known = await commit;
  return {
    plan: looked.plan,
    before: looked.observed,
    store: stackJournal(placeOf({ setup, choice }, looked.plan)),
    command: calledAs,
    vaultKey: setup.stack.vault.key,
    ...(known && { commit: known }),
    ...(wanted && { wanted }),
  };
}

/** The journal could not be written in the middle of a run. */
export const brokenText = ({ message }: JournalError): string =>
  `error: ${message}\n  hint: stopped where it was, because without a journal no way back can be promised; mend that, then run stackctl recover\n`;

export const journalProblem = ({ message }: JournalError): Problem => ({
  code: 'journal',
  severity: 'error',
  message,
  hint: 'nothing is done without a journal; see that the state folder can be written to',
});

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
  if (broken) io.stderr.write(brokenText(broken));
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
