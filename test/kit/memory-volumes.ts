import { fromEntries, type ByName } from '../../src/lib/record.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import type { VolumeUser } from '../../src/model/volume-user.ts';
import type { Engine, VolumeMeasure } from '../../src/platform/engine.ts';
import { contentTar } from './memory-contents.ts';
import { isActive, type Machine } from './memory-machine.ts';

type Read = <T>(signal: AbortSignal, effect: () => T) => Promise<T>;
type Reads = Pick<Engine, 'readVolume' | 'measureVolume' | 'volumeOwners' | 'volumeRoom' | 'volumeUsers' | 'volumeSizes'>;

/** The part of an engine in memory that looks into volumes. */
export const volumeReads = (machine: Machine, read: Read): Reads => ({
  readVolume: async (order, use, signal) => use(await read(signal, () => tarOf(machine, order))),
  measureVolume: ({ volume }, signal) => read(signal, () => measureOf(machine, volume)),
  volumeOwners: ({ volumes }, signal) => read(signal, () => fromEntries(volumes.map((name) => [name, '0:0'] as const))),
  volumeRoom: (_look, signal) => read(signal, () => Number.MAX_SAFE_INTEGER),
  volumeUsers: (signal) => read(signal, () => usersOf(machine)),
  volumeSizes: (signal) => read(signal, () => fromEntries([...machine.volumes.keys()].map((name) => [name, 4096] as const))),
});

/** What counts is who may write to it meanwhile. */
function tarOf(machine: Machine, { volume, changing }: { readonly volume: string; readonly changing: boolean }): AsyncIterable<Uint8Array> {
  mustBeThere(machine, volume);
  const writer = (usersOf(machine)[volume] ?? []).find(({ running, writes }) => running && writes);
  if (writer && !changing && machine.containers.size > 0 && !isPaused(machine, writer.name))
    throw new EngineError('refused', `Could not read volume ${volume}: a file changed as we read it`);
  return chunks(contentTar(machine, volume));
}

const isPaused = (machine: Machine, name: string): boolean =>
  [...machine.containers.values()].some(({ seen }) => seen.name === name && seen.state.status === 'paused');

async function* chunks(all: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* all;
}

function measureOf(machine: Machine, volume: string): VolumeMeasure {
  mustBeThere(machine, volume);
  return { apparentBytes: 0, diskBytes: 4096, entries: 1, devices: 0, owner: '0:0' };
}

function mustBeThere({ volumes }: Machine, volume: string): void {
  if (!volumes.has(volume)) throw new EngineError('not-found', `There is no volume ${volume}`);
}

function usersOf({ containers }: Machine): ByName<readonly VolumeUser[]> {
  const users = new Map<string, VolumeUser[]>();
  for (const { seen, stack } of containers.values())
    for (const { type, source, read_only } of seen.settings.volumes ?? []) {
      if (type !== 'volume' || source === '') continue;
      const user = { name: seen.name, stack, running: isActive(seen.state), writes: !read_only };
      users.set(source, [...(users.get(source) ?? []), user]);
    }
  return fromEntries(users);
}
