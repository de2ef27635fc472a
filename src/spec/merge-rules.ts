import { child, isNull, listNode, mapNode, scalarNode, type Entry, type MapNode, type Node } from './node.ts';
import { mergeMaps, type Merge } from './merge.ts';
import { rulesOf, type Rules } from './rules.ts';

/** What the later file says, whole. */
const replace: Merge = (_base, over) => over;

/** "NAME=value" one after another, also of maps; unique.ts then lets the last of one name win. */
const inSequence: Merge = (base, over) => listNode([...sequenceOf(base), ...sequenceOf(over)], isNull(over) ? base.mark : over.mark);

const hosts: Merge = (base, over) => {
  const before = sequenceOf(base);
  const known = new Set(before.map(textIn));
  return listNode([...before, ...sequenceOf(over).filter((item) => !known.has(textIn(item)))], over.mark);
};

function sequenceOf(node: Node): readonly Node[] {
  if (node.kind === 'list') return node.items;
  if (node.kind === 'scalar') return isNull(node) ? [] : [node];
  const items = [...node.entries].flatMap(([key, { node: value }]) => {
    if (isNull(value)) return [scalarNode(key, value.mark)];
    const values = value.kind === 'list' ? value.items : [value];
    return values.map((each) => scalarNode(`${key}=${textIn(each)}`, each.mark));
  });
  return items.sort((left, right) => (left.text < right.text ? -1 : 1));
}

const textIn = (node: Node): string => (node.kind === 'scalar' ? node.text : '');

/** Maps, of which lists of names are a short form. */
const namesAsMap =
  (valueOf: (item: Node) => Node): Merge =>
  (base, over, merging) =>
    mergeMaps(mapOfNames(base, valueOf), mapOfNames(over, valueOf), merging);

/** A list of names as a map. */
export function mapOfNames(node: Node, valueOf: (item: Node) => Node): MapNode {
  if (node.kind !== 'list') return node.kind === 'map' ? node : mapNode({}, node.mark);
  const entries = new Map<string, Entry>(node.items.map((item) => [textIn(item), { key: item.mark, node: valueOf(item) }]));
  return { kind: 'map', entries, mark: node.mark };
}

export const nothing = (item: Node): Node => scalarNode(null, item.mark);

/** What waiting for a service means when only its name is given. */
export const startedDependency = (item: Node): Node =>
  mapNode({ condition: scalarNode('service_started', item.mark), required: scalarNode(true, item.mark) }, item.mark);

const build: Merge = (base, over, merging) => mergeMaps(buildMap(base), buildMap(over), merging);

const buildMap = (node: Node): MapNode => (node.kind === 'map' ? node : mapNode(isNull(node) ? {} : { context: node }, node.mark));

/** Options of another log driver mean nothing to this one. */
const logging: Merge = (base, over, merging) => {
  if (over.kind !== 'map' || base.kind !== 'map') return isNull(over) ? base : over;
  const [before, after] = [child(base, 'driver'), child(over, 'driver')];
  return !before || !after || textIn(before) === textIn(after) ? mergeMaps(base, over, merging) : over;
};

/** Pools of addresses: those of one subnet are one. */
const pools: Merge = (base, over, merging) => {
  if (base.kind !== 'list' || over.kind !== 'list') return isNull(over) ? base : over;
  const subnetOf = (pool: Node) => textIn(child(pool, 'subnet') ?? scalarNode(null, pool.mark));
  const merged: MapNode[] = [];
  for (const original of base.items) {
    for (const item of over.items) {
      const [right, left] = [mapOfNames(original, nothing), mapOfNames(item, nothing)];
      if (subnetOf(left) !== subnetOf(right) && !merged.some((pool) => subnetOf(pool) === subnetOf(left))) {
        merged.push(left);
        continue;
      }
      const both = mergeMaps(right, left, { ...merging, rules: undefined });
      const at = merged.findIndex((pool) => subnetOf(pool) === subnetOf(both));
      if (at >= 0) merged[at] = both;
      else merged.push(both);
    }
  }
  return listNode(merged, over.mark);
};

/** Where merging is not what it is elsewhere, as the reference has it (compose-go's override package). */
export const mergeRules: Rules<Merge> = rulesOf<Merge>({
  'networks.*.ipam.config': pools,
  'networks.*.labels': inSequence,
  'volumes.*.labels': inSequence,
  'services.*.annotations': inSequence,
  'services.*.build': build,
  'services.*.build.args': inSequence,
  'services.*.build.additional_contexts': inSequence,
  'services.*.build.extra_hosts': hosts,
  'services.*.build.labels': inSequence,
  'services.*.command': replace,
  'services.*.depends_on': namesAsMap(startedDependency),
  'services.*.deploy.labels': inSequence,
  'services.*.dns': inSequence,
  'services.*.dns_opt': inSequence,
  'services.*.dns_search': inSequence,
  'services.*.entrypoint': replace,
  'services.*.env_file': inSequence,
  'services.*.label_file': inSequence,
  'services.*.environment': inSequence,
  'services.*.extra_hosts': hosts,
  'services.*.healthcheck.test': replace,
  'services.*.labels': inSequence,
  'services.*.logging': logging,
  'services.*.models': namesAsMap(nothing),
  'services.*.networks': namesAsMap(nothing),
  'services.*.sysctls': inSequence,
  'services.*.tmpfs': inSequence,
  'services.*.ulimits.*': replace,
  'services.*.x-stack.ready': replace,
});
