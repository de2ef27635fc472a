import type { Probe } from '../model/desired.ts';
import { socketOf, type HostSocket } from '../model/host-socket.ts';
import { servicesOf, type Linted, type LintedService } from './linted.ts';

/** A port of the host that a service wants. */
export interface HostPort {
  readonly service: string;
  readonly socket: HostSocket;
  readonly profiles: readonly string[];
  /** How many containers want it. */
  readonly replicas: number;
  /** Where that is declared. */
  readonly path: readonly string[];
}

/** The ports of the host that a stack wants: published, or named by the probe of a service on the network of the host. */
export const hostPorts = (stack: Pick<Linted, 'desired' | 'declared'>): HostPort[] =>
  servicesOf(stack).flatMap((service) => (service.spec.settings.network_mode === 'host' ? probed(service) : published(service)));

const common = ({ name, said, spec }: LintedService) => ({ service: name, profiles: said.profiles ?? [], replicas: spec.replicas.length });

const published = (service: LintedService): HostPort[] =>
  (service.said.ports ?? []).flatMap(({ published: text = '', host_ip = '', target, protocol }, i) => {
    const socket = socketOf({ published: text, host_ip, target, protocol });
    return socket ? [{ ...common(service), socket, path: ['services', service.name, 'ports', String(i)] }] : [];
  });

const probed = (service: LintedService): HostPort[] =>
  service.spec.ready.flatMap((probe) => {
    const socket = ownSocket(probe);
    return socket ? [{ ...common(service), socket, path: ['services', service.name, 'x-stack', 'ready'] }] : [];
  });

/** What a probe of this very machine connects to. */
function ownSocket(probe: Probe): HostSocket | undefined {
  const [host, port] =
    probe.kind === 'tcp' ? [probe.host, probe.port] : probe.kind === 'http' ? addressOf(new URL(probe.url)) : ['', undefined];
  if (port === undefined || !['127.0.0.1', 'localhost', '::1', '[::1]'].includes(host)) return undefined;
  return { protocol: 'tcp', address: '', port };
}

const addressOf = ({ hostname, port, protocol }: URL): readonly [string, number] => [
  hostname,
  port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
];
