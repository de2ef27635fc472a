import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { HostProcess } from '../model/listener.ts';
import type { Ended, EndTarget } from '../platform/host.ts';
import { holdersOf } from './linux-holders.ts';
import { machineFacts, readProcess, statOf } from './linux-process.ts';
import { sendSignal, type Sent } from './linux-signal.ts';

/** How long the kernel may take to close the sockets of a process that was killed. */
const killedMs = 5000;
const betweenLooksMs = 25;

/** `Host.endProcess` on Linux. Its end is that of the sockets, not that of the process: a child may hold on to them. */
export async function endProcess(target: EndTarget, signal: AbortSignal): Promise<Ended> {
  const protectedWhy = whyProtected(target.process.pid);
  if (protectedWhy !== undefined) return { why: protectedWhy };
  for (const [name, waitMs] of [
    ['SIGTERM', target.graceMs],
    ['SIGKILL', killedMs],
  ] as const) {
    const sent = await sendSignal(target, name, { signal });
    if (typeof sent === 'object') return sent;
    if (await areClosed(target.inodes, sent === 'sent' ? waitMs : 0, signal)) return { by: nameOf(sent, name) };
    if (sent === 'other') break;
  }
  return { why: stillHeld(target) };
}

const nameOf = (sent: Sent, name: 'SIGTERM' | 'SIGKILL') => (sent === 'sent' ? name : 'itself');

/** Nothing tells when a socket is closed: the tables are read until they do not list it any more. */
async function areClosed(inodes: readonly string[], forMs: number, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + forMs;
  while (isOpen(inodes)) {
    if (performance.now() >= deadline) return false;
    await pause(betweenLooksMs, undefined, { signal });
  }
  return true;
}

const isOpen = (inodes: readonly string[]): boolean =>
  ['tcp', 'tcp6', 'udp', 'udp6'].some((table) => {
    const rows = textOf(`/proc/net/${table}`)
      .split('\n')
      .map((line) => line.trim().split(/\s+/)[9] ?? '');
    return inodes.some((inode) => rows.includes(inode));
  });

function whyProtected(pid: number): string | undefined {
  if (pid <= 1) return 'process 1 is never ended';
  if (ownLine().includes(pid)) return `process ${pid} is stackctl itself or has started it`;
  const process = readProcess(pid, machineFacts());
  return process?.ofEngine ? `process ${pid} is a part of the engine: ${process.executable}` : undefined;
}

/** This process, who started it, and so on up to process 1. */
function ownLine(): number[] {
  const line = [process.pid];
  for (let pid = statOf(process.pid)?.parent ?? 0; pid > 0 && !line.includes(pid); pid = statOf(pid)?.parent ?? 0) line.push(pid);
  return line;
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

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
