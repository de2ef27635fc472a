import { readFile } from 'node:fs/promises';
import type { HostProcess, Listener } from '../model/observed.ts';
import type { Host, HostPort } from '../platform/host.ts';
import { hostProcess, socketHolders } from './linux-process.ts';
import { openSockets, type OpenSocket } from './linux-sockets.ts';
import { askSs, type SsRow } from './linux-ss.ts';

/** The Linux machine that we run on: its own network namespace, by /proc, and by `ss` where /proc says nothing. */
export function linuxHost(): Host {
  return { listeners, answers: async (probe, signal) => (await import('./linux-probe.ts')).tryProbe(probe, signal) };
}

async function listeners(ports: readonly HostPort[], signal: AbortSignal): Promise<readonly Listener[]> {
  if (ports.length === 0) return [];
  const wanted = new Set(ports.map(({ protocol, port }) => `${protocol} ${port}`));
  const tables = await Promise.all([table('tcp', 'tcp'), table('tcp6', 'tcp'), table('udp', 'udp'), table('udp6', 'udp')]);
  const found = tables.flat().filter(({ protocol, port }) => wanted.has(`${protocol} ${port}`));
  if (found.length === 0) return [];
  const holders = await socketHolders(new Set(found.map(({ inode }) => inode)));
  const rows = found.every(({ inode }) => holders.has(inode)) ? [] : await askSs(signal);
  return Promise.all(found.map((socket) => listenerOf(socket, holders.get(socket.inode) ?? pidsBySs(socket, rows))));
}

async function listenerOf({ protocol, address, port }: OpenSocket, pids: readonly number[]): Promise<Listener> {
  const processes = (await Promise.all(pids.map(hostProcess))).filter((process) => process !== undefined);
  const process = holderOf(processes);
  return { protocol, address, port, ...(process && { process }) };
}

/** Of several that share a socket: the engine's proxy, else the one that was there first, whose children the others are. */
function holderOf(processes: readonly HostProcess[]): HostProcess | undefined {
  const [first] = [...processes].sort(
    (left, right) => Number(right.proxy) - Number(left.proxy) || left.startedAt.localeCompare(right.startedAt) || left.pid - right.pid,
  );
  return first;
}

const pidsBySs = (socket: OpenSocket, rows: readonly SsRow[]): readonly number[] =>
  rows.find((row) => row.protocol === socket.protocol && row.port === socket.port && row.address === socket.address)?.pids ?? [];

// Without IPv6, or without /proc, a table is not there
const table = async (name: string, protocol: 'tcp' | 'udp'): Promise<OpenSocket[]> =>
  openSockets(await readFile(`/proc/net/${name}`, 'utf8').catch(() => ''), protocol);
