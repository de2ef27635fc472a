import { parseFileMode, withMode } from '../../src/lib/file-mode.ts';
import { fromEntries } from '../../src/lib/record.ts';
import { placeText, type DataPlace } from '../../src/model/data-place.ts';
import type { Observed } from '../../src/model/observed.ts';
import { isLooked, type FileOwner, type Ids, type LookedData, type SeenData } from '../../src/model/seen-data.ts';
import type { AsideOrder, DataLook, DataWork, OwnOrder, UserOfImage } from '../../src/platform/data-work.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import type { Machine } from './memory-machine.ts';

/** A file or folder in a volume. The root has the path ".". */
export interface Entry extends FileOwner {
  readonly kind: 'file' | 'folder' | 'link';
  /** Another one is another entry, though of the same path. */
  readonly inode: number;
  readonly bytes: number;
}

/** What is in one place, by path. */
export type Tree = ReadonlyMap<string, Entry>;

/** What a run keeps beside a place. */
export interface Aside {
  /** Newest last: what entries had. */
  readonly owners: readonly Tree[];
  readonly files: Tree;
}

/** As an engine makes a volume. */
const emptyTree = (): Tree => new Map([['.', { kind: 'folder', uid: 0, gid: 0, mode: 0o755, inode: 1, bytes: 0 }]]);

const noAside: Aside = { owners: [], files: new Map() };

interface Calls {
  read<T>(signal: AbortSignal, effect: () => T): Promise<T>;
  act<T>(what: string, signal: AbortSignal, effect: () => T): Promise<T>;
}

/** What is done inside volumes, as calls of an engine in memory. */
export function memoryData(machine: Machine, { read, act }: Calls): DataWork {
  const data = dataIn(machine);
  return {
    idsOf: (who, signal) => read(signal, () => data.idsOf(who)),
    lookInto: (look, signal) => read(signal, () => data.lookInto(look)),
    ownFiles: (order, signal) => act(`own ${placeText(order.place)}`, signal, () => data.ownFiles(order)),
    disownFiles: (order, signal) => act(`disown ${placeText(order.place)}`, signal, () => data.disownFiles(order)),
    removeFiles: (order, signal) => act(`remove files from ${placeText(order.place)}`, signal, () => data.removeFiles(order)),
    putBackFiles: (order, signal) => act(`put files back into ${placeText(order.place)}`, signal, () => data.putBackFiles(order)),
  };
}

/** The programs of src/adapters/helper-*.ts, on trees in memory: each is all or nothing here. */
const dataIn = (machine: Machine) => {
  const treeOf = ({ place }: Pick<AsideOrder, 'place'>): Tree => {
    if (place.kind === 'volume' && !machine.volumes.has(place.name)) throw new EngineError('not-found', `no volume ${place.name}`);
    return machine.trees.get(placeText(place)) ?? emptyTree();
  };
  const asideOf = ({ aside }: AsideOrder): Aside => {
    if (!machine.volumes.has(aside)) throw new EngineError('not-found', `no volume ${aside}`);
    return machine.asides.get(aside) ?? noAside;
  };
  const keep = (order: AsideOrder, tree: Tree, aside: Aside): void => {
    machine.trees.set(placeText(order.place), tree);
    machine.asides.set(order.aside, aside);
  };
  return {
    idsOf: ({ image, user, group, withGroup }: UserOfImage): Ids => {
      if (!machine.images.has(image)) throw new EngineError('not-found', `No such image: ${image}`);
      const id = (name: string): number => (/^\d+$/.test(name) ? Number(name) : name === '' || name === 'root' ? 0 : 1000);
      return { uid: id(user), ...(group !== undefined ? { gid: id(group) } : withGroup ? { gid: id(user) } : {}) };
    },
    lookInto: (look: DataLook) => lookedAt(treeOf(look), look),
    ownFiles(order: OwnOrder): number {
      const [tree, aside] = [treeOf(order), asideOf(order)];
      const text = placeText(order.place);
      machine.looks.set(text, { ...order, files: machine.looks.get(text)?.files ?? [] });
      const differing = new Map(differs(tree, order));
      const owned = new Map([...tree].map(([path, entry]) => [path, differing.has(path) ? wanted(entry, order) : entry] as const));
      keep(order, owned, { ...aside, owners: [...aside.owners, differing] });
      return differing.size;
    },
    disownFiles(order: AsideOrder): void {
      const aside = asideOf(order);
      const tree = aside.owners.toReversed().reduce(
        (now, was) =>
          new Map(
            [...now].map(([path, entry]) => {
              const then = was.get(path);
              return [path, then?.inode === entry.inode ? { ...entry, ...ownerOf(then) } : entry] as const;
            }),
          ),
        treeOf(order),
      );
      keep(order, tree, { ...aside, owners: [] });
    },
    removeFiles(order: AsideOrder & { readonly files: readonly string[] }): number {
      const [tree, aside] = [treeOf(order), asideOf(order)];
      const gone = [...tree].filter(([path]) => order.files.includes(path));
      keep(order, new Map([...tree].filter(([path]) => !order.files.includes(path))), {
        ...aside,
        files: new Map([...aside.files, ...gone]),
      });
      return gone.length;
    },
    putBackFiles(order: AsideOrder): void {
      const aside = asideOf(order);
      keep(order, new Map([...treeOf(order), ...aside.files]), { ...aside, files: new Map() });
    },
  };
};

