import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { linuxHost } from '../../src/adapters/linux-host.ts';
import { errorCode } from '../../src/lib/error-code.ts';
import { collide, socketOf } from '../../src/model/host-socket.ts';
import type { Listener } from '../../src/model/listener.ts';

/** A socket as a program of the host opens it. */
interface Opened {
  readonly address: string;
  readonly ipv6Only?: boolean;
}

const held: readonly Opened[] = [
  { address: '0.0.0.0' },
  { address: '127.0.0.1' },
  { address: '127.0.0.2' },
  { address: '::' },
  { address: '::', ipv6Only: true },
  { address: '::1' },
  { address: '::ffff:127.0.0.1' },
];

/** What an engine opens for a published port: one socket for IPv4, one that is for IPv6 alone. */
const wanted: readonly { readonly hostIp: string; readonly opens: readonly Opened[] }[] = [
  { hostIp: '', opens: [{ address: '0.0.0.0' }, { address: '::', ipv6Only: true }] },
  { hostIp: '0.0.0.0', opens: [{ address: '0.0.0.0' }] },
  { hostIp: '127.0.0.1', opens: [{ address: '127.0.0.1' }] },
  { hostIp: '::', opens: [{ address: '::', ipv6Only: true }] },
  { hostIp: '::1', opens: [{ address: '::1', ipv6Only: true }] },
];

const rows = (['tcp', 'udp'] as const).flatMap((protocol) =>
  held.flatMap((holder) => wanted.map((want) => [protocol, textOf(holder), want.hostIp, { holder, want }] as const)),
);

function textOf({ address, ipv6Only = false }: Opened): string {
  return ipv6Only ? `${address} for IPv6 alone` : address;
}

describe.runIf(process.platform === 'linux')('whether a held socket is in the way of a wanted one is what the kernel says', () => {
  it.each(rows)('%s: %s is held, "%s" is wanted', async (protocol, _holder, hostIp, { holder, want }) => {
    const { holding, listeners } = await aloneOnItsPort(protocol, holder);
    try {
      const { port } = holding;
      expect(listeners[0]?.holders.map(({ pid }) => pid)).toEqual([process.pid]);
      const socket = socketOf({ target: 80, protocol, host_ip: hostIp, published: String(port) })!;
      const taken = await isTaken(protocol, want.opens, port);
      expect(listeners.some((listener) => collide(listener, socket))).toBe(taken);
    } finally {
      await holding.close();
    }
  });
});

/** Another test that runs now may have drawn the same port on another address: then another is drawn. */
async function aloneOnItsPort(protocol: 'tcp' | 'udp', holder: Opened): Promise<{ holding: Open; listeners: readonly Listener[] }> {
  for (;;) {
    const holding = await open(protocol, { ...holder, port: 0 });
    const listeners = await linuxHost().listeners([{ protocol, port: holding.port }], AbortSignal.timeout(10_000));
    if (listeners.length === 1) return { holding, listeners };
    await holding.close();
    expect(listeners).not.toEqual([]);
  }
}

async function isTaken(protocol: 'tcp' | 'udp', sockets: readonly Opened[], port: number): Promise<boolean> {
  for (const socket of sockets) {
    try {
      await (await open(protocol, { ...socket, port })).close();
    } catch (error) {
      expect(errorCode(error)).toBe('EADDRINUSE');
      return true;
    }
  }
  return false;
}

interface Open {
  readonly port: number;
  close(): Promise<void>;
}

async function open(protocol: 'tcp' | 'udp', { address, port, ipv6Only = false }: Opened & { readonly port: number }): Promise<Open> {
  if (protocol === 'udp') {
    const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', ipv6Only }).bind(port, address);
    await once(socket, 'listening');
    return { port: socket.address().port, close: () => closed(socket) };
  }
  const server = createServer().listen({ host: address, port, ipv6Only });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => closed(server),
  };
}

async function closed(open: Server | Socket): Promise<void> {
  const end = once(open, 'close');
  open.close();
  await end;
}
