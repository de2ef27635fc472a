import { tarEnd, tarHeader, tarPadding } from '../../src/adapters/docker-tar.ts';
import type { Observed } from '../../src/model/observed.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import type { Engine, VolumeExchange } from '../../src/platform/engine.ts';
import { isActive, type Kept, type Machine } from './memory-machine.ts';

/** What is in a volume. */
interface Content {
  /** The volume in which it was first. */
  readonly of: string;
  readonly text: string;
}

/** By the volume's name; absent: nothing that anybody has put there. */
export type Contents = Map<string, Content>;

export const contentsAtFirst = ({ volumes }: Observed): Contents =>
  new Map(Object.keys(volumes).map((name) => [name, { of: name, text: `data of ${name}` }]));

/** Two volumes change what is in them, unless they stand that way already. */
export function exchangeContents(machine: Machine, { volume, fresh, way }: Omit<VolumeExchange, 'image'>): void {
  const user = [...machine.containers.values()].find(
    ({ seen }) => isActive(seen.state) && seen.settings.volumes?.some(({ source }) => source === volume || source === fresh),
  );
  if (user) throw new EngineError('conflict', `container ${user.seen.name} uses volume ${volume}`);
  for (const name of [volume, fresh]) if (!machine.volumes.has(name)) throw new EngineError('not-found', `no such volume: ${name}`);
  const [here, there] = [machine.contents.get(volume), machine.contents.get(fresh)];
  const isThere = there?.of === volume;
  if (isThere === (way === 'there')) return;
  set(machine, volume, there);
  set(machine, fresh, here);
}

function set({ contents }: Machine, name: string, content: Content | undefined): void {
  if (content) contents.set(name, content);
  else contents.delete(name);
}

/** What starts a container, and lets its program write. */
export const writing =
  (machine: Machine, start: (kept: Kept) => void) =>
  (kept: Kept): void => {
    start(kept);
    writeContents(machine, kept);
  };

/** What a program that a run has made leaves in all volumes that it can write to. */
function writeContents(machine: Machine, { seen, joins }: Kept): void {
  if (seen.run === undefined) return;
  const lenders = (seen.settings.volumes_from ?? [])
    .filter((text) => !text.endsWith(':ro'))
    .flatMap((text) => machine.containers.get(joins[`service:${text.split(':')[0]!}`] ?? '')?.seen ?? []);
  for (const { settings } of [seen, ...lenders])
    for (const { type, source, read_only } of settings.volumes ?? []) {
      if (type !== 'volume' || source === '' || read_only) continue;
      machine.contents.set(source, { of: machine.contents.get(source)?.of ?? source, text: `written by ${seen.run}` });
    }
}

/** The tar of a volume in memory: its root, and one file with what is in it. */
export function contentTar({ contents }: Machine, volume: string): readonly Uint8Array[] {
  const common = { uid: 0, gid: 0, modified: 0 };
  const text = Buffer.from(contents.get(volume)?.text ?? '');
  const root = tarHeader({ ...common, path: '.', kind: 'folder', mode: 0o755, size: 0 });
  return [
    root,
    tarHeader({ ...common, path: 'text', kind: 'file', mode: 0o644, size: text.length }),
    text,
    tarPadding(text.length),
    tarEnd,
  ];
}

/** What `contentTar` wrote; of any other tar nobody knows what it holds. */
async function textIn(tar: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk);
  const entry = Buffer.concat(chunks).subarray(512);
  if (entry.length < 1024) return 'restored';
  const size = parseInt(entry.subarray(124, 135).toString(), 8);
  return entry.subarray(512, 512 + size).toString();
}

type Act = <T>(what: string, signal: AbortSignal, effect: () => T) => Promise<T>;

/** What an engine in memory does with what is in volumes. */
export const contentWork = (machine: Machine, act: Act): Pick<Engine, 'fillVolume' | 'areExchanged' | 'exchangeVolumes'> => ({
  async fillVolume({ volume, tar }, signal) {
    const text = await textIn(tar);
    await act(`fill ${volume}`, signal, () => void machine.contents.set(volume, { of: volume, text }));
  },
  areExchanged: ({ volume, fresh }, signal) =>
    act(`look at ${volume} and ${fresh}`, signal, () => machine.contents.get(fresh)?.of === volume),
  exchangeVolumes: ({ volume, fresh, way }, signal) =>
    act(`switch ${volume} ${way} ${fresh}`, signal, () => exchangeContents(machine, { volume, fresh, way })),
});
