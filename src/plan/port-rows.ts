import { wantedPorts, type WantedPort } from '../model/wanted-ports.ts';
import type { Sides } from './diff.ts';
import { holderOf, type PortHolder } from './port-holder.ts';
import { rulesFor } from './reclaims.ts';
import { selectedServices } from './services.ts';

/** A host port of the stack, and who has it. */
export interface PortRow {
  readonly wanted: WantedPort;
  readonly holder?: PortHolder;
  readonly state: PortState;
}

/**
 * "free": nobody has it. "unknown": it cannot be seen from here. "held": its own service has it. "moves": another service of the stack has it. "reclaimable": a process has it
 * that a rule lets be ended. "taken": somebody else has it.
 */
export type PortState = 'free' | 'unknown' | 'held' | 'moves' | 'reclaimable' | 'taken';

/** Every fixed host port of the selected services, in their order. */
export function portRows(sides: Sides): PortRow[] {
  const services = selectedServices(sides.desired, sides.options);
  return wantedPorts(services, sides.desired).map((wanted) => {
    const holder = holderOf(wanted.socket, sides.observed);
    return { wanted, ...(holder && { holder }), state: stateOf(wanted, holder, sides) };
  });
}

function stateOf({ service, socket }: WantedPort, holder: PortHolder | undefined, { desired, observed }: Sides): PortState {
  if (!holder) return observed.portsUnseen === undefined && socket.protocol !== 'sctp' ? 'free' : 'unknown';
  if (holder.kind === 'own') return holder.container.service === service.name ? 'held' : 'moves';
  return holder.kind === 'process' && rulesFor(holder, desired.ports.reclaim) ? 'reclaimable' : 'taken';
}
