import type { Entry, MapNode, Node } from './node.ts';

/** Places where a file says `!reset` or `!override`: whatever other files say there is taken away. */
export interface Resets {
  readonly ends: boolean;
  readonly steps: ReadonlyMap<string, Resets>;
}

/** A document without its tags. */
export interface Untagged {
  readonly root: MapNode;
  readonly resets: Resets;
}

interface Growing {
  ends: boolean;
  readonly steps: Map<string, Growing>;
}

const noResets: Resets = { ends: false, steps: new Map() };

/** Takes `!reset` and `!override` out of a document: what is reset is left out, what overrides stays; both places are noted. */
export function untagged(root: MapNode, hasTags: boolean): Untagged {
  if (!hasTags) return { root, resets: noResets };
  const resets: Growing = { ends: false, steps: new Map() };
  return { root: strip(root, resets) as MapNode, resets };
}

function strip(node: Node, at: Growing): Node | undefined {
  if (node.tag !== undefined) {
    at.ends = true;
    const { tag, ...bare } = node;
    return tag === 'reset' ? undefined : bare;
  }
  if (node.kind === 'scalar') return node;
  if (node.kind === 'list') return { ...node, items: node.items.flatMap((item) => strip(item, { ends: false, steps: new Map() }) ?? []) };
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) {
    const next: Growing = { ends: false, steps: new Map() };
    const inner = strip(entry.node, next);
    if (inner) entries.set(key, { key: entry.key, node: inner });
    if (next.ends || next.steps.size > 0) at.steps.set(key, next);
  }
  return { ...node, entries };
}

/** What other files said, without what is reset. */
export function applyResets<T extends Node>(node: T, resets: Resets): T {
  if (node.kind !== 'map' || resets.steps.size === 0) return node;
  const entries = new Map<string, Entry>(node.entries);
  for (const [key, inner] of resets.steps) {
    const entry = entries.get(key);
    if (!entry) continue;
    if (inner.ends) entries.delete(key);
    else entries.set(key, { key: entry.key, node: applyResets(entry.node, inner) });
  }
  return { ...node, entries };
}

/** The resets under a place. */
export const resetsAt = (resets: Resets, path: readonly string[]): Resets =>
  path.reduce((at, step) => at.steps.get(step) ?? noResets, resets);
