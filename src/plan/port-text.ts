import type { Port } from '../model/settings.ts';

/** A port in Compose's short form: "127.0.0.1:8080:80/tcp". */
export function portText({ host_ip, published, target, protocol }: Port): string {
  const ip = host_ip.includes(':') ? `[${host_ip}]` : host_ip;
  return `${ip ? `${ip}:` : ''}${published ? `${published}:` : ''}${target}/${protocol}`;
}

/** Whether two ports want the same socket of the host: same port and protocol, and addresses that overlap. */
export function collide(left: HostSocket, right: HostSocket): boolean {
  return (
    left.port === right.port &&
    left.protocol === right.protocol &&
    (isWildcard(left.address) || isWildcard(right.address) || left.address === right.address)
  );
}

export interface HostSocket {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
}

/** The host socket that a published port wants; undefined when the engine may choose (a range, or none). */
export function socketOf({ published, host_ip, protocol }: Port): HostSocket | undefined {
  return /^\d+$/.test(published) ? { protocol, address: host_ip, port: Number(published) } : undefined;
}

/** A listener on :: takes IPv4 as well on Linux (bindv6only=0), and the engine listens on both. */
const isWildcard = (address: string): boolean => ['', '0.0.0.0', '::', '*'].includes(address);