function lookedAt(tree: Tree, look: DataLook): Omit<LookedData, 'wanted'> {
  const differing = differs(tree, look);
  return {
    root: ownerOf(tree.get('.')!),
    looked: within(tree, look.depth).length,
    isWhole: true,
    differ: differing.length,
    sample: differing.flatMap(([path]) => (path === '.' ? [] : [path])).slice(0, 5),
    files: fromEntries(look.files.flatMap((name) => (tree.get(name)?.kind === 'file' ? [[name, tree.get(name)!.bytes] as const] : []))),
    refused: [],
  };
}

/** Trees in which a look finds what this one has found. */
export function dataFrom({ data = {} }: Observed): Pick<Machine, 'trees' | 'looks'> {
  const looked = Object.entries(data).flatMap(([text, seen]) => (isLooked(seen) ? [[text, seen] as const] : []));
  return {
    trees: new Map(looked.map(([text, seen]) => [text, treeLike(seen)] as const)),
    looks: new Map(
      looked.map(
        ([text, { wanted: ids, files }]) => [text, { place: placeNamed(text), image: '', ids, files: Object.keys(files) }] as const,
      ),
    ),
  };
}

function treeLike({ wanted: ids, root, looked, differ, files }: LookedData): Tree {
  const owned = { ...root, ...ids };
  const others = differ - (root.uid === owned.uid && root.gid === owned.gid ? 0 : 1);
  const names = [...Object.keys(files), ...Array.from({ length: looked - 1 - Object.keys(files).length }, (_, i) => `file${i}`)];
  const entries = names.map((path, i): [string, Entry] => [
    path,
    { kind: 'file', ...owned, ...(i < others && { uid: 77 + i, mode: 0o600 + i }), inode: i + 2, bytes: files[path] ?? 1 },
  ]);
  return new Map<string, Entry>([['.', { kind: 'folder', ...root, inode: 1, bytes: 0 }], ...entries]);
}

const placeNamed = (text: string): DataPlace =>
  text.startsWith('volume ')
    ? { kind: 'volume', name: text.slice('volume '.length) }
    : { kind: 'bind', path: text.slice('folder '.length) };

/** What a look would find now, in all places that somebody asked about. All that is there stands in the sample, for those who compare. */
export function dataSeen(machine: Machine): Pick<Observed, 'data'> {
  if (machine.looks.size === 0) return {};
  const seen = [...machine.looks].map(([text, look]): [string, SeenData] => {
    if (look.place.kind === 'volume' && !machine.volumes.has(look.place.name)) return [text, { unknown: 'known after create' }];
    const tree = machine.trees.get(text) ?? emptyTree();
    const found = lookedAt(tree, look);
    return [text, { wanted: look.ids, ...found, sample: [...tree].map((entry) => JSON.stringify(entry)).sort() }];
  });
  return { data: fromEntries(seen) };
}

type Wish = Pick<OwnOrder, 'ids' | 'mode' | 'depth'>;

const within = (tree: Tree, depth = Infinity): [string, Entry][] =>
  [...tree].filter(([path]) => path === '.' || path.split('/').length <= depth);

function wanted(entry: Entry, { ids, mode }: Wish): Entry {
  const parsed = mode === undefined || entry.kind === 'link' ? undefined : parseFileMode(mode);
  return { ...entry, ...ids, ...(parsed?.ok && { mode: withMode(parsed.value, entry.mode, entry.kind === 'folder') }) };
}

const differs = (tree: Tree, wish: Wish): [string, Entry][] =>
  within(tree, wish.depth).filter(([, entry]) => {
    const { uid, gid, mode } = wanted(entry, wish);
    return uid !== entry.uid || gid !== entry.gid || mode !== entry.mode;
  });

const ownerOf = ({ uid, gid, mode }: Entry): FileOwner => ({ uid, gid, mode });
