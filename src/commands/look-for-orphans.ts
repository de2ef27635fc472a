import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import { observeHost } from '../observe.ts';
import { orphanProcesses, type Reclaim } from '../plan/reclaims.ts';
import type { Invocation } from './command.ts';
import { lookAtStack } from './look-at-stack.ts';
import type { OpenStack } from './open-stack.ts';

export interface FoundOrphans {
  readonly orphans: readonly Reclaim[];
  /** Those whose cgroup names a container, of which no engine says whether it lives. */
  readonly unclear: readonly Reclaim[];
}

const lookMs = 10_000;

/**
 * The processes that hold ports of the stack, live in no container and are named by a rule. Also where the engine does not run, as before
 * it starts at boot: then a process that ever was in a container is left alone.
 */
export async function lookForOrphans(opened: OpenStack, invocation: Invocation): Promise<Result<FoundOrphans, readonly Problem[]>> {
  const { stack, platform, access } = opened.setup;
  const { desired } = stack;
  const services = Object.values(desired.services);
  const observed = await lookAtStack(opened, invocation);
  if (observed.ok) return ok({ orphans: orphanProcesses(services, { desired, observed: observed.value }), unclear: [] });
  const isDown = access.socket !== undefined && observed.error.every(({ code }) => code === 'engine-unreachable');
  if (!isDown) return fail(observed.error);
  const listeners = await observeHost(desired, platform.host, AbortSignal.any([invocation.cancel, AbortSignal.timeout(lookMs)]));
  const found = orphanProcesses(services, { desired, observed: { containers: {}, others: {}, listeners } });
  const isClear = ({ process }: Reclaim): boolean => process.containerId === undefined;
  return ok({ orphans: found.filter(isClear), unclear: found.filter((each) => !isClear(each)) });
}
