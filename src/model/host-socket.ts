import { shortAddress } from '../lib/ip-address.ts';
import type { Port, Settings } from './settings.ts';

/** A port in Compose's short form: "127.0.0.1:8080:80/tcp". */
export function portText({ host_ip, published, target, protocol }: Port): string {
  const ip = host_ip.includes(':') ? `[${host_ip}]` : host_ip;
  return `${ip ? `${ip}:` : ''}${published ? `${published}:` : ''}${target}/${protocol}`;
}

export interface HostSocket {
  readonly protocol: string;
  /** Empty: every address, of IPv4 and of IPv6. */
  readonly address: string;
  readonly port: number;
  /** With the address "::": not those of IPv4. */
  readonly onlyIpv6?: boolean;
}

/** The host socket that a published port wants; undefined when the engine may choose (a range, or none). */
export function socketOf({ published, host_ip, protocol }: Port): HostSocket | undefined {
  // Engines open "::" for IPv6 alone: IPv4 has a socket of its own
  const onlyIpv6 = shortAddress(host_ip) === '::' ? { onlyIpv6: true } : {};
  return /^\d+$/.test(published) ? { protocol, address: host_ip, port: Number(published), ...onlyIpv6 } : undefined;
}

/** The sockets of the host that a container takes, as far as it says: what it publishes, or, on the host's own network, what it exposes. */
export function hostSockets({ ports = [], network_mode, expose = [] }: Pick<Settings, 'ports' | 'network_mode' | 'expose'>): HostSocket[] {
  return network_mode === 'host' ? expose.map(exposedSocket) : ports.flatMap((port) => socketOf(port) ?? []);
}

/** "8091/tcp". On which addresses a program will listen is not declared: any of them. */
export function exposedSocket(text: string): HostSocket {
  const [port = '', protocol = 'tcp'] = text.split('/');
  return { protocol, address: '', port: Number(port) };
}

/** Whether two sockets cannot be open at once: the same port and protocol, and addresses that overlap in a family. */
export function collide(left: HostSocket, right: HostSocket): boolean {
  if (left.port !== right.port || left.protocol !== right.protocol) return false;
  return (['ipv4', 'ipv6'] as const).some((family) => {
    const [one, other] = [addressIn(family, left), addressIn(family, right)];
    return one !== undefined && other !== undefined && (one === any || other === any || one === other);
  });
}

const any = 'any';

/** What a socket takes of a family: one address, any, or nothing. A socket on :: takes IPv4 as well unless it was told not to (ipv6(7)). */
function addressIn(family: 'ipv4' | 'ipv6', { address, onlyIpv6 = false }: HostSocket): string | undefined {
  const short = shortAddress(address);
  if (short === '' || short === '*') return any;
  if (short === '::') return family === 'ipv6' || !onlyIpv6 ? any : undefined;
  if (short.includes(':') !== (family === 'ipv6')) return undefined;
  return short === '0.0.0.0' ? any : short;
}
