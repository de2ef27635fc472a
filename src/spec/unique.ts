import { child, listNode, type MapNode, type Node } from './node.ts';
import { rewrite, rulesOf, type Rewrite } from './rules.ts';
import { parseVolume } from './parse-volume.ts';

/** What makes two entries of a list the same one. */
type Identity = (item: Node) => string;

const field = (item: Node, key: string): string | undefined => {
  const value = child(item, key);
  return value?.kind === 'scalar' ? value.text : undefined;
};

const byText: Identity = (item) => (item.kind === 'scalar' ? item.text : '');

/** Of NAME=value, the name. */
const byName: Identity = (item) => {
  const text = byText(item);
  const at = text.indexOf('=');
  return at < 0 ? text : text.slice(0, at);
};

const byTarget: Identity = (item) => {
  if (item.kind === 'map') return field(item, 'target') ?? '';
  const parsed = parseVolume(byText(item));
  return parsed.ok ? parsed.value.target : byText(item);
};

const byDevice: Identity = (item) => {
  if (item.kind === 'map') return field(item, 'target') ?? '';
  const [source = '', target = source] = byText(item).split(':');
  return target;
};

const byPort: Identity = (item) =>
  item.kind === 'map'
    ? `${field(item, 'host_ip') ?? '0.0.0.0'}:${field(item, 'published') ?? ''}:${field(item, 'target') ?? ''}/${field(item, 'protocol') ?? 'tcp'}`
    : byText(item);

const byMount =
  (folder: string): Identity =>
  (item) =>
    item.kind === 'map' ? (field(item, 'target') ?? `${folder}/${field(item, 'source') ?? ''}`) : `${folder}/${byText(item)}`;

const byPath: Identity = (item) => (item.kind === 'map' ? (field(item, 'path') ?? '') : byText(item));

/** Of what stands twice, the last wins at the place of the first. */
const unique =
  (identity: Identity): Rewrite<undefined> =>
  (list) => {
    if (list.kind !== 'list' || list.items.length < 2) return list;
    const items = new Map<string, Node>();
    for (const item of list.items) items.set(identity(item), item);
    return items.size === list.items.length ? list : listNode([...items.values()], list.mark);
  };

/** Lists in which nothing stands twice. */
export const uniqueLists = rulesOf<Rewrite<undefined>>({
  'networks.*.labels': unique(byName),
  'services.*.annotations': unique(byName),
  'services.*.build.args': unique(byName),
  'services.*.build.additional_contexts': unique(byName),
  'services.*.build.tags': unique(byName),
  'services.*.build.labels': unique(byName),
  'services.*.cap_add': unique(byName),
  'services.*.cap_drop': unique(byName),
  'services.*.configs': unique(byMount('')),
  'services.*.deploy.labels': unique(byName),
  'services.*.devices': unique(byDevice),
  'services.*.dns': unique(byName),
  'services.*.dns_opt': unique(byName),
  'services.*.dns_search': unique(byName),
  'services.*.environment': unique(byName),
  'services.*.env_file': unique(byPath),
  'services.*.expose': unique(byText),
  'services.*.labels': unique(byName),
  'services.*.links': unique(byName),
  'services.*.networks.*.aliases': unique(byName),
  'services.*.networks.*.link_local_ips': unique(byName),
  'services.*.ports': unique(byPort),
  'services.*.profiles': unique(byName),
  'services.*.secrets': unique(byMount('/run/secrets')),
  'services.*.sysctls': unique(byName),
  'services.*.tmpfs': unique(byName),
  'services.*.volumes': unique(byTarget),
});

/** Lists in which nothing stands twice, at the places where the specification says so. */
export const withoutDuplicates = (root: MapNode): MapNode => rewrite(root, uniqueLists, undefined) as MapNode;
