import { socketLock } from '../adapters/socket-lock.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import type { Lock, LockHolder, LockKeeper } from '../platform/lock.ts';
import { actor } from './actor.ts';
import type { Invocation } from './command.ts';

type Named = Pick<Plan, 'engine' | 'stack'>;

/** The lock of a stack on its engine, or a Problem that says who has it. The kernel frees it when the holder ends, however it ends. */
export async function takeLock(plan: Named, { calledAs }: Pick<Invocation, 'calledAs'>): Promise<Result<Lock, readonly Problem[]>> {
  const answer = await acquire(plan, `stackctl ${calledAs}`);
  return 'lock' in answer ? ok(answer.lock) : fail([locked(plan, answer.heldBy)]);
}

/** The Problem that another process changes the stack just now; undefined if none does. */
export async function beingChanged(plan: Named): Promise<Problem | undefined> {
  const answer = await acquire(plan, 'stackctl');
  if ('lock' in answer) await answer.lock.release();
  return 'lock' in answer || answer.heldBy?.pid === process.pid ? undefined : locked(plan, answer.heldBy);
}

const acquire = ({ engine, stack }: Named, command: string): ReturnType<LockKeeper['acquire']> =>
  socketLock.acquire(`${engine}/${stack}`, { ...actor(), since: new Date().toISOString(), command });

function locked({ stack }: Named, heldBy: LockHolder | undefined): Problem {
  const who = heldBy
    ? `"${heldBy.command}" (process ${heldBy.pid} of ${heldBy.user}@${heldBy.host}, since ${heldBy.since})`
    : 'a process that does not say who it is';
  return {
    code: 'locked',
    severity: 'error',
    message: `stack ${stack} is being changed by ${who}`,
    hint: 'wait until it is done, then try again; the lock goes with that process',
  };
}
