import { posix } from 'node:path';

/** What a path can lead to. Bytes are never changed, only replaced: an image may share them with another. */
export type Node =
  { readonly kind: 'file'; readonly bytes: Buffer } | { readonly kind: 'folder'; readonly entries: ReadonlyMap<string, number> };

/** All that is there, by a number that stays with a file whatever it is called. */
export type Image = Map<number, Node>;

/** One change that a disk may have or may not have, as long as nobody synced it. */
export type Change =
  | { readonly of: 'data'; readonly file: number; readonly at: number; readonly bytes: Buffer }
  | { readonly of: 'size'; readonly file: number; readonly to: number }
  | { readonly of: 'names'; readonly links: readonly Link[] };

/** A name that leads to a file from now on, or to nothing. A rename is two of them, and happens as a whole. */
interface Link {
  readonly folder: number;
  readonly name: string;
  readonly to: number | undefined;
  /** What the name of a rename must have led to: where the file never got its old name, it cannot get the new one. */
  readonly from?: { readonly folder: number; readonly name: string };
}

export const root = 0;

export const emptyImage = (): Image => new Map([[root, { kind: 'folder', entries: new Map() }]]);

/** Makes the change, as far as what came before it was made. */
export function make(change: Change, image: Image): void {
  if (change.of === 'names') return void makeNames(change.links, image);
  const before = image.get(change.file);
  const bytes = before?.kind === 'file' ? before.bytes : Buffer.alloc(0);
  image.set(change.file, { kind: 'file', bytes: change.of === 'size' ? resized(bytes, change.to) : written(bytes, change) });
}

function makeNames(links: readonly Link[], image: Image): void {
  const leadsThere = ({ from, to }: Link): boolean => from === undefined || entriesOf(image, from.folder).get(from.name) === to;
  if (!links.every(leadsThere)) return;
  for (const { folder, name, to } of links) {
    const entries = new Map(entriesOf(image, folder));
    if (to === undefined) entries.delete(name);
    else entries.set(name, to);
    image.set(folder, { kind: 'folder', entries });
  }
}

const resized = (bytes: Buffer, to: number): Buffer =>
  to <= bytes.length ? bytes.subarray(0, to) : Buffer.concat([bytes, Buffer.alloc(to - bytes.length)]);

function written(before: Buffer, { at, bytes }: { readonly at: number; readonly bytes: Buffer }): Buffer {
  const end = at + bytes.length;
  return Buffer.concat([resized(before, at), bytes, before.subarray(Math.min(end, before.length))]);
}

export function entriesOf(image: Image, folder: number): ReadonlyMap<string, number> {
  const node = image.get(folder);
  return node?.kind === 'folder' ? node.entries : new Map<string, number>();
}

/** The number of what a path leads to; undefined: nothing. */
export const numberAt = (image: Image, path: string): number | undefined =>
  path
    .split(posix.sep)
    .filter((name) => name !== '')
    .reduce<number | undefined>((at, name) => (at === undefined ? undefined : entriesOf(image, at).get(name)), root);
