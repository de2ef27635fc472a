import { hostSockets, type HostSocket } from '../model/host-socket.ts';
import type { SeenContainer } from '../model/observed.ts';
import type { PortsSeen } from './port-holder.ts';

/**
 * The sockets of the host that a container of this stack has: those that it says it takes, and those on which one of its processes was seen
 * to listen: what a probe of `x-stack.ready` declared when it was made stands nowhere on it.
 */
export function heldSockets({ id, settings }: SeenContainer, { containers, listeners }: PortsSeen): HostSocket[] {
  const peer = Object.values(containers).find(({ service }) => settings.network_mode === `service:${service}`);
  return [
    ...hostSockets(peer?.settings.network_mode === 'host' ? { ...settings, network_mode: 'host' } : settings),
    ...listeners.filter(({ holders }) => holders.some(({ containerId }) => containerId === id)),
  ];
}
