import type { ErrorObject } from 'ajv';
import { instancePath } from '../spec/instance-path.ts';
import schema from '../../schemas/stack-config.schema.json' with { type: 'json' };
import { parseDuration } from '../lib/duration.ts';
import { nearest } from '../lib/nearest.ts';
import type { Finding, Report } from '../spec/finding.ts';
import { child, entriesOf, markAt, plainOf, type MapNode } from '../spec/node.ts';
import { validateSettings } from './settings-validator.ts';

/** Reports all that is wrong with a stack.config.yaml, each at its place. */
export function checkConfig(root: MapNode, report: Report): void {
  if (!validateSettings(plainOf(root))) for (const error of validateSettings.errors ?? []) report(findingOf(error, root));
  for (const [name, { key, node }] of entriesOf(child(root, 'stacks'))) {
    const files = ['file', 'files'].filter((each) => child(node, each));
    if (files.length === 2)
      report({ code: 'conflicting-keys', message: `"file" and "files" both say what "${name}" is made of`, mark: key });
    if (node.kind === 'map' && files.length === 0) report({ code: 'missing-key', message: `"file" is missing from "${name}"`, mark: key });
    const engine = child(node, 'engine');
    if (engine?.kind === 'map' && engine.entries.size !== 1) {
      report({ code: 'conflicting-keys', message: `the engine of "${name}" needs either "host" or "context"`, mark: engine.mark });
    }
  }
  for (const [name, { node }] of entriesOf(child(root, 'defaults'))) {
    if (!name.endsWith('timeout') || node.kind !== 'scalar' || typeof node.value !== 'string') continue;
    const ms = parseDuration(node.value);
    if (ms !== undefined && ms > 0) continue;
    report({ code: 'unknown-value', message: `"${name}" must be a duration such as "90s" or "10m", not "${node.text}"`, mark: node.mark });
  }
}

function findingOf(error: ErrorObject, root: MapNode): Finding {
  const path = instancePath(error);
  const params = error.params as Readonly<Record<string, unknown>>;
  const name = path.length === 0 ? 'the file' : `"${path.filter((step) => !/^\d+$/.test(step)).at(-1) ?? ''}"`;
  if (error.keyword === 'additionalProperties') return unknownKey([...path, String(params['additionalProperty'])], root);
  const mark = markAt(root, path);
  if (error.keyword === 'enum') {
    return { code: 'unknown-value', message: `${name} must be one of ${(params['allowedValues'] as readonly string[]).join(', ')}`, mark };
  }
  if (error.keyword === 'type') {
    return { code: 'wrong-type', message: `${name} must be ${wordsOf.get(String(params['type'])) ?? ''}`, mark, hint: hintOf(path) };
  }
  const wrong = error.keyword === 'minimum' ? 'must be 1 or more' : 'must not be empty';
  return { code: 'unknown-value', message: `${name} ${wrong}`, mark };
}

const hintOf = (path: readonly string[]): string | undefined =>
  path.at(-1)?.endsWith('timeout') === true ? 'such as 90s or 10m' : undefined;

const wordsOf = new Map([
  ['object', 'a map'],
  ['array', 'a list'],
  ['string', 'text'],
  ['integer', 'a whole number'],
]);

function unknownKey(path: readonly string[], root: MapNode): Finding {
  const key = path.at(-1) ?? '';
  const mark = keyMark(root, path);
  if (path.length === 2 && path[0] === 'stacks') {
    return { code: 'bad-name', message: `"${key}" cannot be the name of a stack`, mark, hint: 'letters, digits, ".", "_" and "-"' };
  }
  if (key === 'policy' && path[0] === 'defaults')
    return { code: 'key-not-supported', message: `"policy" is not supported by this version yet`, mark };
  const known = knownKeys(path);
  const near = nearest(key, known);
  return {
    code: 'unknown-key',
    message: `unknown key "${key}"`,
    mark,
    hint: near === undefined ? `known here: ${known.join(', ')}` : `did you mean "${near}"?`,
  };
}

function keyMark(root: MapNode, path: readonly string[]): Finding['mark'] {
  const parent = path.slice(0, -1).reduce<ReturnType<typeof child>>((node, step) => child(node, step), root);
  return entriesOf(parent).get(path.at(-1) ?? '')?.key;
}

function knownKeys([first, , third, fourth]: readonly string[]): string[] {
  const { stack } = schema.definitions;
  if (fourth !== undefined) return Object.keys(stack.properties.engine.properties);
  if (third !== undefined) return Object.keys(stack.properties);
  return Object.keys(first === 'defaults' ? schema.properties.defaults.properties : schema.properties);
}
