import { collide } from '../model/host-socket.ts';
import { wantedPorts } from '../model/wanted-ports.ts';
import type { Sides } from './diff.ts';
import { heldSockets } from './held-sockets.ts';
import type { Part } from './weave.ts';

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
    takenFrom: others.filter((giver) => takesOver({ taker: part, giver }, sides)),
    givesTo: others.some((taker) => takesOver({ taker, giver: part }, sides)),
  };
}

function takesOver({ taker, giver }: { readonly taker: Part; readonly giver: Part }, { desired, observed }: Sides): boolean {
  if (giver.recipe.letGo.length === 0 || !taker.service || taker.change.of !== 'container' || !('want' in taker.change)) return false;
  const { change } = giver;
  if (change.of !== 'container' || !('have' in change)) return false;
  const sameName = taker.change.want.replica.name === change.have.name;
  const sockets = heldSockets(change.have, observed);
  return sameName || wantedPorts([taker.service], desired).some(({ socket }) => sockets.some((held) => collide(socket, held)));
}
