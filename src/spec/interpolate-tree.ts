import type { Report } from './finding.ts';
import { interpolate, type Lookup } from './interpolate.ts';
import type { Entry, ListNode, MapNode, Node, ScalarNode } from './node.ts';

/**
 * The document with the values of variables in it; keys stay as they are. Reports `variable-required` and `interpolation-syntax` at
 * the value, and `variable-unset` (a warning) once for each variable that is read as empty.
 */
export function interpolateTree<T extends Node>(root: T, lookup: Lookup, report: Report): T {
  const warned = new Set<string>();
  const scalar = (node: ScalarNode): ScalarNode => {
    if (typeof node.value !== 'string' || !node.value.includes('$')) return node;
    const result = interpolate(node.value, lookup);
    if (!result.ok) {
      report({ ...result.error, mark: node.mark });
      return node;
    }
    const { text, unset } = result.value;
    for (const name of unset) {
      if (warned.has(name)) continue;
      warned.add(name);
      const message = `the variable "${name}" is not set and is read as empty`;
      report({ code: 'variable-unset', severity: 'warning', message, mark: node.mark, hint: `give it a default: \${${name}:-…}` });
    }
    return { ...node, value: text, text };
  };
  // A value that stands behind several aliases is worked out once.
  const done = new Map<Node, Node>();
  const walk = (node: Node): Node => {
    const known = done.get(node);
    if (known) return known;
    const result = node.kind === 'scalar' ? scalar(node) : node.kind === 'list' ? walkList(node, walk) : walkMap(node, walk);
    if (node.kind !== 'scalar' || result !== node) done.set(node, result);
    return result;
  };
  return walk(root) as T;
}

function walkList(node: ListNode, walk: (node: Node) => Node): Node {
  const items = node.items.map(walk);
  return items.every((item, i) => item === node.items[i]) ? node : { ...node, items };
}

function walkMap(node: MapNode, walk: (node: Node) => Node): Node {
  let entries: Map<string, Entry> | undefined;
  for (const [key, entry] of node.entries) {
    const value = walk(entry.node);
    if (value === entry.node) continue;
    entries ??= new Map(node.entries);
    entries.set(key, { key: entry.key, node: value });
  }
  return entries ? { ...node, entries } : node;
}
