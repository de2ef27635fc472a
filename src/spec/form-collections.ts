import { words, type Form } from './form-values.ts';
import { isNull, listNode, scalarNode, silenced, textOf, type Entry, type MapNode, type Node } from './node.ts';

/** A map of known keys, each in its form. An empty value says nothing, but for a command; extensions have no form. */
export const mapOf =
  (forms: { readonly [key: string]: Form }): Form =>
  (node, scope) => {
    if (node.kind !== 'map') return undefined;
    const entries = new Map<string, Entry>();
    for (const [key, entry] of node.entries) {
      const form = Object.hasOwn(forms, key) ? forms[key] : undefined;
      if (!form || (isNull(entry.node) && form !== words)) continue;
      const formed = form(entry.node, scope);
      if (formed) entries.set(key, formed === entry.node ? entry : { key: entry.key, node: formed });
    }
    return { ...node, entries };
  };

const silentIfEmpty = <T extends Node>(node: T): T => {
  const isEmpty = node.kind === 'list' ? node.items.length === 0 : node.kind === 'map' && node.entries.size === 0;
  return isEmpty ? silenced(node) : node;
};

/** A map of which every value has the same form. */
export const mapOfAll =
  (form: Form): Form =>
  (node, scope) =>
    node.kind === 'map' ? silentIfEmpty(mapEntries(node, (value) => form(value, scope))) : undefined;

/** The same keys with other values. */
export function mapEntries(node: MapNode, change: (value: Node, key: string) => Node | undefined): MapNode {
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) {
    const value = change(entry.node, key);
    if (value) entries.set(key, value === entry.node ? entry : { key: entry.key, node: value });
  }
  return { ...node, entries };
}

export const listOf =
  (form: Form): Form =>
  (node, scope) =>
    node.kind === 'list' ? silentIfEmpty({ ...node, items: node.items.flatMap((item) => form(item, scope) ?? []) }) : undefined;

const loud = (node: Node): Node => scalarNode(textOf(node), node.mark);

/** One text or a list of them, also of numbers, as a list. */
export const texts: Form = (node) => {
  const items = node.kind === 'list' ? node.items : [node];
  return silentIfEmpty(listNode(items.map(loud), node.mark));
};

/** A list of NAME=value, or a map, as a map of texts; a name without a value is null. */
export const variables: Form = (node, { report }) => {
  if (node.kind === 'map') return silentIfEmpty(mapEntries(node, (value) => (isNull(value) ? value : loud(value))));
  const entries = new Map<string, Entry>();
  for (const item of node.kind === 'list' ? node.items : []) {
    const line = textOf(item);
    const at = line.indexOf('=');
    const name = at < 0 ? line : line.slice(0, at);
    if (/\s$/.test(name)) report({ code: 'bad-name', message: `the name "${name}" ends with a space`, mark: item.mark });
    entries.set(name, { key: item.mark, node: scalarNode(at < 0 ? null : line.slice(at + 1), item.mark) });
  }
  return silentIfEmpty({ kind: 'map', entries, mark: node.mark });
};

/** Like variables, but for what may stand in a name; a name without a value has an empty one. */
export const labels: Form = (node) => {
  const map = variables(node, { report: () => undefined });
  return map?.kind === 'map' ? silentIfEmpty(mapEntries(map, loud)) : undefined;
};

/** A map of texts. */
export const options: Form = (node) => (node.kind === 'map' ? silentIfEmpty(mapEntries(node, loud)) : undefined);

/** A map of texts in which nothing but text, or a whole number, will do. */
export const strictOptions: Form = (node, scope) => {
  if (node.kind !== 'map') return undefined;
  return silentIfEmpty(
    mapEntries(node, (value) => {
      const isText = value.kind === 'scalar' && (typeof value.value === 'string' || value.value === null || Number.isInteger(value.value));
      if (isText) return loud(value);
      scope.report({ code: 'wrong-type', message: 'this must be text', mark: value.mark, hint: `write it in quotes: "${textOf(value)}"` });
      return undefined;
    }),
  );
};
