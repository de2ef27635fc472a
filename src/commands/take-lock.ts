import { hostname, userInfo } from 'node:os';
import { socketLock } from '../adapters/socket-lock.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import type { Lock } from '../platform/lock.ts';
import type { Invocation } from './command.ts';

/** The lock of a stack on its engine, or a Problem that says who has it. The kernel frees it when the holder ends, however it ends. */
export async function takeLock({ engine, stack }: Pick<Plan, 'engine' | 'stack'>, { calledAs }: Invocation): Promise<Result<Lock, readonly Problem[]>> {
  const holder = { pid: process.pid, user: userInfo().username, host: hostname(), since: new Date().toISOString(), command: `stackctl ${calledAs}` };
  const answer = await socketLock.acquire(`${engine}/${stack}`, holder);
  if ('lock' in answer) return ok(answer.lock);
  const { heldBy } = answer;
  const who = heldBy ? `"${heldBy.command}" (process ${heldBy.pid} of ${heldBy.user}@${heldBy.host}, since ${heldBy.since})` : 'a process that does not say who it is';
  return fail([{ code: 'locked', severity: 'error', message: `stack ${stack} is being changed by ${who}`, hint: 'wait until it is done, then try again; the lock goes with that process' }]);
}
