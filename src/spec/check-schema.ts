import type { ErrorObject } from 'ajv';
import { instancePath } from './instance-path.ts';
import { nearest } from '../lib/nearest.ts';
import { laterOptions } from './carried-out.ts';
import type { Finding, Report } from './finding.ts';
import { child, entriesOf, isNull, mapNode, markAt, plainOf, textOf, type MapNode, type Node, type ScalarNode } from './node.ts';
import { knownKeysAt } from './schema-at.ts';
import { validateStack } from './stack-validator.ts';
import { without } from './without.ts';

/** More than a person reads; a hostile file has thousands. */
const maxFindings = 200;

/** What is left of a document after the check. */
export interface Checked {
  /** Without what was reported, so that the next stages may rely on its types. */
  readonly root: MapNode;
  /** False: something of a known key is missing. Names that others refer to are all there, unless nothing is `named`. */
  readonly whole: boolean;
  /** False: a section such as "volumes" is missing as a whole, so what is undefined cannot be told. */
  readonly named: boolean;
}

/**
 * Checks the merged stack files against the schema, before short forms are written out. Reports `unknown-key`, `key-not-supported`,
 * `wrong-type`, `unknown-value`, `missing-key` and `bad-name` and `twice`, each at its place.
 */
export function checkSchema(root: MapNode, report: Report): Checked {
  reportDates(root, report);
  if (validateStack(plainOf(root))) return { root, whole: true, named: true };
  const errors = validateStack.errors ?? [];
  const stray = strayServices(root);
  const told = errors.filter(({ params, instancePath }) => {
    const key = String((params as Record<string, unknown>)['additionalProperty']);
    return instancePath !== '' || !stray.includes(key);
  });
  for (const error of told.slice(0, maxFindings)) report(findingOf(error, root));
  const isUnknown = ({ keyword }: ErrorObject) => keyword === 'additionalProperties';
  const wrong = errors.map((error) => {
    const key = isUnknown(error) ? [String((error.params as Record<string, unknown>)['additionalProperty'])] : [];
    return [...instancePath(error), ...key];
  });
  const named = wrong.every((path) => path.length > 1 || !sections.includes(path[0] ?? ''));
  return { root: withNames(without(root, wrong), root, wrong), whole: told.every(isUnknown), named };
}

const sections = ['services', 'networks', 'volumes', 'secrets', 'configs'];

/** What is wrong as a whole is still declared: others that name it are not to be told that it is undefined. */
function withNames(pruned: MapNode, root: MapNode, wrong: readonly (readonly string[])[]): MapNode {
  return wrong.reduce((map, [section = '', name = '', ...inner]) => {
    const [now, before] = [map.entries.get(section), child(root, section)];
    const entry = before?.kind === 'map' ? before.entries.get(name) : undefined;
    if (!sections.includes(section) || inner.length > 0 || !entry || now?.node.kind !== 'map') return map;
    const named = { ...now.node, entries: new Map(now.node.entries).set(name, { ...entry, node: mapNode({}, entry.node.mark) }) };
    return { ...map, entries: new Map(map.entries).set(section, { ...now, node: named }) };
  }, pruned);
}

function findingOf(error: ErrorObject, root: MapNode): Finding {
  const path = instancePath(error);
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(path, String(params['additionalProperty']), root);
    case 'required':
      return {
        code: 'missing-key',
        message: `"${String(params['missingProperty'])}" is missing from ${nameOf(path)}`,
        mark: markAt(root, path),
      };
    case 'enum':
      return unknownValue(path, params['allowedValues'] as readonly string[], root);
    case 'pattern':
      return unfitting(path, root);
    case 'uniqueItems':
      return twice(path, Number(params['i']), root);
    case 'minimum':
    case 'maximum':
      return outOfRange(path, `${error.keyword === 'minimum' ? 'less' : 'more'} than ${String(params['limit'])}`, root);
    default:
      return wrongType(path, [params['type']].flat().map(String), root);
  }
}

function unknownKey(path: readonly string[], key: string, root: MapNode): Finding {
  const map = path.reduce<Node | undefined>((node, step) => nodeAt(node, step), root);
  const mark = entriesOf(map).get(key)?.key;
  const { keys, named } = knownKeysAt(path);
  if (named) {
    const letters = key.startsWith('x-') ? 'extensions have no place here' : 'a name is made of letters, digits, ".", "_" and "-"';
    return { code: 'bad-name', message: `"${key}" cannot be a name in ${nameOf(path)}`, mark, hint: letters };
  }
  if (path.at(-1) === 'x-stack' && laterOptions.includes(key)) {
    return { code: 'key-not-supported', message: `"${key}" is not supported by this version yet`, mark };
  }
  const near = nearest(key, keys);
  const place = near === undefined ? placeHint(path, key) : undefined;
  if (place !== undefined) return { code: 'unknown-key', message: `unknown key "${key}"`, mark, hint: place };
  const few = keys.length > 0 && keys.length <= 10 ? `known here: ${keys.join(', ')}` : undefined;
  const hint = near === undefined ? few : `did you mean "${near}"?`;
  return { code: 'unknown-key', message: `unknown key "${key}"`, mark, hint };
}

/** Hints for texts that have a form. */
const forms = new Map([
  ['container_name', 'at least two letters, digits, "_", "." or "-"'],
  ['pull_policy', 'missing, always, never, build, refresh, daily, weekly or every_12h'],
  ['gpus', 'all, or a list of devices'],
]);

