import { gitCommit } from '../adapters/git-commit.ts';
import type { Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import { EngineError } from '../platform/engine-error.ts';
import { JournalError, type Commit } from '../platform/journal.ts';
import type { Lock } from '../platform/lock.ts';
import type { ExitCode, Invocation } from './command.ts';
import { confirm } from './confirm.ts';
import { engineProblem } from './engine-problem.ts';
import { journalProblem } from './finish.ts';
import type { OpenStack } from './open-stack.ts';
import { refuse } from './screen.ts';
import { takeLock, type LockRequest } from './take-lock.ts';

interface Consent {
  readonly question: string;
  readonly opened: OpenStack;
  /** The engine's id. */
  readonly engine: string;
}

/** What work under the lock has. */
export interface Held {
  /** Abandoned when the lock is lost, too. */
  readonly invocation: Invocation;
  readonly commit: Promise<Commit | undefined>;
}

/**
 * Does it once a person has said yes and nobody else changes the stack, on this host or another: 5 if somebody does. A journal that
 * cannot be used is told.
 */
export async function withConsent(consent: Consent, invocation: Invocation, work: (held: Held) => Promise<ExitCode>): Promise<ExitCode> {
  const { question, opened, engine } = consent;
  const answer = await confirm(question, invocation);
  if (answer !== 'yes') return notConfirmed(answer, invocation);
  const { stack, lock: onEngine } = opened.setup;
  const commit = gitCommit(stack.desired.workingDir);
  const lock = await taken({ engine, stack: stack.desired.stack, onEngine, commit }, invocation);
  if (!lock.ok) {
    refuse(lock.error, invocation);
    if (invocation.cancel.aborted) return 130;
    return lock.error.some(({ code }) => code === 'locked') ? 5 : 1;
  }
  try {
    const { lost } = lock.value;
    const code = await work({ invocation: { ...invocation, abandon: AbortSignal.any([invocation.abandon, lost]) }, commit });
    if (lost.aborted) tellOfLoss(invocation);
    return code;
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    return refuse([journalProblem(error)], invocation);
  } finally {
    await release(lock.value, invocation);
  }
}

async function taken(request: LockRequest, invocation: Invocation): Promise<Result<Lock, readonly Problem[]>> {
  try {
    return await takeLock(request, invocation);
  } catch (error) {
    return { ok: false, error: [engineProblem(error)] };
  }
}

/** What was done is done: an engine that does not answer now has let go of the lock already, or will when this process ends. */
async function release(lock: Lock, { io }: Invocation): Promise<void> {
  try {
    await lock.release();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (!lock.lost.aborted) io.stderr.write(`warning: the lock on the engine could not be released: ${error.message}\n`);
  }
}

function tellOfLoss({ io }: Invocation): void {
  io.stderr.write(
    'error: the lock of this stack on the engine has gone: somebody took it away (stackctl unlock), or the engine ended\n' +
      '  hint: from then on nothing was changed any more; stackctl recover says what is left\n',
  );
}

/** Says why nothing was done. */
export function notConfirmed(answer: 'no' | 'nobody-to-ask', invocation: Invocation): ExitCode {
  if (invocation.cancel.aborted) return interrupted(invocation);
  if (answer === 'no') {
    invocation.io.stderr.write('Nothing was touched.\n');
    return 1;
  }
  return refuse(
    [
      {
        code: 'nobody-to-ask',
        severity: 'error',
        message: 'there is no terminal to ask at whether to do this',
        hint: 'read the plan, then run it again with --yes',
      },
    ],
    invocation,
  );
}

/** Nothing has been done yet. */
export function interrupted({ io }: Invocation): 130 {
  io.stderr.write('Interrupted; nothing was touched.\n');
  return 130;
}
