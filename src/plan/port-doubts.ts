import type { Desired, ServiceSpec } from '../model/desired.ts';
import { wantedPorts } from '../model/wanted-ports.ts';
import { holderText } from './port-holder-text.ts';
import { holderOf, type PortsSeen } from './port-holder.ts';

interface Looked {
  readonly desired: Pick<Desired, 'services' | 'places'>;
  readonly observed: PortsSeen;
}

/** Why it cannot be said that no process holds a port of the stack which a rule would name: nobody could look, or not at that one. */
export function portDoubts(services: readonly ServiceSpec[], { desired, observed }: Looked): string[] {
  if (observed.portsUnseen !== undefined) return [`whether others hold ports of the stack cannot be seen: ${observed.portsUnseen}`];
  const doubts = wantedPorts(services, desired).flatMap(({ socket, service }) => {
    const holder = holderOf(socket, observed);
    const held = `port ${socket.port}/${socket.protocol}, which ${service.name} wants, is held by`;
    if (holder?.kind === 'hidden' && holder.listener.noProcess !== 'kernel') return [`${held} ${holderText(holder, observed)}`];
    const isPartly = holder?.kind === 'process' && holder.listeners.some(({ partly }) => partly);
    return isPartly ? [`${held} ${holderText(holder, observed)}, and maybe by others that this user may not look at`] : [];
  });
  return [...new Set(doubts)];
}
