import type { Change } from '../model/change.ts';
import { collide } from '../model/host-socket.ts';
import { wantedPorts } from '../model/wanted-ports.ts';
import type { Sides } from './diff.ts';
import { heldSockets } from './held-sockets.ts';
import type { Part } from './part.ts';

export interface Takeovers {
  /** Changes whose container must be out of the way before this one's can start. */
  readonly takenFrom: readonly Part[];
  /** Whether some other change waits for this one to let go. */
  readonly givesTo: boolean;
}

/** Who takes over a host port or a name from whom: ports that move between services, swaps and rings. */
export function takeovers(part: Part, parts: readonly Part[], sides: Sides): Takeovers {
  const others = parts.filter((other) => other !== part);
  return {
    takenFrom: others.filter((giver) => takesOver({ taker: part.change, giver: giver.change }, sides)),
    givesTo: others.some((taker) => takesOver({ taker: taker.change, giver: part.change }, sides)),
  };
}

function takesOver({ taker, giver }: { readonly taker: Change; readonly giver: Change }, { desired, observed }: Sides): boolean {
  if (taker.of !== 'container' || taker.verb === 'remove' || giver.of !== 'container' || giver.verb === 'create') return false;
  const { service, replica } = taker.want;
  const sockets = heldSockets(giver.have, observed);
  const sameName = replica.name === giver.have.name;
  return sameName || wantedPorts([service], desired).some(({ socket }) => sockets.some((held) => collide(socket, held)));
}
