import { isAlias, isScalar, isSeq, type Alias, type ParsedNode, type Scalar, type YAMLMap } from 'yaml';
import type { Report } from './finding.ts';
import type { Mark, Source } from './mark.ts';
import { entriesOf, isNull, scalarNode, type Entry, type Node, type ScalarNode, type Tag } from './node.ts';
import { readScalar } from './read-scalar.ts';

/** Values in a document with its aliases written out; an alias bomb has billions. */
const maxNodes = 500_000;
/** Characters in a document with its aliases written out. */
const maxCharacters = 8 * 1024 * 1024;

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

interface Weight {
  readonly nodes: number;
  readonly characters: number;
}

interface Reading {
  readonly source: Source;
  readonly report: Report;
  readonly anchors: Map<string, Node>;
  /** What each node weighs when written out; shared nodes are counted wherever they are used. */
  readonly weights: Map<Node, Weight>;
}

class TooLarge extends Error {}

/** Our tree of a parsed document: aliases are shared nodes, merge keys are merged. Undefined when it would be too large. */
export function treeOf(contents: ParsedNode, source: Source, report: Report): Node | undefined {
  const reading: Reading = { source, report, anchors: new Map(), weights: new Map() };
  try {
    return read(contents, reading);
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    return undefined;
  }
}

function read(node: ParsedNode | null, reading: Reading): Node {
  if (node === null) return scalarNode(null, { source: reading.source, offset: 0, length: 0 });
  if (isAlias(node)) return aliased(node, reading);
  const tree = isScalar(node) ? scalarOf(node, reading) : isSeq(node) ? listOf(node.items, node, reading) : mapOf(node, reading);
  weigh(tree, reading);
  if (node.anchor !== undefined) reading.anchors.set(node.anchor, tree);
  return tree;
}

function aliased(node: Alias.Parsed, reading: Reading): Node {
  const found = reading.anchors.get(node.source);
  if (found) return found;
  const mark = markOf(node, reading);
  reading.report({ code: 'yaml-alias', message: `"*${node.source}" stands for an anchor that is not complete before it`, mark });
  return scalarNode(null, mark);
}

function scalarOf(node: Scalar.Parsed, reading: Reading): ScalarNode {
  const mark = markOf(node, reading);
  const text = String(node.value);
  const tag = tagOf(node.tag);
  const standard = node.tag?.startsWith('tag:yaml.org,2002:') ? node.tag.slice('tag:yaml.org,2002:'.length) : undefined;
  const asText = standard === 'str' || (standard === undefined && node.type !== 'PLAIN');
  const scalar: ScalarNode = { kind: 'scalar', mark, ...(asText ? { value: text, text } : readScalar(text)), ...(tag && { tag }) };
  if ((standard === 'int' || standard === 'float') && typeof scalar.value !== 'number') {
    reading.report({ code: 'wrong-type', message: `"${text}" is tagged as a number and is none`, mark });
  }
  return scalar;
}

function listOf(items: readonly unknown[], node: ParsedNode, reading: Reading): Node {
  const tag = tagOf(node.tag);
  return { kind: 'list', items: items.map((item) => read(item as ParsedNode, reading)), mark: markOf(node, reading), ...(tag && { tag }) };
}

function mapOf(node: YAMLMap.Parsed, reading: Reading): Node {
  const entries = new Map<string, Entry>();
  const merges: Entry[] = [];
  const firstLines = new Map<string, Mark>();
  for (const pair of node.items) {
    const key = keyOf(pair.key, firstLines, reading);
    if (!key) continue;
    const value = pair.value ? read(pair.value, reading) : scalarNode(null, { ...key.mark, length: 0 });
    if (isMergeKey(pair.key)) merges.push({ key: key.mark, node: value });
    else entries.set(key.name, { key: key.mark, node: value });
  }
  for (const merge of merges) mergeInto(entries, merge, reading);
  const tag = tagOf(node.tag);
  return { kind: 'map', entries, mark: markOf(node, reading), ...(tag && { tag }) };
}

/** In quotes, or tagged as text, it is a key like any other. */
const isMergeKey = (key: ParsedNode): boolean =>
  isScalar(key) && key.value === '<<' && (key.tag === undefined ? key.type === 'PLAIN' : !key.tag.endsWith(':str'));

function keyOf(node: ParsedNode, seen: Map<string, Mark>, reading: Reading): { name: string; mark: Mark } | undefined {
  const { source, report } = reading;
  const mark = markOf(node, reading);
  const key = isScalar(node) || isAlias(node) ? read(node, reading) : undefined;
  const name = key?.kind === 'scalar' ? key.value : undefined;
  if (typeof name !== 'string') {
    const shown = source.text.slice(mark.offset, mark.offset + Math.min(mark.length, 40));
    report({
      code: 'wrong-type',
      message: `the key ${shown} is not text`,
      mark,
      hint: isScalar(node) ? `write "${shown}" in quotes` : undefined,
    });
    return undefined;
  }
  if (forbiddenKeys.has(name)) {
    report({ code: 'yaml-forbidden-key', message: `"${name}" cannot be used as a key`, mark });
    return undefined;
  }
  const first = seen.get(name);
  if (first) {
    const line = source.text.slice(0, first.offset).split('\n').length;
    report({
      code: 'yaml-duplicate-key',
      message: `the key "${name}" stands here for the second time`,
      mark,
      hint: `the first is on line ${line}`,
    });
    return undefined;
  }
  seen.set(name, mark);
  return { name, mark };
}

/** YAML 1.1's merge key: what the map itself says wins, then the first of several merged maps. */
function mergeInto(entries: Map<string, Entry>, { key, node }: Entry, { report }: Reading): void {
  for (const merged of node.kind === 'list' ? node.items : [node]) {
    for (const [name, entry] of entriesOf(merged)) if (!entries.has(name)) entries.set(name, entry);
    if (merged.kind !== 'map' && !isNull(merged))
      report({ code: 'wrong-type', message: '"<<" must name a map, or a list of maps', mark: key });
  }
}

function weigh(tree: Node, { weights, report }: Reading): void {
  let nodes = 1;
  let characters = tree.kind === 'scalar' ? tree.text.length : 0;
  const add = (inner: Node) => {
    nodes += weights.get(inner)?.nodes ?? 1;
    characters += inner.kind === 'scalar' ? inner.text.length : (weights.get(inner)?.characters ?? 0);
  };
  if (tree.kind === 'list') tree.items.forEach(add);
  if (tree.kind === 'map') for (const { node } of tree.entries.values()) add(node);
  if (tree.kind !== 'scalar') weights.set(tree, { nodes, characters });
  if (nodes <= maxNodes && characters <= maxCharacters) return;
  report({
    code: 'yaml-too-large',
    message: `with its aliases written out this would be more than ${nodes > maxNodes ? `${maxNodes} values` : '8 MiB of text'}`,
    mark: { ...tree.mark, length: 1 },
  });
  throw new TooLarge();
}

function markOf(node: ParsedNode, { source }: Pick<Reading, 'source'>): Mark {
  const [start, end] = node.range;
  return { source, offset: start, length: end - start };
}

const tagOf = (tag: string | undefined): Tag | undefined => (tag === '!reset' ? 'reset' : tag === '!override' ? 'override' : undefined);
