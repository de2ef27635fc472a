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

function takesOver(taker: Part, giver: Part): boolean {
  if (giver.recipe.letGo.length === 0 || !taker.service || taker.change.of !== 'container' || !('want' in taker.change)) return false;
  const { change } = giver;
  if (change.of !== 'container' || !('have' in change)) return false;
  const sameName = taker.change.want.replica.name === change.have.name;
  const sockets = hostSockets(change.have.settings);
  return sameName || hostSockets(taker.service.settings).some((wanted) => sockets.some((held) => collide(wanted, held)));
}
