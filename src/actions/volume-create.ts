import { get, omit, put } from '../lib/record.ts';
import type { VolumeSpec } from '../model/desired.ts';
import type { Observed } from '../model/observed.ts';
import { callMs, touch } from './container-ref.ts';
import { defineAction, type ActionKind } from './define.ts';

interface CreateArgs {
  readonly stack: string;
  readonly volume: VolumeSpec;
  /** In place of one that a person allowed to be destroyed: taken back with what was written to it since. */
  readonly anew?: true;
}

interface RemoveArgs {
  readonly name: string;
  /** The run that made it; absent: the one that removes it. */
  readonly run?: string;
}

export const volumeCreate: ActionKind<CreateArgs> = defineAction<CreateArgs>('volume.create', {
  symbol: '+',
  target: ({ volume }) => volume.name,
  label: ({ volume }) => `create volume ${volume.name}`,
  keepsData: ({ volume, anew }) => (anew ? undefined : volume.name),
  timeoutMs: () => callMs,
  touches: ({ volume }) => [touch('volume', volume.name)],
  // The engine answers 201 for a volume that is there already, whatever its options: only this guard tells.
  guard: ({ volume }, now) => (get(now.volumes, volume.name) ? `a volume ${volume.name} is there already` : undefined),
  simulate: ({ stack, volume }, now, run) => ({
    ...now,
    volumes: put(now.volumes, volume.name, {
      name: volume.name,
      driver: volume.driver ?? 'local',
      driverOptions: volume.driverOptions,
      labels: volume.labels,
      stack,
      run,
    }),
  }),
  undo: ({ volume }) => volumeDiscard({ name: volume.name }),
  run: ({ stack, volume }, { engine, run, signal }) => engine.createVolume(volume, { stack, run }, signal),
});

/**
 * The way back of `volume.create`, and the end of a volume in which a run kept what it needed for its way back: removes a volume only if
 * this run made it and nothing uses it.
 */
export const volumeDiscard: ActionKind<RemoveArgs> = defineAction<RemoveArgs>('volume.discard', {
  symbol: '-',
  target: ({ name }) => name,
  label: ({ name, run }) => `remove volume ${name}, made by ${run === undefined ? 'this' : 'the interrupted'} run`,
  removesVolume: ({ name }) => name,
  timeoutMs: () => callMs,
  touches: ({ name }) => [touch('volume', name)],
  guard: ({ name, run: maker }, now, run) => whyNotOurs(name, now, maker ?? run),
  simulate: ({ name }, now) => ({ ...now, volumes: omit(now.volumes, name) }),
  undo: ({ name }) => ({ lost: `volume ${name}` }),
  run: ({ name }, { engine, signal }) => engine.removeVolume(name, signal),
});

function whyNotOurs(name: string, now: Observed, run: string): string | undefined {
  const seen = get(now.volumes, name);
  if (!seen) return `volume ${name} is not there`;
  return seen.run === run ? undefined : `volume ${name} was not made by this run`;
}
