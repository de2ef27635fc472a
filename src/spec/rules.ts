import type { Entry, MapNode, Node } from './node.ts';

/** Rules by place, such as "services.*.ports"; "*" stands for any name and any position in a list. */
export interface Rules<T> {
  readonly rule?: T;
  readonly steps: ReadonlyMap<string, Rules<T>>;
}

interface Growing<T> {
  rule?: T;
  readonly steps: Map<string, Growing<T>>;
}

/** From a table of places to a tree that is walked beside the document. */
export function rulesOf<T>(table: { readonly [place: string]: T }): Rules<T> {
  const root: Growing<T> = { steps: new Map() };
  for (const [place, rule] of Object.entries(table)) {
    let at = root;
    for (const step of place.split('.')) {
      const next = at.steps.get(step) ?? { steps: new Map<string, Growing<T>>() };
      at.steps.set(step, next);
      at = next;
    }
    at.rule = rule;
  }
  return root;
}

/** The rules for what stands under a key, or at a position, of the place that `rules` speak of. */
export const rulesUnder = <T>(rules: Rules<T> | undefined, key: string): Rules<T> | undefined =>
  rules?.steps.get(key) ?? rules?.steps.get('*');

/** Another node in the place of this one; undefined takes it away. */
export type Rewrite<S> = (node: Node, scope: S) => Node | undefined;

/** The document with each rule applied at its place, from the outside in; what no rule speaks of is not looked at. */
export function rewrite<S>(node: Node, rules: Rules<Rewrite<S>>, scope: S): Node | undefined {
  const changed = rules.rule ? rules.rule(node, scope) : node;
  if (!changed || rules.steps.size === 0 || changed.kind === 'scalar') return changed;
  if (changed.kind === 'map') return rewriteMap(changed, rules, scope);
  const each = rules.steps.get('*');
  return each ? { ...changed, items: changed.items.flatMap((item) => rewrite(item, each, scope) ?? []) } : changed;
}

function rewriteMap<S>(map: MapNode, rules: Rules<Rewrite<S>>, scope: S): MapNode {
  const each = rules.steps.get('*');
  // Few keys of a large map have a rule: those are looked up instead of walking the map.
  const keys = each ? map.entries.keys() : [...rules.steps.keys()].filter((key) => map.entries.has(key));
  let entries: Map<string, Entry> | undefined;
  for (const key of keys) {
    const entry = map.entries.get(key);
    const inner = rules.steps.get(key) ?? each;
    if (!entry || !inner) continue;
    const node = rewrite(entry.node, inner, scope);
    if (node === entry.node) continue;
    entries ??= new Map(map.entries);
    if (node) entries.set(key, { key: entry.key, node });
    else entries.delete(key);
  }
  return entries ? { ...map, entries } : map;
}
