import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { endProcess } from '../../../src/adapters/linux-end-process.ts';
import { linuxHost } from '../../../src/adapters/linux-host.ts';
import { statOf } from '../../../src/adapters/linux-process.ts';
import { errorCode } from '../../../src/lib/error-code.ts';
import type { HostProcess } from '../../../src/model/listener.ts';
import { orphanProcesses } from '../../../src/plan/reclaims.ts';
import { desired, service } from '../../kit/builders.ts';
import { inBatches } from '../../kit/failing-runs.ts';
import { tally } from '../../kit/tally.ts';
import { runs, seed } from '../../kit/worlds.ts';

/** How a process of the stack's rules holds its port. */
const manners = ['holder', 'stubborn', 'rebinding', 'forking', 'passing', 'reuseport'] as const;
/** Who stands around and must not be touched. */
const bystanders = ['client', 'namesake', 'namesake of another user', 'neighbour'] as const;
/** What happens between the look and the first signal. */
const turns = ['nothing', 'it ends', 'its number goes to somebody else'] as const;

interface Scene {
  readonly manner: (typeof manners)[number];
  readonly around: readonly (typeof bystanders)[number][];
  readonly turn: (typeof turns)[number];
  /** Whether the rule names the user that it runs as. */
  readonly ofUser: 'same' | 'other' | 'any';
}

const scenes: fc.Arbitrary<Scene> = fc.record({
  manner: fc.constantFrom('holder', 'stubborn', ...manners),
  around: fc.subarray([...bystanders]),
  turn: fc.constantFrom(...turns, 'its number goes to somebody else'),
  ofUser: fc.constantFrom('same', 'same', 'other', 'any'),
});

const script = join(import.meta.dirname, '../../kit/actor.py');
const python = '/usr/bin/python3';
const nobody = 65_534;

interface Actor {
  readonly child: ChildProcess;
  readonly port: number;
}

async function actor(role: string, port: number, { words, uid }: { readonly words: string; readonly uid?: number }): Promise<Actor> {
  const child = spawn(python, [script, role, String(port), words], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
    ...(uid !== undefined && { uid }),
  });
  const said = await new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  return { child, port: Number(said) };
}

/** It runs, and no signal is on its way to it: Node hears of an end some time after it. */
function isUntouched({ pid }: ChildProcess): boolean {
  const status = statOf(pid!)?.isZombie === false ? readFileSync(`/proc/${pid}/status`, 'utf8') : '';
  return /^SigPnd:\s0+$/m.test(status) && /^ShdPnd:\s0+$/m.test(status);
}

/** Ends a process and gives its number to a new one, which has nothing to do with any of it. */
async function reuse(child: ChildProcess): Promise<ChildProcess | undefined> {
  const pid = child.pid!;
  child.kill('SIGKILL');
  await once(child, 'exit');
  for (let tries = 0; tries < 50; tries++) {
    writeFileSync('/proc/sys/kernel/ns_last_pid', String(pid - 1));
    const next = spawn('sleep', ['600'], { stdio: 'ignore', detached: true });
    await once(next, 'spawn');
    if (next.pid === pid) return next;
    next.kill('SIGKILL');
  }
  return undefined;
}

/** Plays a scene; what must not have happened. */
async function play({ manner, around, turn, ofUser }: Scene, number: number): Promise<string[]> {
  const words = `scene-${process.pid}-${number}`;
  const cast: Cast[] = [];
  try {
    const holder = await actor(manner, 0, { words });
    cast.push(castOf(holder.child));
    if (manner === 'reuseport') cast.push(castOf((await actor('reuseport', holder.port, { words: 'not-named' })).child));
    const innocents = await Promise.all(
      around.map(async (who) => {
        if (who === 'client') return (await actor('client', holder.port, { words: 'a-client' })).child;
        if (who === 'neighbour') return (await actor('holder', 0, { words })).child;
        return (await actor('idle', 0, { words, ...(who === 'namesake of another user' && { uid: nobody }) })).child;
      }),
    );
    cast.push(...innocents.map(castOf));
    const signal = AbortSignal.timeout(60_000);
    const host = linuxHost();
    const ports = [{ protocol: 'tcp', port: holder.port }] as const;
    const listeners = await host.listeners(ports, signal);
    const user = { same: { user: 'root' }, other: { user: 'nobody' }, any: {} }[ofUser];
    const web = service('web', { settings: { network_mode: 'host', expose: [`${holder.port}/tcp`] } });
    const rule = { command: `${python} ${script} * ${words}`, graceMs: 200, ...user };
    const stack = desired({ services: [web], ports: { onConflict: 'reclaim', reclaim: [rule] } });
    const ends = orphanProcesses([web], { desired: stack, observed: { containers: {}, others: {}, listeners } });
    if (turn === 'it ends' && manner !== 'forking' && manner !== 'passing') {
      holder.child.kill('SIGKILL');
      await once(holder.child, 'exit');
    }
    const heir = turn === 'its number goes to somebody else' ? await reuse(holder.child) : undefined;
    if (heir) cast.push(castOf(heir));
    const planned: readonly HostProcess[] = ends.map(({ process }) => process);
    const results = await Promise.all(
      ends.map(({ process, sockets, siblings }) =>
        endProcess({ process, inodes: sockets.map(({ inode }) => inode), siblings, graceMs: 200 }, signal),
      ),
    );
    const mayEnd = ofUser !== 'other' && manner !== 'reuseport' && manner !== 'passing';
    return [
      ...innocents.flatMap((child, i) => (isUntouched(child) ? [] : [`${around[i]} was ended`])),
      ...(heir && !isUntouched(heir) ? ['the one that got its number was ended'] : []),
      ...(mayEnd || planned.length === 0 ? [] : [`${planned.length} were to be ended, and none may be`]),
      ...(!mayEnd || planned.length > 0 ? [] : ['nobody was to be ended']),
      ...(mayEnd && turn === 'nothing' && results.some((result) => 'why' in result) ? [JSON.stringify(results)] : []),
    ];
  } finally {
    cast.forEach(endGroup);
  }
}

interface Cast {
  readonly pid: number;
  readonly startTicks: number;
}

function castOf({ pid }: ChildProcess): Cast {
  if (pid === undefined) throw new Error('an actor did not start');
  return { pid, startTicks: statOf(pid)?.startTicks ?? -1 };
}

/** With what it has started. A number that is some other process's by now names no group of ours: theirs would have kept it. */
function endGroup({ pid, startTicks }: Cast): void {
  const now = statOf(pid);
  if (now && now.startTicks !== startTicks) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

const count = runs(300);

it.runIf(process.platform === 'linux' && process.getuid?.() === 0 && existsSync(python))(
  `nobody innocent is ended (${count} scenes; as root, with python3)`,
  async () => {
    const drawn = fc.sample(scenes, { seed, numRuns: count });
    let wrong = 0;
    const found: string[] = [];
    await inBatches(
      drawn.map((scene, i) => ({ scene, i })),
      6,
      async ({ scene, i }) => {
        const violations = await play(scene, i);
        wrong += violations.length;
        if (violations.length > 0) found.push(`${JSON.stringify(scene)}: ${violations.join('; ')}`);
      },
    );
    tally({ row: 'F15', what: 'a process that holds a port, among others', on: 'no engine', cases: count, violations: wrong });
    expect(found, `seed ${seed}`).toEqual([]);
  },
  count * 2000,
);
