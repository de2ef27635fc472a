import { isLive } from '../model/is-live.ts';
import type { HostProcess, Listener } from '../model/listener.ts';
import type { Observed, OtherContainer, SeenContainer } from '../model/observed.ts';
import { collide, socketOf, type HostSocket } from '../model/host-socket.ts';

/** Who has a port of the host. */
export type PortHolder =
  /** A container of this stack: by publishing it, or by a program that listens on the host's network. */
  | {
      readonly kind: 'own';
      readonly container: SeenContainer;
      /** Started before the container was: a process of an earlier run of it, which the engine has lost. */
      readonly former?: HostProcess;
    }
  | { readonly kind: 'container'; readonly container: OtherContainer }
  /** A part of the engine, though no container publishes the port. */
  | { readonly kind: 'engine'; readonly process: HostProcess }
  /** Processes of the host, the first of them in front. */
  | { readonly kind: 'process'; readonly listeners: readonly Listener[]; readonly processes: readonly [HostProcess, ...HostProcess[]] }
  /** A process that this user may not look at. */
  | { readonly kind: 'hidden'; readonly listener: Listener };

/** What has to be seen to know who holds a port. */
export type PortsSeen = Pick<Observed, 'containers' | 'others' | 'listeners' | 'portsUnseen'>;

/** Who has that socket, or one in its way; undefined: nobody. */
export function holderOf(socket: HostSocket, observed: PortsSeen): PortHolder | undefined {
  const other = Object.values(observed.others).find(({ running, ports }) => running && ports.some((port) => meets(port, socket)));
  if (other) return { kind: 'container', container: other };
  const own = Object.values(observed.containers).find(
    ({ settings, state }) => ['running', 'paused'].includes(state.status) && (settings.ports ?? []).some((port) => meets(port, socket)),
  );
  if (own) return { kind: 'own', container: own };
  const listeners = observed.listeners.filter((each) => collide(each, socket));
  return listeners.length > 0 ? holderOfListeners(listeners, observed) : undefined;
}

const meets = (port: Parameters<typeof socketOf>[0], socket: HostSocket): boolean => {
  const held = socketOf(port);
  return held !== undefined && collide(held, socket);
};

function holderOfListeners(listeners: readonly Listener[], observed: PortsSeen): PortHolder {
  const processes = listeners.flatMap(({ holders }) => holders);
  const contained = processes.flatMap((process) => liveContainer(process, observed) ?? [])[0];
  if (contained) return contained;
  const part = processes.find(({ ofEngine }) => ofEngine);
  if (part) return { kind: 'engine', process: part };
  const hidden = listeners.find(({ holders }) => holders.length === 0);
  const [first, ...rest] = processes.filter(({ pid }, i) => processes.findIndex((each) => each.pid === pid) === i);
  if (hidden || !first) return { kind: 'hidden', listener: hidden ?? listeners[0]! };
  return { kind: 'process', listeners, processes: [first, ...rest] };
}

/** The container that runs now and in which a process lives: its cgroup says so. What outlived its container is in none. */
function liveContainer(process: HostProcess, { containers, others }: PortsSeen): PortHolder | undefined {
  const { containerId } = process;
  const own = Object.values(containers).find(({ id, state }) => id === containerId && isLive(state.status));
  if (own) return { kind: 'own', container: own, ...(isBefore(process, own) && { former: process }) };
  const other = Object.values(others).find(({ id, running }) => id === containerId && running);
  return other && { kind: 'container', container: other };
}

/** The clock of the boot has whole seconds. */
const slackMs = 2000;

const isBefore = ({ startedAt }: HostProcess, { state }: SeenContainer): boolean =>
  Date.parse(startedAt) + slackMs < Date.parse(state.startedAt);
