import { setMaxListeners } from 'node:events';
import { socketLock } from '../adapters/socket-lock.ts';
import { anySignal } from '../lib/any-signal.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import type { Commit } from '../platform/journal.ts';
import type { Acquired, Lock, LockHolder, LockKeeper, SharedLockKeeper } from '../platform/lock.ts';
import { holderText } from './holder-text.ts';
import { actor } from './actor.ts';
import type { Invocation } from './command.ts';

type Named = Pick<Plan, 'engine' | 'stack'>;

export interface LockRequest extends Named {
  /** The engine's, which all hosts see. */
  readonly onEngine: LockKeeper;
  readonly commit: Promise<Commit | undefined>;
}

/** One that is released this long after its holder's death, or sooner, is not worth a refusal. */
export const releaseMs = 1_000;

/**
 * The lock of a stack on its engine, or a Problem that says who has it. It has two halves: the first is the host's own, which the kernel
 * frees with the holder and which answers at once; the second is the engine's. Waits as long as --lock-timeout says.
 */
export async function takeLock(request: LockRequest, invocation: Invocation): Promise<Result<Lock, readonly Problem[]>> {
  const holder = { ...me(`stackctl ${invocation.calledAs}`), ...commitOf(await request.commit) };
  const deadline = performance.now() + (invocation.flags.lockTimeout ?? 0);
  const halves = [
    { keeper: socketLock, name: hostName(request), leastMs: 0 },
    { keeper: request.onEngine, name: request.stack, leastMs: releaseMs },
  ];
  const taken: Lock[] = [];
  try {
    for (const half of halves) {
      const answer = await wait({ ...half, holder, deadline }, invocation);
      if ('heldBy' in answer) {
        await releaseAll(taken);
        return fail([locked(request, answer.heldBy)]);
      }
      taken.push(answer.lock);
    }
  } catch (error) {
    await releaseAll(taken);
    throw error;
  }
  return ok({ lost: anySignal(taken.map(({ lost }) => lost)), release: () => releaseAll(taken) });
}

/** The Problem that another process of this host changes the stack just now; undefined if none does. */
export async function beingChanged(named: Named): Promise<Problem | undefined> {
  const answer = await socketLock.acquire(hostName(named), me('stackctl'), AbortSignal.abort());
  if ('lock' in answer) await answer.lock.release();
  return 'lock' in answer || answer.heldBy?.pid === process.pid ? undefined : locked(named, answer.heldBy);
}

/** The same of any host: whether it is still there cannot be told from here, but its lock goes with it. */
export async function beingChangedElsewhere(named: Named, onEngine: SharedLockKeeper): Promise<Problem | undefined> {
  const standing = await onEngine.standing(named.stack, AbortSignal.timeout(releaseMs));
  const isOwn = standing?.heldBy?.pid === process.pid && standing.heldBy.host === actor().host;
  return standing && !isOwn ? locked(named, standing.heldBy) : undefined;
}

/** The reverse of the order in which they were taken: whoever gets the first half finds the second free. */
async function releaseAll(taken: readonly Lock[]): Promise<void> {
  const [last, ...rest] = taken.toReversed();
  try {
    await last?.release();
  } finally {
    if (rest.length > 0) await releaseAll(rest.toReversed());
  }
}

interface Half {
  readonly keeper: LockKeeper;
  readonly name: string;
  readonly holder: LockHolder;
  /** Waited for without a word, whatever the deadline says. */
  readonly leastMs: number;
  readonly deadline: number;
}

async function wait({ keeper, name, holder, leastMs, deadline }: Half, { cancel, io, flags }: Invocation): Promise<Acquired> {
  setMaxListeners(0, cancel);
  const patience = (ms: number): AbortSignal => (ms <= 0 ? AbortSignal.abort() : anySignal([cancel, AbortSignal.timeout(ms)]));
  const atOnce = await keeper.acquire(name, holder, patience(leastMs));
  const leftMs = Math.ceil(deadline - performance.now());
  if ('lock' in atOnce || leftMs <= 0 || cancel.aborted) return atOnce;
  if (!flags.json) io.stderr.write(`Waiting up to ${Math.ceil(leftMs / 1000)} s for the lock, which ${holderText(atOnce.heldBy)} has …\n`);
  return keeper.acquire(name, holder, patience(leftMs));
}

const hostName = ({ engine, stack }: Named): string => `${engine}/${stack}`;

const me = (command: string): LockHolder => ({ ...actor(), since: new Date().toISOString(), command });

const commitOf = (commit: Commit | undefined): Pick<LockHolder, 'commit'> =>
  commit ? { commit: `${commit.id.slice(0, 12)}${commit.dirty ? '+' : ''}` } : {};

const locked = ({ stack }: Pick<Named, 'stack'>, heldBy: LockHolder | undefined): Problem => ({
  code: 'locked',
  severity: 'error',
  message: `stack ${stack} is being changed by ${holderText(heldBy)}`,
  hint: 'wait until it is done (--lock-timeout 5m waits), then try again; the lock goes with that process',
});
