import { get } from '../lib/record.ts';
import type { Backup, Quiet } from '../model/backup.ts';
import type { Command } from '../model/hook.ts';
import type { ContainerState, Observed } from '../model/observed.ts';
import { idOf, touch, type ContainerRef } from './container-ref.ts';
import { defineAction, type ActionKind, type World } from './define.ts';
import { passingBytes } from './passing-bytes.ts';
import { runBackupHooks } from './run-hooks.ts';
import { volumeRewind, type RewindArgs } from './volume-rewind.ts';

export interface BackupArgs {
  readonly stack: string;
  readonly volume: string;
  /** Of the helper that reads it. */
  readonly image: string;
  readonly userns?: string;
  readonly quiet: Quiet;
  /** The stack's containers that can write to it. */
  readonly users: readonly ContainerRef[];
  readonly images: Backup['images'];
  readonly hooks?: BackupHooks;
  /** How its content is put back if the plan fails after a new container has started with it; absent: it is not. */
  readonly rewind?: Pick<RewindArgs, 'aside' | 'readers'>;
  /** Read every byte of it again: what was copied is removed afterwards. */
  readonly verify?: true;
}

/** What is run in a container that goes on, before and after the copy. */
export interface BackupHooks {
  readonly container: ContainerRef;
  readonly pre: readonly Command[];
  readonly post: readonly Command[];
  /** For each of the two. */
  readonly withinMs: number;
}

/** How long a copy may take: 12 h, beside what its hooks may. */
const copyMs = 12 * 3_600_000;

/** Copies a volume to where backups lie. What it has kept stays, and does no harm; the way back puts it into the volume again. */
export const volumeBackup: ActionKind<BackupArgs> = defineAction<BackupArgs>('volume.backup', {
  symbol: '+',
  cancellable: true,
  leavesNoTrace: true,
  target: ({ volume }) => volume,
  label: ({ volume }) => `back up volume ${volume}`,
  timeoutMs: ({ hooks }) => copyMs + (hooks ? 2 * hooks.withinMs : 0),
  touches: ({ volume, users, hooks }) => [
    touch('volume', volume),
    ...users.map(({ name }) => touch('container', name)),
    ...(hooks ? [touch('container', hooks.container.name)] : []),
  ],
  guard: (args, now) => (get(now.volumes, args.volume) ? whyNotQuiet(args, now) : `volume ${args.volume} is not there`),
  simulate: (_args, now) => now,
  rewinds: ({ volume, rewind }) => rewind && volume,
  undo: ({ stack, volume, image, userns, rewind }) =>
    rewind ? volumeRewind({ stack, volume, image, ...(userns !== undefined && { userns }), ...rewind }) : 'not-needed',
  async run(args, world) {
    const { hooks } = args;
    if (!hooks) return copy(args, world);
    const { container, pre, post, withinMs } = hooks;
    const id = idOf(container, world.now);
    await runBackupHooks({ id, kind: 'backup.pre', commands: pre, withinMs }, world);
    try {
      await copy(args, world);
    } finally {
      // It gives back what `pre` has taken: also when the copy was cut off
      const never = new AbortController().signal;
      await runBackupHooks({ id, kind: 'backup.post', commands: post, withinMs }, { ...world, signal: never, interrupted: never });
    }
  },
});

/** Of which containers a copy is worth nothing. */
const loud: { readonly [quiet in Quiet]: readonly ContainerState['status'][] } = {
  stopped: ['running', 'restarting'],
  paused: ['running', 'restarting'],
  hook: [],
  running: [],
};

/** A copy of what a program writes to meanwhile may be worth nothing. */
function whyNotQuiet({ quiet, users }: BackupArgs, { containers }: Observed): string | undefined {
  const user = users.find(({ name, id }) => {
    const seen = get(containers, name);
    return seen && seen.id === id && loud[quiet].includes(seen.state.status);
  });
  return user && `container ${user.name} runs again, and could write to it`;
}

async function copy(args: BackupArgs, { engine, backups, now, run, signal, onProgress }: World): Promise<void> {
  const { stack, volume, image, userns, quiet, images } = args;
  const look = { volume, image, ...(userns !== undefined && { userns }) };
  const { apparentBytes, diskBytes } = await engine.measureVolume(look, signal);
  const { driver } = get(now.volumes, volume)!;
  const changing = quiet === 'running' || quiet === 'hook';
  const taken = await backups.take(
    { engine: now.engine.id, stack, volume, driver, quiet, run, images },
    (write) => engine.readVolume({ ...look, changing }, write, signal),
    { signal, onBytes: passingBytes(Math.min(apparentBytes, diskBytes), onProgress) },
  );
  if (args.verify) await backups.verify(taken, { signal, onBytes: () => undefined });
}
