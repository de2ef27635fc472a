import { readFileSync, readlinkSync } from 'node:fs';
import { sha256 } from '../lib/hash.ts';
import type { HostProcess } from '../model/listener.ts';
import { cgroupMeaning } from './linux-cgroup.ts';
import { isOfEngine } from './linux-engine-parts.ts';
import { procText } from './proc-text.ts';

/** What is the same for all processes of a look, read once. */
export interface MachineFacts {
  readonly bootSeconds: number;
  /** Names by user id. */
  readonly users: ReadonlyMap<string, string>;
}

export function machineFacts(): MachineFacts {
  const users = procText('/etc/passwd')
    .split('\n')
    .map((line) => line.split(':'))
    .flatMap(([name = '', , uid = '']): [string, string][] => (name === '' || uid === '' ? [] : [[uid, name]]));
  // The first line of a user id is its name, as getpwuid(3) has it
  return { bootSeconds: Number(/^btime (\d+)/m.exec(procText('/proc/stat'))?.[1]), users: new Map(users.toReversed()) };
}

/** What /proc tells of a process, all of it read in one go; undefined when it has ended, or is dead and only not yet buried. */
export function readProcess(pid: number, machine: MachineFacts): HostProcess | undefined {
  const stat = statOf(pid);
  if (!stat || stat.isZombie) return undefined;
  const uid = /^Uid:\s+(\d+)/m.exec(procText(`/proc/${pid}/status`))?.[1] ?? '';
  const command = commandOf(pid, stat.name);
  const executable = executableOf(pid);
  const above = lineAbove(pid);
  const parent = stat.parent > 0 ? { pid: stat.parent, command: commandOf(stat.parent, statOf(stat.parent)?.name ?? '?') } : undefined;
  return {
    pid,
    startTicks: stat.startTicks,
    executable,
    command,
    commandHash: commandHashOf(pid, stat.startTicks),
    user: machine.users.get(uid) ?? uid,
    startedAt: momentOf(stat.startTicks, machine),
    ...(parent && { parent }),
    ...cgroupMeaning(procText(`/proc/${pid}/cgroup`)),
    ...(stat.name === 'systemd' && { manager: true }),
    ofEngine: isOfEngine({ name: stat.name, executable, command }),
    ...(above.some(isPartOfEngine) && { belowEngine: true }),
    ...([process.pid, ...lineAbove(process.pid)].includes(pid) && { own: true }),
  };
}

/** Who started a process, and so on up to process 1. Shims and conmon take in what a container leaves behind while they live. */
export function lineAbove(pid: number): number[] {
  const line: number[] = [];
  for (let each = statOf(pid)?.parent ?? 0; each > 0 && !line.includes(each); each = statOf(each)?.parent ?? 0) line.push(each);
  return line;
}

export function isPartOfEngine(pid: number): boolean {
  const name = statOf(pid)?.name;
  return name !== undefined && isOfEngine({ name, executable: executableOf(pid), command: commandOf(pid, name) });
}

interface Stat {
  readonly name: string;
  readonly isZombie: boolean;
  readonly parent: number;
  readonly startTicks: number;
}

/** The name may hold spaces and brackets, so fields count from behind it: state, parent … start in ticks (proc_pid_stat(5), 3, 4 and 22). */
export function statOf(pid: number): Stat | undefined {
  const text = procText(`/proc/${pid}/stat`);
  if (text === '') return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    name: text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')),
    isZombie: fields[0] === 'Z' || fields[0] === 'X',
    parent: Number(fields[1]),
    startTicks: Number(fields[19]),
  };
}

/** Kernel threads, and programs that wiped it, have no command line: their name in brackets then, as ps has it. */
export function commandOf(pid: number, name: string): string {
  const words = procText(`/proc/${pid}/cmdline`).split('\0');
  const command = (words.at(-1) === '' ? words.slice(0, -1) : words).join(' ');
  return command === '' ? `[${name}]` : command;
}

/** See ProcessIdentity; empty: it has ended. */
export function commandHashOf(pid: number, startTicks: number): string {
  try {
    return sha256(Buffer.concat([Buffer.from(`${pid} ${startTicks} `), readFileSync(`/proc/${pid}/cmdline`)])).slice(0, 16);
  } catch {
    return '';
  }
}

/** A program that was replaced on the disk since, as by an update, has " (deleted)" behind its path. */
export function executableOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '');
  } catch {
    return '';
  }
}

const ticksPerSecond = 100; // USER_HZ: part of the kernel's interface, 100 on every architecture that Node runs on

function momentOf(ticks: number, { bootSeconds }: MachineFacts): string {
  const moment = new Date((bootSeconds + ticks / ticksPerSecond) * 1000);
  return Number.isNaN(moment.getTime()) ? '' : moment.toISOString();
}
