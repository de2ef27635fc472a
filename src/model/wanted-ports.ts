import { get } from '../lib/record.ts';
import type { Desired, Probe, ServiceSpec } from './desired.ts';
import type { Place } from './problem.ts';
import { exposedSocket, portText, socketOf, type HostSocket } from './host-socket.ts';

/** A port of the host that a service wants. */
export interface WantedPort {
  readonly service: ServiceSpec;
  readonly socket: HostSocket;
  /** As it is declared: "8080:80/tcp", "expose 8091/tcp". */
  readonly text: string;
  /** The engine listens for it, or, on the host's own network, its program does. */
  readonly by: 'engine' | 'program';
  readonly at?: Place;
}

type Declaring = Pick<Desired, 'services' | 'places'>;

/** The host ports that services publish, and those that they declare (`expose`, `x-stack.ready`) while they use the host's network. */
export function wantedPorts(services: readonly ServiceSpec[], desired: Declaring): WantedPort[] {
  return services.flatMap((service) =>
    usesHostNetwork(service, desired) ? declaredPorts(service, desired) : publishedPorts(service, desired),
  );
}

function publishedPorts(service: ServiceSpec, { places }: Declaring): WantedPort[] {
  return (service.settings.ports ?? []).flatMap((port, i): WantedPort[] => {
    const socket = socketOf(port);
    const path = `services.${service.name}.ports`;
    const at = get(places, `${path}.${portText(port)}`) ?? get(places, `${path}.${i}`) ?? get(places, path);
    return socket ? [{ service, socket, text: portText(port), by: 'engine', ...(at && { at }) }] : [];
  });
}

/** Its own, or that of the service whose network it shares. */
function usesHostNetwork({ settings }: ServiceSpec, desired: Declaring): boolean {
  const { network_mode: mode = '' } = settings;
  const peer = mode.startsWith('service:') ? get(desired.services, mode.slice('service:'.length)) : undefined;
  return mode === 'host' || (peer !== undefined && usesHostNetwork(peer, desired));
}

/** A port that both `expose` and a probe name is wanted once. */
function declaredPorts(service: ServiceSpec, { places }: Declaring): WantedPort[] {
  const wanted = (path: 'expose' | 'x-stack.ready', sockets: readonly HostSocket[]): WantedPort[] => {
    const at = get(places, `services.${service.name}.${path}`) ?? get(places, `services.${service.name}.${path}.0`);
    return sockets.map((socket) => ({
      service,
      socket,
      text: `${path}: ${socket.port}/${socket.protocol}`,
      by: 'program',
      ...(at && { at }),
    }));
  };
  const exposed = (service.settings.expose ?? []).map(exposedSocket);
  const probed = service.ready.flatMap((probe) => probedSocket(probe) ?? []);
  const isExposed = ({ port, protocol }: HostSocket): boolean => exposed.some((each) => each.port === port && each.protocol === protocol);
  const alone = probed.filter((socket, i) => !isExposed(socket) && probed.findIndex(({ port }) => port === socket.port) === i);
  return [...wanted('expose', exposed), ...wanted('x-stack.ready', alone)];
}

/** A probe goes out from the engine's host: where it asks that host itself, the port is one of its own. */
function probedSocket(probe: Probe): HostSocket | undefined {
  if (probe.kind === 'tcp') return isOwn(probe.host) ? { protocol: 'tcp', address: '', port: probe.port } : undefined;
  if (probe.kind !== 'http') return undefined;
  const { hostname, port, protocol } = new URL(probe.url);
  return isOwn(hostname) ? { protocol: 'tcp', address: '', port: Number(port || (protocol === 'https:' ? 443 : 80)) } : undefined;
}

const isOwn = (host: string): boolean => /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?|0\.0\.0\.0)$/.test(host);
