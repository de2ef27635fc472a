import { cleanPath } from '../lib/posix-path.ts';
import type { Lookup } from './interpolate.ts';
import { child, isNull, mapNode, scalarNode, textOf, type Entry, type MapNode, type Node } from './node.ts';
import { rewrite, rulesOf, type Rewrite } from './rules.ts';

export interface Normalising {
  readonly stack: string;
  readonly lookup: Lookup;
}

type Normalise = Rewrite<Normalising>;

const put = (map: MapNode, key: string, node: Node): MapNode => ({
  ...map,
  entries: new Map(map.entries).set(key, { key: map.entries.get(key)?.key ?? node.mark, node }),
});

const build: Normalise = (node, { lookup }) => {
  if (node.kind !== 'map') return node;
  const args = child(node, 'args');
  const filled = args ? put(node, 'args', withVariables(args, lookup, false)) : node;
  if (filled.entries.has('dockerfile') || filled.entries.has('dockerfile_inline')) return filled;
  return put(filled, 'dockerfile', scalarNode('Dockerfile', node.mark));
};

/** Names without a value take it from where stackctl runs; where it is not set either, they stay only if asked to. */
function withVariables(node: Node, lookup: Lookup, stay: boolean): Node {
  if (node.kind === 'scalar') return node;
  if (node.kind === 'list') {
    const items = node.items.flatMap((item) => {
      const text = textOf(item);
      const value = text.includes('=') ? undefined : lookup(text);
      if (value !== undefined) return [scalarNode(`${text}=${value}`, item.mark)];
      return text.includes('=') || stay ? [item] : [];
    });
    return { ...node, items };
  }
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) {
    const value = isNull(entry.node) ? lookup(key) : undefined;
    if (value !== undefined) entries.set(key, { key: entry.key, node: scalarNode(value, entry.key) });
    else if (!isNull(entry.node) || stay) entries.set(key, entry);
  }
  return { ...node, entries };
}

const mount: Normalise = (node) => {
  const target = child(node, 'target');
  if (node.kind !== 'map' || target?.kind !== 'scalar' || cleanPath(target.text) === target.text) return node;
  return put(node, 'target', scalarNode(cleanPath(target.text), target.mark));
};

/** A service that shares something with another waits for it. */
function dependenciesOf(service: MapNode): readonly (readonly [name: string, restart: boolean, from: Node])[] {
  const items = (key: string): readonly Node[] => {
    const list = child(service, key);
    return list?.kind === 'list' ? list.items : [];
  };
  const links = items('links').map((item) => {
    const parts = textOf(item).split(':');
    return [parts.length === 2 ? (parts[0] ?? '') : textOf(item), true, item] as const;
  });
  const shared = ['network_mode', 'ipc', 'pid', 'uts', 'cgroup'].flatMap((key) => {
    const node = child(service, key);
    return node && textOf(node).startsWith('service:') ? [[textOf(node).slice('service:'.length), true, node] as const] : [];
  });
  const volumes = items('volumes_from')
    .filter((item) => !textOf(item).startsWith('container:'))
    .map((item) => [textOf(item).split(':')[0] ?? '', false, item] as const);
  return [...links, ...shared, ...volumes];
}

function withDependencies(service: MapNode): MapNode {
  const implied = dependenciesOf(service);
  const said = child(service, 'depends_on');
  if (implied.length === 0) return service;
  const entries = new Map(said?.kind === 'map' ? said.entries : []);
  for (const [name, restart, from] of implied) {
    if (entries.has(name)) continue;
    const scalar = (value: string | boolean) => scalarNode(value, from.mark);
    const dependency = mapNode({ condition: scalar('service_started'), restart: scalar(restart), required: scalar(true) }, from.mark);
    entries.set(name, { key: from.mark, node: dependency });
  }
  return put(service, 'depends_on', { kind: 'map', entries, mark: said?.mark ?? service.mark });
}

const service: Normalise = (node, { lookup }) => {
  if (node.kind !== 'map') return node;
  let result = withDependencies(node);
  const policy = child(result, 'pull_policy');
  if (policy && textOf(policy) === 'if_not_present') result = put(result, 'pull_policy', scalarNode('missing', policy.mark));
  const environment = child(result, 'environment');
  if (environment) result = put(result, 'environment', withVariables(environment, lookup, true));
  const isApart = result.entries.has('network_mode') || result.entries.has('provider');
  const networks = child(result, 'networks');
  if (isApart || (networks?.kind === 'map' && networks.entries.size > 0)) return result;
  const mark = networks?.mark ?? result.mark;
  return put(result, 'networks', mapNode({ default: scalarNode(null, mark) }, mark));
};

/** What has no name of its own is named by the stack and its key; what exists already, by its key. */
const named =
  (key: string): Normalise =>
  (node, { stack }) => {
    const map = node.kind === 'map' ? node : mapNode({}, node.mark);
    const name = map.entries.get('name');
    if (name && !isNull(name.node)) return map;
    const external = /^(?:true|1|t)$/i.test(textOf(child(map, 'external')));
    return put(map, 'name', scalarNode(external ? key : `${stack}_${key}`, map.mark));
  };

const rules = rulesOf<Normalise>({
  'services.*': service,
  'services.*.build': build,
  'services.*.volumes.*': mount,
});

/** The merged files with what the specification implies between values: the default network, names, dependencies, variables. */
export function normalised(root: MapNode, normalising: Normalising): MapNode {
  const changed = rewrite(root, rules, normalising) as MapNode;
  const result = withDefaultNetwork(changed);
  const entries = new Map<string, Entry>(result.entries);
  entries.set('name', {
    key: entries.get('name')?.key ?? root.mark,
    node: scalarNode(normalising.stack, entries.get('name')?.key ?? root.mark),
  });
  for (const section of ['networks', 'volumes', 'configs', 'secrets']) {
    const entry = entries.get(section);
    if (entry?.node.kind !== 'map') continue;
    const resources = [...entry.node.entries].map(([key, { key: mark, node }]) => {
      return [key, { key: mark, node: named(key)(node, normalising) ?? node }] as const;
    });
    entries.set(section, { key: entry.key, node: { ...entry.node, entries: new Map(resources) } });
  }
  return { ...result, entries };
}

/** The network that all join who name none; it need not be declared. */
function withDefaultNetwork(root: MapNode): MapNode {
  const services = child(root, 'services');
  const networks = child(root, 'networks');
  if (services?.kind !== 'map' || child(networks, 'default')) return root;
  const user = [...services.entries.values()].find(({ node }) => {
    const joined = child(node, 'networks');
    return joined?.kind === 'map' && joined.entries.has('default');
  });
  if (!user) return root;
  const declared = networks?.kind === 'map' ? networks : mapNode({}, user.key);
  return put(root, 'networks', put(declared, 'default', scalarNode(null, user.key)));
}
