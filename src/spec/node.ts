import type { Mark } from './mark.ts';

/** A document in which every value knows where it was written. Values of one anchor are shared, never changed. */
export type Node = ScalarNode | ListNode | MapNode;

export interface ScalarNode extends Placed {
  readonly kind: 'scalar';
  readonly value: Scalar;
  /** The value as Go prints it, for places that take any scalar as text: 0x1F is "31". */
  readonly text: string;
  /** An unquoted date, which YAML 1.1 does not read as text. */
  readonly date?: true;
  /** A number that is no whole one for YAML, whatever its value: 1.0, and 08, which no octal number is. */
  readonly float?: true;
}

export interface ListNode extends Placed {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

export interface MapNode extends Placed {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
}

interface Placed {
  readonly mark: Mark;
  readonly tag?: Tag;
  /** Says no more than if it were absent, so it is not printed. */
  readonly silent?: true;
}

export interface Entry {
  /** Where the key stands. */
  readonly key: Mark;
  readonly node: Node;
}

export type Scalar = string | number | boolean | null;

/** `!reset` and `!override`; other tags mean nothing here. */
export type Tag = 'reset' | 'override';

export const isNull = (node: Node): boolean => node.kind === 'scalar' && node.value === null;

export const scalarNode = (value: Scalar, mark: Mark): ScalarNode => ({ kind: 'scalar', value, text: String(value ?? ''), mark });

/** The same value, printed or not. */
export const silenced = <T extends Node>(node: T): T => ({ ...node, silent: true as const });

export const listNode = (items: readonly Node[], mark: Mark): ListNode => ({ kind: 'list', items, mark });

/** A map whose keys are marked where their values are; entries without a value are left out. */
export function mapNode(values: { readonly [key: string]: Node | undefined }, mark: Mark): MapNode {
  const entries = new Map<string, Entry>();
  for (const key of Object.keys(values)) {
    const node = values[key];
    if (node) entries.set(key, { key: node.mark, node });
  }
  return { kind: 'map', entries, mark };
}

/** The value under a key of a map. */
export const child = (node: Node | undefined, key: string): Node | undefined =>
  node?.kind === 'map' ? node.entries.get(key)?.node : undefined;

/** The entries of a map; none of any other node. */
export const entriesOf = (node: Node | undefined): ReadonlyMap<string, Entry> => (node?.kind === 'map' ? node.entries : noEntries);

const noEntries: ReadonlyMap<string, Entry> = new Map();

/** The document without its places. */
export function plainOf(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainOf);
  const plain: Record<string, unknown> = {};
  for (const [key, entry] of node.entries) plain[key] = plainOf(entry.node);
  return plain;
}

/** The text of a scalar; empty for anything else. */
export const textOf = (node: Node | undefined): string => (node?.kind === 'scalar' ? node.text : '');

/** Where a person looks for the value at a path: a scalar itself, the key of anything larger. */
export function markAt(root: Node, path: readonly string[]): Mark {
  let mark = root.mark;
  let node: Node | undefined = root;
  for (const step of path) {
    const entry: Entry | undefined = entryAt(node, step);
    if (!entry) return mark;
    mark = bestMark(entry);
    node = entry.node;
  }
  return mark;
}

export const bestMark = ({ key, node }: Entry): Mark => (node.kind === 'scalar' && node.mark.length > 0 ? node.mark : key);

function entryAt(node: Node, step: string): Entry | undefined {
  if (node.kind === 'map') return node.entries.get(step);
  const item = node.kind === 'list' ? node.items[Number(step)] : undefined;
  return item && { key: item.mark, node: item };
}
