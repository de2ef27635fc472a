import type { HostProcess } from '../model/listener.ts';
import type { Ended } from '../platform/host.ts';
import type { World } from './define.ts';

export interface EndArgs {
  readonly process: Pick<HostProcess, 'pid' | 'startTicks' | 'executable' | 'command' | 'user' | 'containerId'>;
  /** The sockets of the stack's ports that it holds, by their inodes. */
  readonly inodes: readonly string[];
  /** The ports, for people: "8091/tcp". */
  readonly ports: readonly string[];
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs: number;
  /** The glob of the rule that names it. */
  readonly rule: string;
}

/** Ends a process that holds a port, unless it lives in a container that runs now. The host looks once more right before each signal. */
export async function endHolder(
  { process, inodes, graceMs }: EndArgs,
  { engine, host, signal }: Pick<World, 'engine' | 'host' | 'signal'>,
): Promise<Ended> {
  const { pid, containerId } = process;
  if (containerId !== undefined) {
    const state = Object.values(await engine.states([containerId], signal))[0];
    if (state && live.has(state.status)) return { why: `process ${pid} runs in container ${containerId.slice(0, 12)}, and is not ended` };
  }
  return host.endProcess({ process, inodes, graceMs }, signal);
}

/** One that is being started again and again may own processes at any moment. */
const live: ReadonlySet<string> = new Set(['running', 'paused', 'restarting', 'removing']);
