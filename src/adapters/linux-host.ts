import type { HostProcess, Listener } from '../model/listener.ts';
import type { Host, HostPort } from '../platform/host.ts';
import { whyUnseen } from './linux-engine-network.ts';
import { holdersOf } from './linux-holders.ts';
import { machineFacts, readProcess, type MachineFacts } from './linux-process.ts';
import { sightOf } from './linux-sight.ts';
import { openSockets, type OpenSocket } from './linux-sockets.ts';
import { askSs, type SsRow } from './linux-ss.ts';
import { procText } from './proc-text.ts';

/** The Linux machine that we run on: its own network namespace, by /proc, and by `ss` where /proc says nothing. */
export function linuxHost(): Host {
  // That an engine is here stays so
  const here = new Set<string>();
  return {
    listeners,
    whyUnseen(address, running) {
      const key = JSON.stringify(address);
      const why = here.has(key) ? undefined : whyUnseen(address, running);
      if (why === undefined) here.add(key);
      return why;
    },
    answers: async (probe, signal) => (await import('./linux-probe.ts')).tryProbe(probe, signal),
    endProcess: async (target, signal) => (await import('./linux-end-process.ts')).endProcess(target, signal),
  };
}

async function listeners(ports: readonly HostPort[], signal: AbortSignal): Promise<readonly Listener[]> {
  const found = openOn(ports);
  if (found.length === 0) return [];
  const holders = holdersOf(new Set(found.map(({ inode }) => inode)));
  const isUnclear = found.some(({ inode, address }) => !holders.has(inode) || address === '::');
  const rows = new Map((isUnclear ? await askSs(signal) : []).map((row) => [row.inode, row]));
  const machine = machineFacts();
  const listeners = found.map((socket) => listenerOf(socket, { pids: holders.get(socket.inode), row: rows.get(socket.inode), machine }));
  return withSocketUnits(explained(listeners, ports), signal);
}

/** Who sees everybody and finds no holder: it was closed meanwhile, the kernel has it, or somebody in a process namespace around ours. */
function explained(listeners: readonly Listener[], ports: readonly HostPort[]): readonly Listener[] {
  const sight = listeners.some(({ holders }) => holders.length === 0) ? sightOf() : 'limited';
  if (sight === 'limited') return listeners;
  const open = new Set(openOn(ports).map(({ inode }) => inode));
  return listeners.flatMap((listener): Listener[] => {
    if (listener.holders.length > 0) return [listener];
    return open.has(listener.inode) ? [{ ...listener, noProcess: sight === 'all' ? 'kernel' : 'elsewhere' }] : [];
  });
}

/** For which of its socket units systemd holds one. */
async function withSocketUnits(listeners: readonly Listener[], signal: AbortSignal): Promise<readonly Listener[]> {
  const isManagers = ({ pid, manager }: HostProcess): boolean => pid === 1 && manager === true;
  if (!listeners.some(({ holders }) => holders.some(isManagers))) return listeners;
  const { askSocketUnits, unitOf } = await import('./linux-socket-units.ts');
  const units = await askSocketUnits(signal);
  return listeners.map((listener) => {
    const name = unitOf(listener, units);
    const named = (holder: HostProcess): HostProcess =>
      name !== undefined && isManagers(holder) ? { ...holder, unit: { name, manager: 'system' } } : holder;
    return { ...listener, holders: listener.holders.map(named) };
  });
}

function openOn(ports: readonly HostPort[]): OpenSocket[] {
  const wanted = (protocol: HostPort['protocol']): Set<number> =>
    new Set(ports.flatMap((each) => (each.protocol === protocol ? [each.port] : [])));
  return (['tcp', 'udp'] as const).flatMap((protocol) => {
    const numbers = wanted(protocol);
    if (numbers.size === 0) return [];
    return [protocol, `${protocol}6`].flatMap((name) => openSockets(procText(`/proc/net/${name}`), protocol, (port) => numbers.has(port)));
  });
}

interface Found {
  readonly pids: readonly number[] | undefined;
  readonly row: SsRow | undefined;
  readonly machine: MachineFacts;
}

function listenerOf({ uid, ...socket }: OpenSocket, { pids, row, machine }: Found): Listener {
  const holders = (pids ?? row?.pids ?? []).flatMap((pid) => readProcess(pid, machine) ?? []);
  const user = machine.users.get(uid) ?? uid;
  return {
    ...socket,
    user,
    holders: holders.toSorted(firstComers),
    // Somebody else made it and handed it on, and may still hold it where this user cannot see
    ...(process.geteuid?.() !== 0 && holders.some((holder) => holder.user !== user) && { partly: true }),
    ...(row?.onlyIpv6 && socket.address === '::' && { onlyIpv6: true }),
  };
}

const firstComers = (left: HostProcess, right: HostProcess): number => left.startTicks - right.startTicks || left.pid - right.pid;
