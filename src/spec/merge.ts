import type { Report } from './finding.ts';
import { isNull, type Entry, type MapNode, type Node } from './node.ts';
import { mergeRules } from './merge-rules.ts';
import { rulesUnder, type Rules } from './rules.ts';

/** Joins what two files say in one place. */
export type Merge = (base: Node, over: Node, merging: Merging) => Node;

export interface Merging {
  readonly report: Report;
  readonly rules: Rules<Merge> | undefined;
}

/**
 * Two documents as one, by the merge rules of the Compose Specification: maps are merged, lists appended, a null says nothing, and
 * some places have rules of their own (merge-rules.ts). Reports `cannot-merge`.
 */
export const mergeStacks = (base: MapNode, over: MapNode, report: Report): MapNode => mergeMaps(base, over, { report, rules: mergeRules });

/** A service that extends another: what it says itself goes over the other. */
export const mergeServices = (base: MapNode, over: MapNode, report: Report): MapNode =>
  mergeMaps(base, over, { report, rules: rulesUnder(rulesUnder(mergeRules, 'services'), '*') });

export function mergeMaps(base: MapNode, over: MapNode, merging: Merging): MapNode {
  if (base.entries.size === 0) return over;
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of over.entries) {
    const have = entries.get(key);
    if (!have) {
      entries.set(key, entry);
      continue;
    }
    const node = mergeNodes(have.node, entry.node, { report: merging.report, rules: rulesUnder(merging.rules, key) });
    if (node !== have.node) entries.set(key, { key: entry.key, node });
  }
  return { ...base, entries };
}

function mergeNodes(base: Node, over: Node, merging: Merging): Node {
  if (merging.rules?.rule) return merging.rules.rule(base, over, merging);
  if (isNull(over)) return base;
  if (base.kind === 'map' && over.kind === 'map') return mergeMaps(base, over, merging);
  if (base.kind === 'list' && over.kind === 'list') return { ...over, items: [...base.items, ...over.items] };
  if (base.kind === 'scalar') return over;
  const [was, is] = [
    base.kind === 'map' ? 'a map' : 'a list',
    over.kind === 'map' ? 'a map' : over.kind === 'list' ? 'a list' : 'one value',
  ];
  merging.report({
    code: 'cannot-merge',
    message: `this is ${is} here and ${was} in another file, so they cannot be merged`,
    mark: { ...over.mark, length: over.kind === 'scalar' ? over.mark.length : 1 },
    hint: 'write it in the same form, or "!override" before the value to replace the other',
  });
  return base;
}
