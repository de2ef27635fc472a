import { gitCommit } from '../adapters/git-commit.ts';
import { anySignal } from '../lib/any-signal.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import { EngineError } from '../platform/engine-error.ts';
import { JournalError, type Commit } from '../platform/journal.ts';
import type { Lock } from '../platform/lock.ts';
import { startMs } from '../platform/run-deadline.ts';
import type { Invocation } from './command.ts';
import { engineProblem } from './engine-problem.ts';
import { journalProblem } from './finish.ts';
import type { OpenStack } from './open-stack.ts';
import { takeLock, type LockRequest } from './take-lock.ts';

interface Locking {
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

/** Does it while nobody else changes the stack, on this host or another; a Problem "locked" if somebody does. */
export async function underLock<T>(
  { opened, engine }: Locking,
  invocation: Invocation,
  work: (held: Held) => Promise<T>,
): Promise<Result<T, readonly Problem[]>> {
  const { stack, lock: onEngine, deadline } = opened.setup;
  const commit = gitCommit(stack.desired.workingDir);
  deadline.begin('start', startMs({ forwardMs: stack.desired.timeoutMs, lockMs: invocation.flags.lockTimeout ?? 0 }));
  try {
    const lock = await taken({ engine, stack: stack.desired.stack, onEngine, commit }, invocation);
    return lock.ok ? await whileHeld(lock.value, { commit, invocation }, work) : lock;
  } finally {
    deadline.end();
  }
}

async function whileHeld<T>(
  lock: Lock,
  { commit, invocation }: Held,
  work: (held: Held) => Promise<T>,
): Promise<Result<T, readonly Problem[]>> {
  const { lost } = lock;
  try {
    const done = await work({ invocation: { ...invocation, abandon: anySignal([invocation.abandon, lost]) }, commit });
    if (lost.aborted) tellOfLoss(invocation);
    return ok(done);
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    return fail([journalProblem(error)]);
  } finally {
    await release(lock, invocation);
  }
}

async function taken(request: LockRequest, invocation: Invocation): Promise<Result<Lock, readonly Problem[]>> {
  try {
    return await takeLock(request, invocation);
  } catch (error) {
    return fail([engineProblem(error)]);
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
