import type { ErrorObject } from 'ajv';
import schema from '../../schemas/compose.schema.json' with { type: 'json' };
import { nearest } from '../lib/nearest.ts';
import type { Finding, Report } from './finding.ts';
import { isLaterKey } from './later-keys.ts';
import { child, entriesOf, isNull, markAt, plainOf, type Entry, type MapNode, type Node } from './node.ts';
import { validateStack } from './stack-validator.ts';

/** More than a person reads; a hostile file has thousands. */
const maxFindings = 200;

/**
 * Checks one stack file against the schema, before short forms are written out. Reports `unknown-key`, `key-not-supported`,
 * `wrong-type`, `unknown-value` and `missing-key`, each at its place. In an override file a null says nothing and is taken out.
 */
export function checkSchema(root: MapNode, isOverride: boolean, report: Report): MapNode {
  reportDates(root, report);
  if (validateStack(plainOf(root))) return root;
  const errors = validateStack.errors ?? [];
  const silent = errors.filter((error) => isOverride && error.keyword === 'type' && isNullAt(root, stepsOf(error)));
  const told = errors.filter((error) => !silent.includes(error)).slice(0, maxFindings);
  for (const error of told) report(findingOf(error, root));
  return silent.reduce((tree, error) => without(tree, stepsOf(error)), root);
}

function findingOf(error: ErrorObject, root: MapNode): Finding {
  const path = stepsOf(error);
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(path, String(params['additionalProperty']), { root, schemaPath: error.schemaPath });
    case 'required':
      return { code: 'missing-key', message: `"${String(params['missingProperty'])}" is missing from ${nameOf(path)}`, mark: markAt(root, path) };
    case 'enum':
      return unknownValue(path, params['allowedValues'] as readonly string[], root);
    default:
      return wrongType(path, [params['type']].flat().map(String), root);
  }
}

function unknownKey(path: readonly string[], key: string, { root, schemaPath }: { root: MapNode; schemaPath: string }): Finding {
  const map = path.reduce<Node | undefined>((node, step) => nodeAt(node, step), root);
  const mark = entriesOf(map).get(key)?.key;
  if (isLaterKey(path, key)) {
    return { code: 'key-not-supported', message: `"${key}" is not supported by this version yet`, mark };
  }
  const owner = schemaPath.split('/').slice(1, -1).reduce<unknown>((part, step) => partOf(part, step), schema);
  const names = partOf(owner, 'patternProperties');
  const named = names !== undefined && Object.keys(names).some((pattern) => !pattern.startsWith('^x-'));
  if (named && Object.keys(partOf(owner, 'properties') ?? {}).length === 0) {
    const letters = key.startsWith('x-') ? 'extensions have no place here' : 'a name is made of letters, digits, ".", "_" and "-"';
    return { code: 'bad-name', message: `"${key}" cannot be a name in ${nameOf(path)}`, mark, hint: letters };
  }
  const known = Object.keys(partOf(owner, 'properties') ?? {});
  const near = nearest(key, known);
  const hint = near === undefined ? (known.length > 0 && known.length <= 8 ? `known here: ${known.join(', ')}` : undefined) : `did you mean "${near}"?`;
  return { code: 'unknown-key', message: `unknown key "${key}"`, mark, hint };
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

function wrongType(path: readonly string[], types: readonly string[], root: MapNode): Finding {
  const node = path.reduce<Node | undefined>((inner, step) => nodeAt(inner, step), root);
  const wanted = types.flatMap((type) => words.get(type) ?? []);
  const quotable = node?.kind === 'scalar' && node.value !== null && typeof node.value !== 'string' && types.includes('string');
  return {
    code: 'wrong-type',
    message: `${nameOf(path)} must be ${wanted.join(' or ')}, not ${kindOf(node)}`,
    mark: markAt(root, path),
    hint: quotable ? `write it in quotes: "${node.mark.source.text.slice(node.mark.offset, node.mark.offset + node.mark.length)}"` : undefined,
  };
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

const stepsOf = ({ instancePath }: ErrorObject): string[] =>
  instancePath.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

const nodeAt = (node: Node | undefined, step: string): Node | undefined =>
  node?.kind === 'list' ? node.items[Number(step)] : child(node, step);

const partOf = (value: unknown, key: string): object | undefined =>
  typeof value === 'object' && value !== null ? (Object.entries(value).find(([name]) => name === key)?.[1] as object | undefined) : undefined;

function isNullAt(root: MapNode, path: readonly string[]): boolean {
  const node = path.reduce<Node | undefined>((inner, step) => nodeAt(inner, step), root);
  return node !== undefined && isNull(node) && path.every((step, i) => i === 0 || !/^\d+$/.test(step));
}

function without(map: MapNode, [step = '', ...rest]: readonly string[]): MapNode {
  const entries = new Map<string, Entry>(map.entries);
  const entry = entries.get(step);
  if (rest.length === 0) entries.delete(step);
  else if (entry?.node.kind === 'map') entries.set(step, { ...entry, node: without(entry.node, rest) });
  return { ...map, entries };
}

/** YAML 1.1 reads an unquoted date as a point in time, which no key takes; `x-` keys are left alone. */
function reportDates(node: Node, report: Report): void {
  if (node.kind === 'scalar' && node.date) {
    report({ code: 'wrong-type', message: `${node.text} is read as a date`, mark: node.mark, hint: `write it in quotes: "${node.text}"` });
  }
  if (node.kind === 'list') for (const item of node.items) reportDates(item, report);
  if (node.kind === 'map') for (const [key, entry] of node.entries) if (!key.startsWith('x-')) reportDates(entry.node, report);
}