function unfitting(path: readonly string[], root: MapNode): Finding {
  const node = path.reduce<Node | undefined>((inner, step) => nodeAt(inner, step), root);
  const key = path.at(-1) ?? '';
  const isName = key === 'container_name';
  const message = isName ? `"${textOf(node)}" cannot be the name of a container` : `${nameOf(path)} cannot be "${textOf(node)}"`;
  return { code: isName ? 'bad-name' : 'unknown-value', message, mark: markAt(root, path), hint: forms.get(key) };
}

function twice(path: readonly string[], index: number, root: MapNode): Finding {
  const item = [...path, String(index)];
  const node = item.reduce<Node | undefined>((inner, step) => nodeAt(inner, step), root);
  const what = node?.kind === 'scalar' ? `"${node.text}"` : 'the same';
  return { code: 'said-twice', message: `${what} stands in ${nameOf(path)} for the second time`, mark: markAt(root, item) };
}

function outOfRange(path: readonly string[], than: string, root: MapNode): Finding {
  const node = path.reduce<Node | undefined>((inner, step) => nodeAt(inner, step), root);
  return { code: 'bad-number', message: `${nameOf(path)} cannot be ${than}: ${textOf(node)}`, mark: markAt(root, path) };
}

function unknownValue(path: readonly string[], allowed: readonly string[], root: MapNode): Finding {
  const node = path.reduce<Node | undefined>((inner, step) => nodeAt(inner, step), root);
  const text = node?.kind === 'scalar' ? node.text : '';
  const near = nearest(text, allowed);
  return {
    code: 'unknown-value',
    message: `${nameOf(path)} must be ${allowed.map((value) => `"${value}"`).join(' or ')}, not "${text}"`,
    mark: markAt(root, path),
    hint: near === undefined ? undefined : `did you mean "${near}"?`,
  };
}

const words = new Map([
  ['object', 'a map'],
  ['array', 'a list'],
  ['string', 'text'],
  ['number', 'a number'],
  ['integer', 'a whole number'],
  ['boolean', 'true or false'],
]);

/** Keys of one level that stand on another because their line is indented wrongly. */
function placeHint(path: readonly string[], key: string): string | undefined {
  if (path.length === 0) return knownKeysAt(['services', 'a']).keys.includes(key) ? `"${key}" belongs under a service` : undefined;
  if (path[0] !== 'services' || path.length !== 2) return undefined;
  const owner = ['healthcheck', 'build', 'deploy', 'logging', 'x-stack'].find((each) => knownKeysAt([...path, each]).keys.includes(key));
  return owner === undefined ? undefined : `"${key}" belongs under "${owner}": is the line indented too little?`;
}

function wrongType(path: readonly string[], types: readonly string[], root: MapNode): Finding {
  const node = path.reduce<Node | undefined>((inner, step) => nodeAt(inner, step), root);
  const wanted = types.flatMap((type) => words.get(type) ?? []);
  const quotable = node?.kind === 'scalar' && node.value !== null && typeof node.value !== 'string' && types.includes('string');
  return {
    code: 'wrong-type',
    message: `${nameOf(path)} must be ${wanted.join(' or ')}, not ${kindOf(node)}`,
    mark: markAt(root, path),
    hint: quotable ? quoteHint(path.at(-1), node) : indentHint(path, root),
  };
}

const durations = new Set(['interval', 'timeout', 'start_period', 'start_interval', 'stop_grace_period', 'delay', 'monitor', 'window']);

function quoteHint(key: string | undefined, { mark: { source, offset, length }, value }: ScalarNode): string {
  if (typeof value === 'number' && key !== undefined && durations.has(key))
    return `write it with its unit: ${value}s, ${value}m or ${value}h`;
  return `write it in quotes: "${source.text.slice(offset, offset + length)}"`;
}

/** What stands one level too high: a key of a service beside services, or a service beside "services". */
function indentHint(path: readonly string[], root: MapNode): string | undefined {
  const [section, key = ''] = path;
  if (section !== 'services') return undefined;
  if (path.length === 2 && knownKeysAt(['services', 'a']).keys.includes(key)) {
    return `"${key}" is a key of a service: is the line indented too little?`;
  }
  const stray = path.length === 1 ? strayServices(root)[0] : undefined;
  return stray === undefined ? undefined : `"${stray}" must be indented to stand under "services"`;
}

/** Keys at the top that nobody knows, when "services" is empty. */
function strayServices(root: MapNode): string[] {
  const services = child(root, 'services');
  if (!services || !isNull(services)) return [];
  const { keys } = knownKeysAt([]);
  return [...root.entries].flatMap(([key, { node }]) => (node.kind === 'map' && !keys.includes(key) && !key.startsWith('x-') ? [key] : []));
}

function kindOf(node: Node | undefined): string {
  if (!node || isNull(node)) return 'empty';
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a map' : 'a list';
  return typeof node.value === 'string' ? 'text' : typeof node.value === 'number' ? `the number ${node.text}` : node.text;
}

/** How a person calls the value at a path. */
function nameOf(path: readonly string[]): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  return /^\d+$/.test(last) && path.length > 1 ? `an entry of "${path.at(-2) ?? ''}"` : `"${last}"`;
}

const nodeAt = (node: Node | undefined, step: string): Node | undefined =>
  node?.kind === 'list' ? node.items[Number(step)] : child(node, step);

/** YAML 1.1 reads an unquoted date as a point in time, which no key takes; `x-` keys are left alone. */
function reportDates(node: Node, report: Report): void {
  if (node.kind === 'scalar' && node.date) {
    report({ code: 'wrong-type', message: `${node.text} is read as a date`, mark: node.mark, hint: `write it in quotes: "${node.text}"` });
  }
  if (node.kind === 'list') for (const item of node.items) reportDates(item, report);
  if (node.kind === 'map') for (const [key, entry] of node.entries) if (!key.startsWith('x-')) reportDates(entry.node, report);
}
