import type { ServiceSpec } from '../model/desired.ts';
import type { Problem } from '../model/problem.ts';
import type { Sides } from './diff.ts';
import { holderText, waysOut } from './port-holder-text.ts';
import { holderOf, type PortHolder } from './port-holder.ts';
import { collide } from '../model/host-socket.ts';
import { rulesFor } from './reclaims.ts';
import { wantedPorts, type WantedPort } from '../model/wanted-ports.ts';

/** Host ports that two services want, or that somebody outside the stack holds; at the place where the port is declared. */
export function portProblems(services: readonly ServiceSpec[], sides: Sides): Problem[] {
  const wanted = wantedPorts(services, sides.desired);
  return [
    ...unseen(sides),
    ...wanted.flatMap((port, i): Problem[] => {
      const twin = wanted.slice(0, i).find((other) => collide(other.socket, port.socket));
      if (twin) return [twice(port, twin)];
      if (port.service.replicas.length > 1) return [tooMany(port)];
      const holder = holderOf(port.socket, sides.observed);
      const isFine = !holder || holder.kind === 'own' || mayBeOwn(port, holder, sides) || isReclaimed(holder, sides);
      return isFine ? [] : [held(port, holder, sides)];
    }),
  ];
}

/** Of little use to know, unless the stack counts on it that its ports are freed. */
function unseen({ desired, observed }: Sides): Problem[] {
  if (observed.portsUnseen === undefined || desired.ports.onConflict !== 'reclaim') return [];
  return [
    {
      code: 'ports-unseen',
      severity: 'warning',
      message: `whether others hold its ports cannot be seen, and nothing is ended for them (x-stack.ports): ${observed.portsUnseen}`,
      hint: 'run stackctl on the host whose ports the engine opens, outside any container',
    },
  ];
}

/** On the host's network this user cannot see whose socket it is; that the service runs and wants it is the likely answer. */
const mayBeOwn = ({ service, by }: WantedPort, { kind }: PortHolder, { observed }: Sides): boolean =>
  kind === 'hidden' &&
  by === 'program' &&
  Object.values(observed.containers).some((each) => each.service === service.name && each.state.status === 'running');

/** Then the plan has a step for it. */
function isReclaimed(holder: PortHolder, { desired }: Sides): boolean {
  const { onConflict, reclaim } = desired.ports;
  return onConflict === 'reclaim' && holder.kind === 'process' && rulesFor(holder, reclaim) !== undefined;
}

function held({ socket, service, text, by, at }: WantedPort, holder: PortHolder, sides: Sides): Problem {
  const verb = by === 'engine' ? 'publishes' : 'declares';
  return {
    code: 'port-taken',
    severity: 'error',
    message: `port ${socket.port}/${socket.protocol}, which ${service.name} ${verb} (${text}), is held by ${holderText(holder, sides.observed)}`,
    ...(at && { at }),
    hint: waysOut(holder, sides.desired),
  };
}

function twice({ socket, service, at }: WantedPort, twin: WantedPort): Problem {
  const who = twin.service === service ? `${service.name} twice` : `both ${twin.service.name} and ${service.name}`;
  return {
    code: 'port-twice',
    severity: 'error',
    message: `port ${socket.port}/${socket.protocol} is ${twin.by === 'engine' ? 'published' : 'declared'} by ${who}`,
    ...(at && { at }),
    hint: 'give one of them another port',
  };
}

function tooMany({ socket, service, at }: WantedPort): Problem {
  return {
    code: 'port-of-replicas',
    severity: 'error',
    message: `${service.name} has ${service.replicas.length} replicas, but only one of them can have port ${socket.port}/${socket.protocol}`,
    ...(at && { at }),
    hint: 'publish a range such as "8000-8010:80", or only the container port',
  };
}
