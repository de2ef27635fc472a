/** One socket that takes connections or packets, as a table below /proc/net lists it. */
export interface OpenSocket {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  /** Of the user whose process made it. */
  readonly uid: string;
  readonly inode: string;
}

const listening = '0A';

/**
 * Reads /proc/net/tcp, tcp6, udp or udp6 (proc_net(5)): TCP sockets that listen, UDP sockets that are not tied to one peer, on those ports.
 * A machine may have many thousands: a line is only taken apart when its port is asked for.
 */
export function openSockets(table: string, protocol: 'tcp' | 'udp', isWanted: (port: number) => boolean): OpenSocket[] {
  return table
    .split('\n')
    .slice(1)
    .filter((line) => isWanted(portIn(line)))
    .flatMap((line) => openSocket(line, protocol));
}

/** "  12: 0100007F:1F90 00000000:0000 0A …" */
function portIn(line: string): number {
  const at = line.indexOf(':', line.indexOf(':') + 1) + 1;
  return Number.parseInt(line.slice(at, at + 4), 16);
}

function openSocket(line: string, protocol: 'tcp' | 'udp'): OpenSocket[] {
  const [, local = '', peer = '', state, , , , uid = '', , inode = ''] = line.trim().split(/\s+/);
  const open = protocol === 'tcp' ? state === listening : peer.endsWith(':0000');
  const [address = '', port = ''] = local.split(':');
  return open && inode !== '' ? [{ protocol, address: addressOf(address), port: Number.parseInt(port, 16), uid, inode }] : [];
}

/** The kernel prints addresses as 32-bit words in the machine's byte order, which is little-endian wherever Node runs. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse()).map((byte) => Number.parseInt(byte, 16));
  if (bytes.length === 4) return bytes.join('.');
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (mapped) return `::ffff:${bytes.slice(12).join('.')}`;
  const groups = Array.from({ length: 8 }, (_, i) => (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16));
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}
