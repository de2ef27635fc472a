import { isNull, type Entry, type ListNode, type MapNode, type Node } from './node.ts';

/** Values that an override file replaces as a whole. */
const replaced = new Set(['services.*.command', 'services.*.entrypoint', 'services.*.healthcheck.test', 'services.*.x-stack.ready']);
/** Maps in which null is a value of its own. */
const nullable = new Set(['services.*.environment.*', 'services.*.build.args.*']);

/** What makes two entries of a list the same one; lists that are not named here hold texts. */
const identities: { readonly [place: string]: (item: Node) => string } = {
  'services.*.ports': (item) => `${field(item, 'host_ip')}:${field(item, 'published')}:${field(item, 'target')}/${field(item, 'protocol')}`,
  'services.*.volumes': (item) => field(item, 'target'),
  'services.*.secrets': (item) => targetOf(item, '/run/secrets/'),
  'services.*.configs': (item) => targetOf(item, '/'),
  'services.*.env_file': (item) => field(item, 'path'),
};
const kinds = Object.keys(identities);

/**
 * The stack files as one, by the merge rules of the Compose Specification: maps are merged, lists appended without saying anything
 * twice, commands and probes replaced; null says nothing; `!reset` takes away and `!override` replaces. All are in normal form.
 */
export function mergeStacks(roots: readonly MapNode[]): MapNode | undefined {
  const [first, ...others] = roots;
  const merged = others.reduce<Node | undefined>((base, over) => (base ? mergeNodes(base, over, []) : over), first);
  return merged?.kind === 'map' ? (tidy(merged, []) as MapNode) : undefined;
}

function mergeNodes(base: Node, over: Node, path: readonly string[]): Node | undefined {
  const place = placeOf(path);
  if (over.tag === 'reset') return undefined;
  if (over.tag === 'override') return over;
  if (isNull(over)) return nullable.has(place) ? over : base;
  if (replaced.has(place)) return over;
  if (place === 'services.*.logging' && otherDriver(base, over)) return over;
  if (base.kind === 'map' && over.kind === 'map') return mergeMaps(base, over, path);
  if (base.kind === 'list' && over.kind === 'list') return { ...over, items: [...base.items, ...over.items] };
  return over;
}

function mergeMaps(base: MapNode, over: MapNode, path: readonly string[]): MapNode {
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of over.entries) {
    const have = entries.get(key);
    const node = have ? mergeNodes(have.node, entry.node, [...path, key]) : entry.node.tag === 'reset' ? undefined : entry.node;
    if (!node) entries.delete(key);
    else entries.set(key, node === have?.node ? have : { key: entry.key, node });
  }
  return { ...base, entries };
}

/** Options of another log driver mean nothing to this one. */
function otherDriver(base: Node, over: Node): boolean {
  const [before, after] = [field(base, 'driver'), field(over, 'driver')];
  return before !== '' && after !== '' && before !== after;
}

/** Lists in which nothing stands twice; of what stands twice, the last wins at the place of the first. */
function tidy(node: Node, path: readonly string[]): Node {
  if (node.kind === 'scalar' || path[0]?.startsWith('x-')) return node;
  const place = placeOf(path);
  if (node.kind === 'list') return replaced.has(place) ? node : unique(node, place);
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) {
    if (entry.node.tag !== 'reset') entries.set(key, { ...entry, node: tidy(entry.node, [...path, key]) });
  }
  return { ...node, entries };
}

function unique(list: ListNode, place: string): ListNode {
  const identity = identities[place] ?? ((item: Node) => (item.kind === 'scalar' ? item.text : ''));
  if (!kinds.includes(place) && list.items.some((item) => item.kind !== 'scalar')) return list;
  const items = new Map<string, Node>();
  for (const item of list.items) items.set(identity(item), item);
  return { ...list, items: [...items.values()] };
}

function field(node: Node, key: string): string {
  const value = node.kind === 'map' ? node.entries.get(key)?.node : undefined;
  return value?.kind === 'scalar' ? value.text : '';
}

const targetOf = (item: Node, folder: string): string => field(item, 'target') || `${folder}${field(item, 'source')}`;

/** The second step is a name of the person's, the rest are keys, but for the names in maps that a rule speaks of. */
function placeOf(path: readonly string[]): string {
  const steps = path.map((step, i) => (i === 1 ? '*' : step));
  const inner = steps.slice(2).join('.');
  if (steps.length === 4 && steps[2] === 'environment') steps[3] = '*';
  if (steps.length === 5 && inner.startsWith('build.args.')) steps[4] = '*';
  return steps.join('.');
}
