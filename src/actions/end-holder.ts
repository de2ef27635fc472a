import { collide } from '../model/host-socket.ts';
import { isLive } from '../model/is-live.ts';
import type { HostProcess, Listener } from '../model/listener.ts';
import type { Ended, HostPort } from '../platform/host.ts';
import type { World } from './define.ts';

export interface EndArgs {
  readonly process: Pick<HostProcess, 'pid' | 'startTicks' | 'executable' | 'command' | 'commandHash' | 'user' | 'containerId'>;
  /** The sockets of the stack's ports that it holds, by their inodes. */
  readonly inodes: readonly string[];
  readonly sockets: readonly { readonly protocol: string; readonly address: string; readonly port: number }[];
  /** Others that hold a socket of it too, and are ended by steps of their own. */
  readonly siblings: readonly number[];
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs: number;
  /** The glob of the rule that names it. */
  readonly rule: string;
}

/**
 * Ends a process that holds a port, unless it lives in a container that runs now. The host looks once more right before each signal; and at
 * the ports when it is over: what keeps a service alive may have started it again.
 */
export async function endHolder(
  { process, inodes, sockets, siblings, graceMs }: EndArgs,
  { engine, host, signal }: Pick<World, 'engine' | 'host' | 'signal'>,
): Promise<Ended> {
  const { pid, containerId } = process;
  if (containerId !== undefined) {
    const state = Object.values(await engine.states([containerId], signal))[0];
    if (state && isLive(state.status)) return { why: `process ${pid} runs in container ${containerId.slice(0, 12)}, and is not ended` };
  }
  const ended = await host.endProcess({ process, inodes, siblings, graceMs }, signal);
  if ('why' in ended || siblings.length > 0) return ended;
  const ports = sockets.flatMap(({ protocol, port }): HostPort[] => (protocol === 'tcp' || protocol === 'udp' ? [{ protocol, port }] : []));
  const again = (await host.listeners(ports, signal)).find((listener) => sockets.some((socket) => collide(listener, socket)));
  return again ? { why: againText(again) } : ended;
}

function againText({ port, protocol, holders: [holder] }: Listener): string {
  const who = holder ? `process ${holder.pid} of ${holder.user} (${holder.executable})` : 'somebody';
  const unit = holder?.unit ? `, of unit ${holder.unit.name}: stop that first` : '';
  return `port ${port}/${protocol} was taken again at once by ${who}${unit}`;
}
