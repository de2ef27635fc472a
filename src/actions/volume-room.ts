import { amountText } from '../lib/amount.ts';
import { BackupError } from '../platform/backup-store.ts';
import type { VolumeLook, VolumeMeasure } from '../platform/engine.ts';
import { touch } from './container-ref.ts';
import { defineAction, type ActionKind, type World } from './define.ts';

interface Args {
  readonly volumes: readonly RoomLook[];
}

/** A volume of which there is to be a backup, and the helper that looks into it. */
export interface RoomLook extends VolumeLook {
  /** A rollback puts back what the backup holds: there has to be room for that, too, beside what is there by then. */
  readonly rewinds?: true;
}

/** What headers take of a tar for each entry, and inodes of a disk. */
const entryBytes = 2_048;
/** Beside what a backup needs: manifest and entries, and that a disk is never filled to its last block. */
const marginBytes = 64 * 1024 * 1024;
const marginShare = 0.05;

/** How long it may take to look at every file of the volumes. */
const measureMs = 600_000;

/**
 * Before anything is touched: whether backups of all these volumes fit where backups lie, even if nothing of them can be compressed, and
 * could be restored, by a rollback too.
 */
export const volumeRoom: ActionKind<Args> = defineAction<Args>('volume.room', {
  symbol: '?',
  cancellable: true,
  leavesNoTrace: true,
  target: ({ volumes }) => namesOf(volumes),
  label: ({ volumes }) => `see that there is room for ${backupsOf(volumes)}`,
  timeoutMs: () => measureMs,
  touches: ({ volumes }) => volumes.map(({ volume }) => touch('volume', volume)),
  guard: () => undefined,
  simulate: (_args, now) => now,
  undo: () => 'not-needed',
  foresee: whyNot,
  async run(args, world) {
    const why = await whyNot(args, world);
    if (why !== undefined) throw new BackupError(why);
  },
});

type Machine = Pick<World, 'engine' | 'backups' | 'signal'>;
type Measured = RoomLook & VolumeMeasure;

const namesOf = (looks: readonly RoomLook[]): string => looks.map(({ volume }) => volume).join(', ');
const backupsOf = (looks: readonly RoomLook[]): string =>
  looks.length === 1 ? `a backup of volume ${namesOf(looks)}` : `backups of volumes ${namesOf(looks)}`;

async function whyNot({ volumes }: Args, machine: Machine): Promise<string | undefined> {
  const { engine, backups, signal } = machine;
  const [measured, free] = await Promise.all([
    Promise.all(volumes.map(async (look): Promise<Measured> => ({ ...look, ...(await engine.measureVolume(look, signal)) }))),
    backups.room(),
  ]);
  return whyNotRestored(measured) ?? whyNoCopies(measured, free) ?? (await whyNoWayBack(measured, free, machine));
}

const noDevices = 'and no restore makes one: remove it (find -type b -o -type c), or leave the volume out of backups';

function whyNotRestored(measured: readonly Measured[]): string | undefined {
  const found = measured.find(({ devices }) => devices > 0);
  if (!found) return undefined;
  const { volume, devices } = found;
  return `volume ${volume} holds ${devices === 1 ? 'a device file' : `${devices} device files`}, ${noDevices}`;
}

const neededFor = (measured: readonly Measured[]): number =>
  Math.ceil(sumOf(measured, (each) => Math.min(each.apparentBytes, each.diskBytes) + each.entries * entryBytes) * (1 + marginShare)) +
  marginBytes;

function whyNoCopies(measured: readonly Measured[], free: number): string | undefined {
  const needed = neededFor(measured);
  if (needed <= free) return undefined;
  const bytes = amountText(sumOf(measured, ({ apparentBytes }) => apparentBytes));
  const holds = `${bytes} (${amountText(sumOf(measured, ({ diskBytes }) => diskBytes))} on disk)`;
  const [who, what] = measured.length === 1 ? ['volume', 'holds'] : ['volumes', 'hold'];
  return (
    `${who} ${namesOf(measured)} ${what} ${holds}, and ${measured.length === 1 ? 'a backup of it needs' : 'backups of them need'} up to ` +
    `${amountText(needed)}, but only ${amountText(free)} are free where backups lie; make room (stackctl volume prune), or set state_dir ` +
    'to a larger disk'
  );
}

/** Backups and volumes may share a disk: then as many bytes are free in both places. */
async function whyNoWayBack(measured: readonly Measured[], forBackups: number, { engine, signal }: Machine): Promise<string | undefined> {
  const rewound = measured.filter(({ rewinds }) => rewinds);
  if (!isFilled(rewound)) return undefined;
  const free = await engine.volumeRoom(rewound[0], signal);
  const isOneDisk = Math.abs(free - forBackups) < marginBytes;
  const needed = neededFor(rewound) + (isOneDisk ? neededFor(measured) : 0);
  if (needed <= free) return undefined;
  const both = isOneDisk
    ? `the backup and a rollback that puts it back need`
    : `a rollback that puts back what ${namesOf(rewound)} held needs`;
  return (
    `${both} up to ${amountText(needed)}, but only ${amountText(free)} are free where volumes lie; make room, or declare no backup.before ` +
    'for it: then nothing is put back'
  );
}

const isFilled = <T>(all: readonly T[]): all is readonly [T, ...T[]] => all.length > 0;

const sumOf = <T>(all: readonly T[], of: (each: T) => number): number => all.reduce((sum, each) => sum + of(each), 0);
