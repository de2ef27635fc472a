import type { Lookup } from './interpolate.ts';
import { child, isNull, scalarNode, type MapNode } from './node.ts';
import { rewrite, rulesOf, type Rewrite } from './rules.ts';

type Fill = Rewrite<Lookup>;

/** The key under which the value of a variable travels with a secret or config; nobody can write it, and it is never printed. */
export const contentKey = 'x-#value';

/** Names in a list take their value from where stackctl runs, or from the .env file of the include. */
const environment: Fill = (node, lookup) => {
  if (node.kind !== 'list') return node;
  const items = node.items.map((item) => {
    const value = item.kind === 'scalar' ? lookup(item.text) : undefined;
    return value === undefined || item.kind !== 'scalar' ? item : scalarNode(`${item.text}=${value}`, item.mark);
  });
  return { ...node, items };
};

const content: Fill = (node, lookup) => {
  const name = child(node, 'environment');
  const value = name?.kind === 'scalar' && !isNull(name) ? lookup(name.text) : undefined;
  if (node.kind !== 'map' || !name || value === undefined || node.entries.has(contentKey)) return node;
  return { ...node, entries: new Map(node.entries).set(contentKey, { key: name.mark, node: scalarNode(value, name.mark) }) };
};

const rules = rulesOf<Fill>({ 'services.*.environment': environment, 'secrets.*': content, 'configs.*': content });

/** The document with the values that an include takes from its own .env file, because nobody after it knows them. */
export const withFileValues = (root: MapNode, lookup: Lookup): MapNode => rewrite<Lookup>(root, rules, lookup) as MapNode;
