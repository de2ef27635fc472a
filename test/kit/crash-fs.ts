import { dirname, basename } from 'node:path';
import type { Fs, OpenFile } from '../../src/adapters/fs.ts';
import { emptyImage, entriesOf, make, numberAt, type Change, type Image } from './crash-disk.ts';

/** A disk at one moment: what is on it for sure, and what may be. */
export interface DiskMoment {
  readonly lasting: Image;
  readonly pending: readonly Change[];
}

/** A file system that forgets, when the power goes, what was not synced: as much of it as it likes. */
export interface CrashFs extends Fs {
  /** What a power cut may leave of it now. */
  moment(): DiskMoment;
  /** How many files and folders were opened and not closed. */
  leftOpen(): number;
}

interface Pending {
  readonly change: Change;
  /** Folders of a change of names that have been synced since. */
  readonly synced: Set<number>;
}

/**
 * Only a sync makes things last: of a file its bytes, of a folder the names in it; a rename from one folder to another lasts when both
 * were synced, and is undone as a whole until then. `onChange` is called before each change and each sync.
 */
export function crashFs(start: Image = emptyImage(), onChange: () => void = () => undefined): CrashFs {
  const now: Image = new Map(start);
  const lasting: Image = new Map(start);
  let pending: Pending[] = [];
  let open = 0;
  let numbers = Math.max(...start.keys());

  const change = (made: Change): void => {
    make(made, now);
    pending.push({ change: made, synced: new Set() });
  };
  const sync = (number: number): void => {
    onChange();
    pending = pending.filter(({ change: each, synced }) => {
      if (each.of === 'names' && each.links.some(({ folder }) => folder === number)) synced.add(number);
      const lasts = each.of === 'names' ? each.links.every(({ folder }) => synced.has(folder)) : each.file === number;
      if (lasts) make(each, lasting);
      return !lasts;
    });
  };
  const place = (path: string): { readonly folder: number; readonly name: string } => {
    const folder = numberAt(now, dirname(path));
    if (folder === undefined || now.get(folder)?.kind !== 'folder') throw missing(path);
    return { folder, name: basename(path) };
  };
  const link = (path: string, to: number | undefined): void => {
    onChange();
    change({ of: 'names', links: [{ ...place(path), to }] });
  };
  const makeFolder = (path: string): string | undefined => {
    if (numberAt(now, path) !== undefined) return undefined;
    const above = makeFolder(dirname(path));
    link(path, ++numbers);
    now.set(numbers, { kind: 'folder', entries: new Map() });
    lasting.set(numbers, { kind: 'folder', entries: new Map() });
    return above ?? path;
  };
  const bytesOf = (number: number): Buffer => {
    const node = now.get(number);
    if (node?.kind === 'folder') throw failure('EISDIR', 'a folder');
    return node?.bytes ?? Buffer.alloc(0);
  };
  const write = (file: number, at: number, bytes: Buffer): void => {
    onChange();
    change({ of: 'data', file, at, bytes: Buffer.from(bytes) });
  };
  const opened = (number: number): OpenFile => ((open += 1), fileOf(number));
  const fileOf = (number: number): OpenFile => ({
    readFile: async () => bytesOf(number),
    writeFile: async (data) => write(number, 0, Buffer.from(data)),
    async write(bytes, from, length, position) {
      write(number, position, bytes.subarray(from, from + length));
      return { bytesWritten: length };
    },
    async truncate(to) {
      onChange();
      change({ of: 'size', file: number, to });
    },
    sync: async () => sync(number),
    datasync: async () => sync(number),
    stat: async () => ({
      uid: process.geteuid?.() ?? 0,
      mode: 0o600,
      size: bytesOf(number).length,
      isFile: () => now.get(number)?.kind !== 'folder',
    }),
    close: async () => void (open -= 1),
  });
  const existing = (path: string): number => {
    const number = numberAt(now, path);
    if (number === undefined) throw missing(path);
    return number;
  };

  return {
    moment: () => ({ lasting: new Map(lasting), pending: pending.map((each) => each.change) }),
    leftOpen: () => open,
    mkdir: async (path) => makeFolder(path),
    async open(path, flags) {
      if (flags !== 'wx') return opened(existing(path));
      if (numberAt(now, path) !== undefined) throw failure('EEXIST', path);
      link(path, ++numbers);
      now.set(numbers, { kind: 'file', bytes: Buffer.alloc(0) });
      lasting.set(numbers, { kind: 'file', bytes: Buffer.alloc(0) });
      return opened(numbers);
    },
    readdir: async (path) => [...entriesOf(now, existing(path)).keys()],
    async rename(from, to) {
      const number = existing(from);
      const [old, next] = [place(from), place(to)];
      onChange();
      change({
        of: 'names',
        links: [
          { ...next, to: number, from: old },
          { ...old, to: undefined },
        ],
      });
    },
    async rm(path) {
      if (numberAt(now, path) !== undefined) link(path, undefined);
    },
    async stat(path) {
      existing(path);
      return { mtimeMs: Date.now() };
    },
  };
}

const failure = (code: string, what: string): Error => Object.assign(new Error(`${code}: ${what}`), { code });
const missing = (path: string): Error => failure('ENOENT', path);
