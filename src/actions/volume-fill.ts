import { get, names, values } from '../lib/record.ts';
import { sourceText, type RestoreSource } from '../model/restore-source.ts';
import { touch } from './container-ref.ts';
import { defineAction, type ActionKind } from './define.ts';
import { fillVolume } from './fill-volume.ts';
import { restoreMeasure, whyNoRoom } from './restore-room.ts';

interface Args {
  /** Made by this run, and empty. */
  readonly volume: string;
  readonly from: RestoreSource;
  /** Of the helper. */
  readonly image: string;
  readonly userns?: string;
}

/** As long as a backup may take. */
const fillMs = 12 * 3_600_000;

/** Fills a volume that this run has made, and sees that it holds just what it has to: nothing that anybody uses is touched. */
export const volumeFill: ActionKind<Args> = defineAction<Args>('volume.fill', {
  symbol: '+',
  cancellable: true,
  target: ({ volume }) => volume,
  label: ({ volume, from }) => `restore ${sourceText(from)} into volume ${volume}, and verify it`,
  timeoutMs: () => fillMs,
  touches: ({ volume }) => [touch('volume', volume)],
  guard({ volume }, now, run) {
    const seen = get(now.volumes, volume);
    if (!seen) return `volume ${volume} is not there`;
    return seen.run === run ? undefined : `volume ${volume} was not made by this run`;
  },
  simulate: (_args, now) => now,
  undo: () => 'not-needed', // the volume goes with what is in it
  run: (args, world) => fillVolume(args, world),
  async foresee({ from, image, userns }, { engine, backups, now, signal }) {
    // They all lie in one place; the one to be filled is not there yet
    const other = values(now.volumes).find(({ driver, driverOptions }) => driver === 'local' && names(driverOptions).length === 0);
    if (!other) return undefined;
    const measure = await restoreMeasure(from, backups, signal);
    const look = { volume: other.name, image, ...(userns !== undefined && { userns }) };
    return whyNoRoom(from, measure, await engine.volumeRoom(look, signal));
  },
});
