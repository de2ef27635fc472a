import { fromEntries, type ByName } from '../lib/record.ts';
import { goTime } from './go-time.ts';
import { child, entriesOf, textOf, type MapNode, type Node } from './node.ts';
import { rulesUnder, type Rules } from './rules.ts';
import { uniqueLists } from './unique.ts';

/**
 * The active stack as plain data in the form that `docker compose config` prints: without what is not used and what says nothing, and
 * with a literal "$" written "$$". `written` is the stack before its values were brought into form, for extensions at the top.
 */
export function configModel(root: MapNode, written: MapNode): ByName<unknown> {
  const services = [...entriesOf(child(root, 'services')).values()].map(({ node }) => node);
  const sections = [
    ['networks', services.flatMap((service) => [...entriesOf(child(service, 'networks')).keys()])],
    ['volumes', services.flatMap((service) => itemsOf(service, 'volumes').filter(isVolume).map(sourceOf))],
    [
      'secrets',
      services.flatMap((service) => [...itemsOf(service, 'secrets'), ...itemsOf(child(service, 'build'), 'secrets')].map(sourceOf)),
    ],
    ['configs', services.flatMap((service) => itemsOf(service, 'configs').map(sourceOf))],
    ['models', services.flatMap((service) => [...entriesOf(child(service, 'models')).keys()])],
  ] as const;
  return {
    name: textOf(child(root, 'name')),
    services: withoutFiles(child(root, 'services')),
    ...fromEntries(sections.flatMap(([section, used]) => sectionOf(child(root, section), section, used))),
    ...extensionsOf(written),
  };
}

const itemsOf = (node: Node | undefined, key: string): readonly Node[] => {
  const list = child(node, key);
  return list?.kind === 'list' ? list.items : [];
};

const sourceOf = (item: Node): string => textOf(child(item, 'source'));

const isVolume = (mount: Node): boolean => textOf(child(mount, 'type')) === 'volume' && sourceOf(mount) !== '';

function sectionOf(node: Node | undefined, section: string, used: readonly string[]): [string, unknown][] {
  const keys = new Set(used);
  const entries = [...entriesOf(node)].filter(([key]) => keys.has(key)).sort(([left], [right]) => (left < right ? -1 : 1));
  return entries.length === 0 ? [] : [[section, fromEntries(entries.map(([key, entry]) => [escaped(key), printed(entry.node)] as const))]];
}

/** Files of variables and labels are read already. */
const withoutFiles = (services: Node | undefined): ByName<unknown> =>
  fromEntries(
    Object.entries((services ? printed(services) : {}) as ByName<ByName<unknown>>).map(([name, service]) => {
      const { env_file: _variables, label_file: _labels, ...rest } = service;
      return [name, rest] as const;
    }),
  );

const extensionsOf = (written: MapNode): ByName<unknown> =>
  fromEntries(
    [...written.entries].filter(([key]) => key.startsWith('x-')).map(([key, { node }]) => [escaped(key), everything(node)] as const),
  );

/** A literal "$" as it is printed, where a variable could stand. */
export const escaped = (text: string): string => (text.includes('$') ? text.replaceAll('$', '$$$$') : text);

const printed = (node: Node): unknown => spoken(node, escaped);

/** The same, with a literal "$" as it is. */
export const printedAsWritten = (node: Node): unknown => spoken(node, (text) => text);

/** What is not silent. */
function spoken(node: Node, put: (text: string) => string): unknown {
  if (node.kind === 'scalar') return typeof node.value === 'string' ? put(node.value) : node.value;
  if (node.kind === 'list') return node.items.map((item) => spoken(item, put));
  const plain: Record<string, unknown> = {};
  for (const [key, entry] of node.entries) if (entry.node.silent !== true) plain[put(key)] = spoken(entry.node, put);
  return plain;
}

function everything(node: Node): unknown {
  if (node.kind === 'scalar' && node.date === true) return goTime(node.text);
  if (node.kind === 'scalar') return typeof node.value === 'string' ? escaped(node.value) : node.value;
  // As Go prints an empty list that nothing was ever put into
  if (node.kind === 'list') return node.items.length === 0 ? null : node.items.map(everything);
  return fromEntries([...node.entries].map(([key, entry]) => [escaped(key), everything(entry.node)] as const));
}

/** The merged files with their variables as they are written, as `docker compose config --no-interpolate` prints them. */
export const writtenModel = (root: MapNode): ByName<unknown> => withNulls(root, uniqueLists) as ByName<unknown>;

/** An empty list is null, but where it was made unique: so Go prints it. */
function withNulls(node: Node, rules: Rules<unknown> | undefined): unknown {
  if (node.kind === 'scalar') return node.date === true ? goTime(node.text) : node.value;
  if (node.kind === 'list' && node.items.length === 0) return rules?.rule === undefined ? null : [];
  if (node.kind === 'list') return node.items.map((item) => withNulls(item, rulesUnder(rules, '*')));
  return fromEntries([...node.entries].map(([key, entry]) => [key, withNulls(entry.node, rulesUnder(rules, key))] as const));
}

/** Where the reference's JSON differs from its YAML: a command is always there, models are not, and some keys begin with a capital. */
export function jsonForm(model: ByName<unknown>): ByName<unknown> {
  const { models: _models, ...rest } = model;
  const services = Object.entries((rest['services'] ?? {}) as ByName<ByName<unknown>>).map(([name, service]) => {
    const { blkio_config } = service;
    const blkio = blkio_config === undefined ? {} : { blkio_config: capitalised(blkio_config as ByName<unknown>) };
    return [name, { command: null, entrypoint: null, ...service, ...blkio }] as const;
  });
  return { ...rest, services: fromEntries(services) };
}

const capitalised = (blkio: ByName<unknown>): ByName<unknown> =>
  fromEntries(
    Object.entries(blkio).map(([key, value]) => {
      if (!Array.isArray(value)) return [key, value] as const;
      const items = (value as readonly ByName<unknown>[]).map(({ path = '', weight = 0, rate = '0' }) =>
        key === 'weight_device' ? { Path: path, Weight: weight } : { Path: path, Rate: rate },
      );
      return [key, items] as const;
    }),
  );
