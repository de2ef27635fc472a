import type { Entry, MapNode } from './node.ts';

type Paths = Map<string, Paths>;

/** The map without what stands at these paths; of a list, all of it. */
export function without(map: MapNode, paths: readonly (readonly string[])[]): MapNode {
  const tree: Paths = new Map();
  for (const path of paths) {
    let at = tree;
    for (const step of path) {
      const next = at.get(step) ?? (new Map() as Paths);
      at.set(step, next);
      at = next;
    }
  }
  return removeFrom(map, tree);
}

function removeFrom(map: MapNode, paths: Paths): MapNode {
  const entries = new Map<string, Entry>(map.entries);
  for (const [step, inner] of paths) {
    const entry = entries.get(step);
    if (inner.size > 0 && entry?.node.kind === 'map') entries.set(step, { ...entry, node: removeFrom(entry.node, inner) });
    else entries.delete(step);
  }
  return { ...map, entries };
}
