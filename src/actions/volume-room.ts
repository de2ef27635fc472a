import { amountText } from '../lib/amount.ts';
import { BackupError } from '../platform/backup-store.ts';
import { touch } from './container-ref.ts';
import { defineAction, type ActionKind, type World } from './define.ts';

interface Args {
  readonly volume: string;
  /** Of the helper that looks. */
  readonly image: string;
  readonly userns?: string;
}

/** What headers take of a tar for each entry. */
const entryBytes = 2_048;
/** Beside what a backup needs: manifest and entries, and that a disk is never filled to its last block. */
const marginBytes = 64 * 1024 * 1024;
const marginShare = 0.05;

/** How long it may take to look at every file of a volume. */
const measureMs = 600_000;

/** Before anything is touched: whether a backup of the volume fits where backups lie, even if nothing of it can be compressed, and could be restored. */
export const volumeRoom: ActionKind<Args> = defineAction<Args>('volume.room', {
  symbol: '?',
  cancellable: true,
  leavesNoTrace: true,
  target: ({ volume }) => volume,
  label: ({ volume }) => `see that there is room for a backup of volume ${volume}`,
  timeoutMs: () => measureMs,
  touches: ({ volume }) => [touch('volume', volume)],
  guard: () => undefined,
  simulate: (_args, now) => now,
  undo: () => 'not-needed',
  foresee: whyNot,
  async run(args, world) {
    const why = await whyNot(args, world);
    if (why !== undefined) throw new BackupError(why);
  },
});

const noDevices = 'and no restore makes one: remove it (find -type b -o -type c), or leave the volume out of backups';

async function whyNot(
  { volume, image, userns }: Args,
  { engine, backups, signal }: Pick<World, 'engine' | 'backups' | 'signal'>,
): Promise<string | undefined> {
  const look = { volume, image, ...(userns !== undefined && { userns }) };
  const { apparentBytes, diskBytes, entries, devices } = await engine.measureVolume(look, signal);
  if (devices > 0) return `volume ${volume} holds ${devices === 1 ? 'a device file' : `${devices} device files`}, ${noDevices}`;
  const needed = Math.ceil((Math.min(apparentBytes, diskBytes) + entries * entryBytes) * (1 + marginShare)) + marginBytes;
  const free = await backups.room();
  if (needed <= free) return undefined;
  const holds = `volume ${volume} holds ${amountText(apparentBytes)} (${amountText(diskBytes)} on its disk)`;
  return (
    `${holds}, and a backup of it needs up to ${amountText(needed)}, but only ${amountText(free)} are free where backups lie; make room ` +
    '(stackctl volume prune), or set state_dir to a larger disk'
  );
}
