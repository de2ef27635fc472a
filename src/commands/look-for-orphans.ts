import { randomBytes } from 'node:crypto';
import { endHolder } from '../actions/end-holder.ts';
import { linuxHost } from '../adapters/linux-host.ts';
import { anySignal } from '../lib/any-signal.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Desired } from '../model/desired.ts';
import type { Observed } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';
import { observeHost } from '../observe.ts';
import { endArgs } from '../plan/process-ends.ts';
import { portDoubts } from '../plan/port-doubts.ts';
import type { PortsSeen } from '../plan/port-holder.ts';
import { orphanProcesses, type Reclaim } from '../plan/reclaims.ts';
import type { Ended } from '../platform/host.ts';
import { readStack } from '../spec/read-stack.ts';
import { chooseStack } from './choose-stack.ts';
import type { Invocation } from './command.ts';
import { lookAtStack } from './look-at-stack.ts';
import { openStack, type OpenStack } from './open-stack.ts';

export interface FoundOrphans {
  readonly stack: string;
  readonly orphans: readonly Reclaim[];
  /** Those whose cgroup names a container, while no engine says whether it lives. */
  readonly unclear: readonly Reclaim[];
  /** Why there may be more, or that nobody could look. */
  readonly doubts: readonly string[];
  /** Whether the stack has a rule at all. */
  readonly hasRules: boolean;
  /** Of the containers that there are; undefined: no engine says. */
  readonly observed: Pick<Observed, 'containers' | 'others'> | undefined;
  /** Ends one, with the looks right before that a step of a plan takes. */
  end(orphan: Reclaim, signal: AbortSignal): Promise<Ended>;
}

const lookMs = 10_000;

/**
 * The processes that hold ports of the stack, live in no container and are named by a rule. Also where the engine does not run, as before
 * it starts at boot: then a process that ever was in a container is left alone.
 */
export async function lookForOrphans(invocation: Invocation): Promise<Result<FoundOrphans, readonly Problem[]>> {
  if (invocation.flags.noEngine) return withoutEngine(invocation);
  const opened = await openStack(invocation);
  if (opened.ok) return withEngine(opened.value, invocation);
  const isDown = opened.error.length > 0 && opened.error.every(({ code }) => code === 'engine-not-running');
  return isDown ? withoutEngine(invocation) : opened;
}

async function withEngine(opened: OpenStack, invocation: Invocation): Promise<Result<FoundOrphans, readonly Problem[]>> {
  const { stack, platform } = opened.setup;
  const { desired } = stack;
  const observed = await lookAtStack(opened, invocation);
  if (!observed.ok) return observed;
  const found = foundIn(desired, observed.value);
  return ok({
    ...found,
    unclear: [],
    end: (orphan, signal) => endHolder(endArgs(orphan), { ...platform, signal }),
  });
}

async function withoutEngine(invocation: Invocation): Promise<Result<FoundOrphans, readonly Problem[]>> {
  const choice = await chooseStack(invocation);
  if (!choice.ok) return choice;
  const read = await readStack({ vaultKey: randomBytes(16).toString('hex'), ...choice.value.stack });
  if (!read.ok) return fail(read.error);
  const { desired, vault } = read.value;
  const host = linuxHost();
  const listeners = await observeHost(desired, { host, vault }, anySignal([invocation.cancel, AbortSignal.timeout(lookMs)]));
  const found = foundIn(desired, { containers: {}, others: {}, listeners });
  const isClear = ({ process }: Reclaim): boolean => process.containerId === undefined;
  return ok({
    ...found,
    observed: undefined,
    orphans: found.orphans.filter(isClear),
    unclear: found.orphans.filter((each) => !isClear(each)),
    end: (orphan, signal) => host.endProcess(endArgs(orphan), signal),
  });
}

function foundIn(desired: Desired, observed: PortsSeen): Omit<FoundOrphans, 'unclear' | 'end'> {
  const services = Object.values(desired.services);
  return {
    stack: desired.stack,
    orphans: orphanProcesses(services, { desired, observed }),
    doubts: portDoubts(services, { desired, observed }),
    hasRules: desired.ports.reclaim.length > 0,
    observed,
  };
}
