import { collide, type HostSocket } from '../model/host-socket.ts';

/** A socket that systemd holds for one of its units. */
export interface SocketUnit {
  readonly unit: string;
  readonly socket: HostSocket;
}

/** Asks the systemd of the machine; empty where there is none. */
export async function askSocketUnits(signal: AbortSignal): Promise<SocketUnit[]> {
  const { execa } = await import('execa'); // only here, so that no other start pays for it
  const words = ['list-sockets', '--show-types', '--no-legend', '--plain', '--no-pager', '--full'];
  const result = await execa('systemctl', words, { reject: false, timeout: 5000, cancelSignal: signal });
  return result.failed ? [] : result.stdout.split('\n').flatMap(socketUnit);
}

/** `[::]:22 Stream ssh.socket ssh.service`; those that are no ports of the host, such as files, give nothing. */
export function socketUnit(line: string): SocketUnit[] {
  const [, address = '', port = '', type = '', unit = ''] = /^(\S*):(\d+)\s+(Stream|Datagram)\s+(\S+\.socket)\b/.exec(line.trim()) ?? [];
  return unit === '' ? [] : [{ unit, socket: { protocol: type === 'Stream' ? 'tcp' : 'udp', address, port: Number(port) } }];
}

/** The unit for which systemd holds that socket. */
export const unitOf = (socket: HostSocket, units: readonly SocketUnit[]): string | undefined =>
  units.find((each) => collide(each.socket, socket))?.unit;
