import { canonicalMount } from './canonical-mounts.ts';
import { canonicalPorts } from './canonical-ports.ts';
import type { Report } from './finding.ts';
import { mapOfNames, nothing, startedDependency } from './merge-rules.ts';
import { child, isNull, listNode, mapNode, scalarNode, type Entry, type MapNode, type Node } from './node.ts';
import { rewrite, rulesOf, type Rewrite } from './rules.ts';

export interface Canonising {
  readonly report: Report;
  /** Variables stand in the values as they were written, so a short form that cannot be read stays as it is. */
  readonly raw: boolean;
  /** Counts the ports that ranges are written out to. */
  readonly written: { ports: number };
}

export type Canonise = Rewrite<Canonising>;

const asList: Canonise = (node) => (node.kind === 'scalar' && !isNull(node) ? listNode([node], node.mark) : node);

const asText: Canonise = (node) => (node.kind === 'scalar' ? scalarNode(node.text, node.mark) : node);

/** A text is short for a map with one key. */
const keyed =
  (key: string): Canonise =>
  (node) =>
    node.kind === 'scalar' && !isNull(node) ? mapNode({ [key]: node }, node.mark) : node;

const withDefaults = (map: MapNode, defaults: { readonly [key: string]: Node }): MapNode => {
  const missing = Object.entries(defaults).filter(([key]) => !map.entries.has(key));
  if (missing.length === 0) return map;
  return { ...map, entries: new Map([...map.entries, ...missing.map(([key, node]) => [key, { key: node.mark, node }] as const)]) };
};

const dependsOn: Canonise = (node) => (node.kind === 'list' ? mapOfNames(node, startedDependency) : node);

const dependency: Canonise = (node) =>
  node.kind === 'map'
    ? withDefaults(node, { condition: scalarNode('service_started', node.mark), required: scalarNode(true, node.mark) })
    : node;

const names: Canonise = (node) => (node.kind === 'list' ? mapOfNames(node, nothing) : node);

const envFile: Canonise = (node, scope) => {
  const list = asList(node, scope);
  if (list?.kind !== 'list') return node;
  const items = list.items.map((item) => {
    const map = item.kind === 'map' ? item : mapNode({ path: item }, item.mark);
    return withDefaults(map, { required: scalarNode(true, item.mark) });
  });
  return { ...list, items };
};

/** "NAME=value" lines as a map; one without "=" is a mistake. */
const pairs: Canonise = (node, { report, raw }) => {
  if (node.kind !== 'list') return node;
  const entries = new Map<string, Entry>();
  for (const item of node.items) {
    const text = item.kind === 'scalar' ? item.text : '';
    const at = text.indexOf('=');
    if (at < 0 && raw) return node;
    if (at < 0) report({ code: 'wrong-type', message: `"${text}" is not of the form NAME=value`, mark: item.mark });
    else entries.set(text.slice(0, at), { key: item.mark, node: scalarNode(text.slice(at + 1), item.mark) });
  }
  return { kind: 'map', entries, mark: node.mark };
};

/** Keys of ssh; only the one called "default" needs no path. */
const ssh: Canonise = (node, { report }) => {
  if (node.kind !== 'list') return node;
  const entries = new Map<string, Entry>();
  for (const item of node.items) {
    const text = item.kind === 'scalar' ? item.text : '';
    const at = text.indexOf('=');
    if (at >= 0) entries.set(text.slice(0, at), { key: item.mark, node: scalarNode(text.slice(at + 1), item.mark) });
    else if (text === 'default') entries.set(text, { key: item.mark, node: scalarNode(null, item.mark) });
    else
      report({ code: 'wrong-type', message: `the key "${text}" has no path`, mark: item.mark, hint: `write "${text}=PATH", or "default"` });
  }
  return { kind: 'map', entries, mark: node.mark };
};

const gpus: Canonise = (node) =>
  node.kind === 'scalar' ? listNode([mapNode({ count: scalarNode('all', node.mark) }, node.mark)], node.mark) : node;

const device: Canonise = (node, { report, raw }) => {
  if (node.kind !== 'scalar') return node;
  const [source = '', target = '', permissions = 'rwm', ...more] = node.text.split(':');
  if (more.length > 0 && !raw) {
    report({
      code: 'bad-device',
      message: `"${node.text}" has too many colons`,
      mark: node.mark,
      hint: 'write source, target and permissions',
    });
  }
  const text = (value: string) => scalarNode(value, node.mark);
  const whole = more.length > 0 ? { source: text(''), target: text(''), permissions: text('rwm') } : undefined;
  return mapNode(whole ?? { source: text(source), target: text(target || source), permissions: text(permissions) }, node.mark);
};

/** `external: {name: x}` of old files is `external: true` and a name. */
const resource: Canonise = (node, { report }) => {
  const external = child(node, 'external');
  if (node.kind !== 'map' || external?.kind !== 'map') return node;
  const [outer, inner] = [node.entries.get('name'), external.entries.get('name')];
  const entries = new Map(node.entries).set('external', { key: external.mark, node: scalarNode(true, external.mark) });
  if (inner && outer && plain(inner.node) !== plain(outer.node)) {
    const hint = 'write "external: true" and "name"';
    report({ code: 'two-names', message: '"name" and "external.name" exclude each other', mark: inner.key, hint });
  } else if (inner) {
    const message = '"external.name" is obsolete';
    report({ code: 'obsolete-key', severity: 'warning', message, mark: inner.key, hint: 'write "external: true" and "name"' });
    entries.set('name', inner);
  }
  return { ...node, entries };
};

const plain = (node: Node): string => (node.kind === 'scalar' ? node.text : '');

const withoutEmpty: Canonise = (node) => {
  const list = node.kind === 'scalar' && !isNull(node) ? listNode([node], node.mark) : node;
  return list.kind === 'list' ? { ...list, items: list.items.filter((item) => plain(item) !== '') } : list;
};

const rules = rulesOf<Canonise>({
  'services.*.build': keyed('context'),
  'services.*.build.secrets.*': keyed('source'),
  'services.*.build.provenance': asText,
  'services.*.build.sbom': asText,
  'services.*.build.additional_contexts': pairs,
  'services.*.build.ssh': ssh,
  'services.*.depends_on': dependsOn,
  'services.*.depends_on.*': dependency,
  'services.*.env_file': envFile,
  'services.*.label_file': asList,
  'services.*.extends': keyed('service'),
  'services.*.gpus': gpus,
  'services.*.networks': names,
  'services.*.models': names,
  'services.*.volumes.*': canonicalMount,
  'services.*.dns': withoutEmpty,
  'services.*.devices.*': device,
  'services.*.secrets.*': keyed('source'),
  'services.*.configs.*': keyed('source'),
  'services.*.ports': canonicalPorts,
  'services.*.develop.watch.*.ignore': asList,
  'services.*.develop.watch.*.include': asList,
  'volumes.*': resource,
  'networks.*': resource,
  'secrets.*': resource,
  'configs.*': resource,
});

/** A document with its short forms written out. Reports what short forms cannot be read. */
export const canonical = (root: MapNode, canonising: Canonising): MapNode => rewrite(root, rules, canonising) as MapNode;
