import { get } from '../lib/record.ts';
import type { Backup } from '../model/backup.ts';
import { BackupError } from '../platform/backup-store.ts';
import { idOf, touch, type ContainerRef } from './container-ref.ts';
import { defineAction, type ActionKind, type World } from './define.ts';
import { fillVolume } from './fill-volume.ts';

export interface RewindArgs {
  readonly stack: string;
  readonly volume: string;
  /** The volume beside it, which the run made before it touched anything: while it is there, what was done can be told. */
  readonly aside: string;
  /** Of the helper. */
  readonly image: string;
  readonly userns?: string;
  /** Containers that only read it, and run on: they are stopped for the moment of the switch. */
  readonly readers: readonly ContainerRef[];
}

/** As long as a restore may take, and the helpers of the switch. */
const rewindMs = 12 * 3_600_000;

/**
 * The way back of a backup after which a program of the same run could write: the volume beside is filled from that backup, verified, and
 * the two change what is in them in one step. May be done again: once they have changed, nothing is done any more; before that the
 * volume beside is filled anew.
 */
export const volumeRewind: ActionKind<RewindArgs> = defineAction<RewindArgs>('volume.rewind', {
  symbol: '~',
  target: ({ volume }) => volume,
  label: ({ volume }) => `put back into volume ${volume} what the backup of this run holds of it`,
  readsAside: ({ aside }) => aside,
  lostUnless: ({ volume }) =>
    `what volume ${volume} held before this run, if a program has written to it since: "stackctl volume list ${volume}", where the backup ` +
    'was taken, names it, and "stackctl volume restore" with its ID puts it back',
  timeoutMs: () => rewindMs,
  touches: ({ volume, aside, readers }) => [
    touch('volume', volume),
    touch('volume', aside),
    ...readers.map(({ name }) => touch('container', name)),
  ],
  guard({ volume, aside }, now, run) {
    const missing = [volume, aside].find((name) => !get(now.volumes, name));
    if (missing !== undefined) return `volume ${missing} is not there`;
    return get(now.volumes, aside)?.run === run ? undefined : `volume ${aside} was not made by this run`;
  },
  simulate: (_args, now) => now, // what is in a volume, nobody sees from outside
  undo: ({ volume }) => ({ lost: `what was written to volume ${volume}` }),
  async run(args, world) {
    const { volume, aside, image, userns } = args;
    const { engine, signal, unchanged } = world;
    if (await engine.areExchanged({ volume, fresh: aside, image }, signal)) {
      unchanged('it holds that already');
      return;
    }
    const backup = await backupOfRun(args, world);
    const look = { volume: aside, image, ...(userns !== undefined && { userns }) };
    await fillVolume({ ...look, from: { kind: 'backup', backup }, again: true }, world);
    await withoutReaders(args, world, () => engine.exchangeVolumes({ volume, fresh: aside, way: 'there', image }, signal));
  },
});

/** Of a run that was resumed there may be several plans, each with a run of its own. */
async function backupOfRun({ stack, volume }: RewindArgs, { backups, now, run }: World): Promise<Backup> {
  const all = await backups.list({ engine: now.engine.id, stack });
  const own = all.find((each): each is Backup => !('damaged' in each) && each.volume === volume && each.run === run);
  if (!own) throw new BackupError(`this machine has no whole backup of volume ${volume} that this run has taken`);
  return own;
}

/** Who only reads would go on with what was there before. */
async function withoutReaders({ readers }: RewindArgs, { engine, now, signal }: World, work: () => Promise<void>): Promise<void> {
  const running = readers.filter(({ name, id }) => {
    const seen = get(now.containers, name);
    return seen?.id === id && seen?.state.status === 'running';
  });
  const ids = running.map((reader) => idOf(reader, now));
  try {
    for (const id of ids) await engine.stopContainer(id, signal);
    await work();
  } finally {
    for (const id of ids) await engine.startContainer(id, signal);
  }
}
