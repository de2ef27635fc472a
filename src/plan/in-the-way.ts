import { values } from '../lib/record.ts';
import type { Change, ContainerChange } from '../model/change.ts';
import type { SeenContainer } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';
import type { Sides } from './diff.ts';
import { collide } from '../model/host-socket.ts';
import { wantedPorts } from '../model/wanted-ports.ts';
import { heldSockets } from './held-sockets.ts';
import { place } from './place.ts';

type Arrival = Exclude<ContainerChange, { readonly verb: 'remove' }>;

/** Containers of this stack that the plan leaves where they are, though what it starts needs their name or their host port. */
export function inTheWay(changes: readonly Change[], sides: Sides): Problem[] {
  const moves = new Map(
    changes.flatMap((change) => (change.of === 'container' && 'have' in change ? [[change.have.id, change] as const] : [])),
  );
  const all = values(sides.observed.containers);
  const keepName = all.filter(({ id }) => !leavesName(moves.get(id)));
  const keepPorts = all.filter(
    ({ id, state }) => !leavesPorts(moves.get(id)) && ['running', 'paused', 'restarting'].includes(state.status),
  );
  return changes.flatMap((change): Problem[] => {
    if (change.of !== 'container' || change.verb === 'remove') return [];
    const others = (some: readonly SeenContainer[]): SeenContainer[] =>
      some.filter(({ id }) => change.verb === 'create' || id !== change.have.id);
    return [...takenName(change, others(keepName), sides), ...takenPorts(change, others(keepPorts), sides)];
  });
}

const leavesName = (change: ContainerChange | undefined): boolean =>
  leavesPorts(change) || (change?.verb === 'update' && change.fields.some(({ mend }) => mend === 'rename'));

const leavesPorts = (change: ContainerChange | undefined): boolean => change?.verb === 'replace' || change?.verb === 'remove';

function takenName({ want: { service, replica } }: Arrival, others: readonly SeenContainer[], { desired }: Sides): Problem[] {
  const holder = others.find(({ name }) => name === replica.name);
  if (!holder) return [];
  return [
    {
      code: 'name-taken',
      severity: 'error',
      message: `the container name ${replica.name} is taken by a container of this stack's service ${holder.service}, which this plan leaves as it is`,
      ...place(desired, `services.${service.name}`),
      hint: 'remove or rename that container, or let this plan include its service',
    },
  ];
}

function takenPorts({ want: { service } }: Arrival, others: readonly SeenContainer[], { desired, observed }: Sides): Problem[] {
  return wantedPorts([service], desired).flatMap(({ socket, by, at }): Problem[] => {
    const holder = others.find((each) => heldSockets(each, observed).some((held) => collide(held, socket)));
    if (!holder) return [];
    return [
      {
        code: 'port-taken',
        severity: 'error',
        message: `port ${socket.port}/${socket.protocol}, which ${service.name} ${by === 'engine' ? 'publishes' : 'declares'}, is held by container ${holder.name} of this stack, which this plan leaves as it is`,
        ...(at && { at }),
        hint: `stop that container, or let this plan include its service ${holder.service}`,
      },
    ];
  });
}
