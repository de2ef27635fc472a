import { fromEntries, get, type ByName } from '../lib/record.ts';
import { bare } from './bare.ts';
import { escaped } from './config-model.ts';
import { contentKey } from './file-values.ts';
import { goTime } from './go-time.ts';
import { entriesOf, type MapNode, type Node } from './node.ts';
import { yamlForm } from './yaml-form.ts';

/**
 * The model as Docker Compose prints it in YAML, where it differs from its JSON: extensions stand wherever they were written, numbers and
 * dates of theirs as Go writes them, and keys in the order of Go's structs. `written` is the stack before its values were brought into form.
 */
export const yamlModel = (model: ByName<unknown>, written: MapNode): ByName<unknown> =>
  yamlForm(withExtensions(model, written, 0) as ByName<unknown>);

/** The merged files with their variables as they are written, likewise. */
export const writtenYaml = (root: MapNode): ByName<unknown> => yamlForm(goData(root, (text) => text) as ByName<unknown>, 'alphabet');

/** Of services, networks and so on, every key is a name. */
const sectionDepth = 1;

function withExtensions(value: unknown, written: Node | undefined, depth: number): unknown {
  if (Array.isArray(value)) {
    const items = written?.kind === 'list' && written.items.length === value.length ? written.items : [];
    return value.map((item, i) => withExtensions(item, items[i], depth + 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  const own = value as ByName<unknown>;
  const below = Object.entries(own).map(
    ([key, inner]) => [key, withExtensions(inner, entriesOf(written).get(key)?.node, depth + 1)] as const,
  );
  if (depth === sectionDepth) return fromEntries(below);
  const isExtension = (key: string): boolean =>
    key.startsWith('x-') && key !== contentKey && (depth === 0 || get(own, escaped(key)) === undefined);
  const extensions = [...entriesOf(written)].filter(([key]) => isExtension(key));
  return fromEntries([...below, ...extensions.map(([key, { node }]) => [escaped(key), goData(node, escaped)] as const)]);
}

/** What was read of a place that nobody knows, as Go keeps it. */
function goData(node: Node, put: (text: string) => string): unknown {
  if (node.kind === 'list') return node.items.map((item) => goData(item, put));
  if (node.kind === 'map') return fromEntries([...node.entries].map(([key, entry]) => [put(key), goData(entry.node, put)] as const));
  if (node.date === true) return bare(goTime(node.text));
  if (typeof node.value === 'number') return bare(node.text);
  return typeof node.value === 'string' ? put(node.value) : node.value;
}
