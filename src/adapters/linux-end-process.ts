import { setTimeout as pause } from 'node:timers/promises';
import type { HostProcess } from '../model/listener.ts';
import type { Ended, EndTarget } from '../platform/host.ts';
import { holdersOf, holdsSocket } from './linux-holders.ts';
import { machineFacts, readProcess } from './linux-process.ts';
import { sendSignal, type Sent } from './linux-signal.ts';
import { procText } from './proc-text.ts';

/** How long the kernel may take to close the sockets of a process that was killed. */
const killedMs = 5000;
const betweenLooksMs = 25;

/** `Host.endProcess` on Linux. Its end is that of the sockets, not that of the process: a child may hold on to them. */
export async function endProcess(target: EndTarget, signal: AbortSignal): Promise<Ended> {
  const protectedWhy = whyProtected(target.process.pid) ?? whyShared(target);
  if (protectedWhy !== undefined) return { why: protectedWhy };
  for (const [name, waitMs] of [
    ['SIGTERM', target.graceMs],
    ['SIGKILL', killedMs],
  ] as const) {
    const sent = await sendSignal(target, name, { signal });
    if (typeof sent === 'object') return sent;
    if (await areClosed(target, sent === 'sent' ? waitMs : 0, signal)) return { by: nameOf(sent, name) };
    if (sent === 'other') break;
  }
  return { why: stillHeld(target) };
}

const nameOf = (sent: Sent, name: 'SIGTERM' | 'SIGKILL') => (sent === 'sent' ? name : 'itself');

/** Nothing tells when a socket is closed: the tables are read until they do not list it any more. */
async function areClosed({ process, inodes, siblings }: EndTarget, forMs: number, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + forMs;
  while (isOpen(inodes) && (siblings.length === 0 || inodes.some((inode) => holdsSocket(process.pid, inode)))) {
    if (performance.now() >= deadline) return false;
    await pause(betweenLooksMs, undefined, { signal });
  }
  return true;
}

const isOpen = (inodes: readonly string[]): boolean =>
  ['tcp', 'tcp6', 'udp', 'udp6'].some((table) => {
    const rows = procText(`/proc/net/${table}`)
      .split('\n')
      .map((line) => line.trim().split(/\s+/)[9] ?? '');
    return inodes.some((inode) => rows.includes(inode));
  });

/** Whoever came to hold a socket since it was planned is named by no rule. */
function whyShared({ process, inodes, siblings }: EndTarget): string | undefined {
  const holders = [...holdersOf(new Set(inodes)).values()].flat();
  const other = holders.find((pid) => pid !== process.pid && !siblings.includes(pid));
  return other === undefined ? undefined : `process ${other} holds the port of process ${process.pid}, too, and was not to be ended`;
}

function whyProtected(pid: number): string | undefined {
  if (pid <= 1) return 'process 1 is never ended';
  const process = readProcess(pid, machineFacts());
  if (process?.manager) return `process ${pid} is systemd`;
  if (process?.own) return `process ${pid} is stackctl itself or has started it`;
  if (process?.belowEngine) return `process ${pid} lives in a container`;
  return process?.ofEngine ? `process ${pid} is a part of the engine: ${process.executable}` : undefined;
}

function stillHeld({ process, inodes }: EndTarget): string {
  const machine = machineFacts();
  const pids = [...new Set([...holdersOf(new Set(inodes)).values()].flat())];
  const holders = pids.flatMap((pid) => readProcess(pid, machine) ?? []);
  // Its command line may hold what is not for others to read
  const text = ({ pid, user, executable }: HostProcess): string => `process ${pid} of ${user} (${executable})`;
  if (holders.length === 0) return `the port is still held after the end of process ${process.pid}, and this user may not see by whom`;
  const isSame = holders.some(({ pid, startTicks }) => pid === process.pid && startTicks === process.startTicks);
  return isSame ? `${holders.map(text).join(' and ')} did not end` : `the port is held by ${holders.map(text).join(' and ')} now`;
}
