import { collide, hostSockets } from '../model/host-socket.ts';
import type { Part } from './weave.ts';

export interface Takeovers {
  /** Changes whose container must be out of the way before this one's can start. */
  readonly takenFrom: readonly Part[];
  /** Whether some other change waits for this one to let go. */
  readonly givesTo: boolean;
}

/** Who takes over a host port or a name from whom: ports that move between services, swaps and rings. */
export function takeovers(part: Part, parts: readonly Part[]): Takeovers {
  const others = parts.filter((other) => other !== part);
  return {
    takenFrom: others.filter((other) => takesOver(part, other)),
    givesTo: others.some((other) => takesOver(other, part)),
  };
}

function takesOver({ change: taker }: Part, { change: giver }: Part): boolean {
  if (taker.of !== 'container' || taker.verb === 'remove' || giver.of !== 'container' || giver.verb === 'create') return false;
  const { service, replica } = taker.want;
  const sockets = hostSockets(giver.have.settings);
  return replica.name === giver.have.name || hostSockets(service.settings).some((wanted) => sockets.some((held) => collide(wanted, held)));
}
