import { get } from '../lib/record.ts';
import type { ServiceSpec } from '../model/desired.ts';
import type { HostProcess, Listener, Observed } from '../model/observed.ts';
import type { Place, Problem } from '../model/problem.ts';
import type { Sides } from './diff.ts';
import { collide, portText, socketOf, type HostSocket } from './port-text.ts';

interface Wanted {
  readonly service: ServiceSpec;
  readonly socket: HostSocket;
  readonly text: string;
  readonly at?: Place;
}

/** Host ports that two services want, or that somebody outside the stack holds; at the place where the port is declared. */
export function portProblems(services: readonly ServiceSpec[], sides: Sides): Problem[] {
  const wanted = services.flatMap((service) => wantedBy(service, sides));
  return wanted.flatMap((port, i): Problem[] => {
    const twin = wanted.slice(0, i).find((other) => collide(other.socket, port.socket));
    if (twin) return [twice(port, twin)];
    if (port.service.replicas.length > 1) return [tooMany(port)];
    const holder = holderOf(port.socket, sides.observed);
    return holder ? [held(port, holder)] : [];
  });
}

function wantedBy(service: ServiceSpec, { desired }: Sides): Wanted[] {
  return (service.settings.ports ?? []).flatMap((port, i) => {
    const socket = socketOf(port);
    const path = `services.${service.name}.ports`;
    const at = get(desired.places, `${path}.${portText(port)}`) ?? get(desired.places, `${path}.${i}`) ?? get(desired.places, path);
    return socket ? [{ service, socket, text: portText(port), ...(at && { at }) }] : [];
  });
}

interface Holder {
  readonly who: string;
  readonly hint: string;
}

/** Undefined: nobody, or a container of this stack (the plan stops it first, or it is the one that wants it). */
function holderOf(socket: HostSocket, observed: Observed): Holder | undefined {
  const other = Object.values(observed.others).find(({ running, ports }) => running && ports.some((port) => meets(port, socket)));
  if (other) {
    const owner = other.stack ? `stack ${other.stack}` : 'no stack';
    return {
      who: `container ${other.name} (${other.id.slice(0, 12)}, of ${owner})`,
      hint: `stop that container (docker stop ${other.name}), or publish another port`,
    };
  }
  const ours = Object.values(observed.containers).some(
    ({ settings, state }) => state.status === 'running' && (settings.ports ?? []).some((port) => meets(port, socket)),
  );
  if (ours) return undefined;
  const listener = observed.listeners.find((each) => collide(each, socket));
  return listener && !isOurs(listener, observed) ? { who: listenerText(listener), hint: listenerHint(listener) } : undefined;
}

const meets = (port: Parameters<typeof socketOf>[0], socket: HostSocket): boolean => {
  const held = socketOf(port);
  return held !== undefined && collide(held, socket);
};

/** A container of this stack that uses the host's network. */
const isOurs = ({ process }: Listener, { containers }: Observed): boolean =>
  process?.containerId !== undefined && Object.values(containers).some(({ id }) => id === process.containerId);

function listenerText({ process }: Listener): string {
  if (!process) return 'a process that this user may not look at';
  if (process.proxy) return `the engine's own proxy (process ${process.pid}), though no container publishes the port`;
  return `process ${process.pid} of ${process.user}: ${process.command}${sinceText(process)}`;
}

const sinceText = ({ startedAt, unit }: HostProcess): string => ` (since ${startedAt}${unit ? `, unit ${unit}` : ''})`;

function listenerHint({ process }: Listener): string {
  if (!process) return 'run as root to see which one it is, or publish another port';
  if (process.proxy) return 'restart the engine, which has lost track of it, or publish another port';
  return process.unit ? `stop it (systemctl stop ${process.unit}), or publish another port` : `stop it, or publish another port`;
}

function held({ socket, service, text, at }: Wanted, { who, hint }: Holder): Problem {
  return {
    code: 'port-taken',
    severity: 'error',
    message: `port ${socket.port}/${socket.protocol}, which ${service.name} publishes (${text}), is held by ${who}`,
    ...(at && { at }),
    hint,
  };
}

function twice({ socket, service, at }: Wanted, twin: Wanted): Problem {
  const who = twin.service === service ? `${service.name} twice` : `both ${twin.service.name} and ${service.name}`;
  return {
    code: 'port-twice',
    severity: 'error',
    message: `port ${socket.port}/${socket.protocol} is published by ${who}`,
    ...(at && { at }),
    hint: 'give one of them another port',
  };
}

function tooMany({ socket, service, at }: Wanted): Problem {
  return {
    code: 'port-of-replicas',
    severity: 'error',
    message: `${service.name} has ${service.replicas.length} replicas, but only one of them can have port ${socket.port}/${socket.protocol}`,
    ...(at && { at }),
    hint: 'publish a range such as "8000-8010:80", or only the container port',
  };
}
