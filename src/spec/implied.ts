import { scalarNode, type MapNode, type Node } from './node.ts';
import { rewrite, rulesOf, type Rewrite } from './rules.ts';

type Imply = Rewrite<undefined>;

const add = (map: MapNode, key: string, value: string): MapNode =>
  map.entries.has(key)
    ? map
    : { ...map, entries: new Map([...map.entries, [key, { key: map.mark, node: scalarNode(value, map.mark) }] as const]) };

const onMaps =
  (imply: (map: MapNode) => MapNode): Imply =>
  (node) =>
    node.kind === 'map' ? imply(node) : node;

const textUnder = (map: MapNode, key: string): string => {
  const node: Node | undefined = map.entries.get(key)?.node;
  return node?.kind === 'scalar' ? node.text : '';
};

/** Every device of a kind, unless a number or names are given. */
const devices = onMaps((map) => (map.entries.has('device_ids') ? map : add(map, 'count', 'all')));

const rules = rulesOf<Imply>({
  'services.*.build': onMaps((map) => add(map, 'context', '.')),
  'services.*.secrets.*': onMaps((map) => add(map, 'target', `/run/secrets/${textUnder(map, 'source')}`)),
  'services.*.ports.*': onMaps((map) => add(add(map, 'protocol', 'tcp'), 'mode', 'ingress')),
  'services.*.deploy.resources.reservations.devices.*': devices,
  'services.*.gpus.*': devices,
});

/** The merged files with what the specification implies within single values. */
export const withImplied = (root: MapNode): MapNode => rewrite(root, rules, undefined) as MapNode;
