import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { canonical } from '../../src/spec/canonical.ts';
import { createSource } from '../../src/spec/mark.ts';
import type { MapNode, Node } from '../../src/spec/node.ts';
import { parseYaml } from '../../src/spec/parse-yaml.ts';
import { leafPlaces } from './schema-places.ts';

const sections = ['services', 'networks', 'volumes', 'secrets', 'configs'];
const serviceKeys = new Set(leafPlaces(['services']).map((place) => place.split('.')[2] ?? ''));

/** The places of a stack file that the engine's field tests say something of, in the long forms, as leafPlaces calls them. */
export function testedPlaces(folder: string): ReadonlySet<string> {
  const places = new Set<string>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
    const source = ts.createSourceFile(file, readFileSync(join(folder, file), 'utf8'), ts.ScriptTarget.Latest, true);
    for (const text of stackTexts(source)) {
      const root = treeOf(text);
      if (root) collect(root, [], places);
    }
  }
  return places;
}

/** Every text of a test that is a stack file or a part of one, as a whole stack file. */
function stackTexts(source: ts.SourceFile): string[] {
  const ofNetworks = source.fileName.startsWith('network-options');
  const texts: string[] = [];
  const visit = (node: ts.Node, part: 'service' | 'network' | 'none'): void => {
    if (isText(node)) texts.push(...(part === 'none' ? [textOf(node)] : [wrapped(textOf(node), part)]));
    const inner = isRowYaml(node) ? (ofNetworks ? 'network' : 'service') : part;
    const isService = ts.isCallExpression(node) && node.expression.getText() === 'serviceText';
    ts.forEachChild(node, (each) => visit(each, isService && node.arguments[1] === each ? 'service' : isText(node) ? 'none' : inner));
  };
  visit(source, 'none');
  return texts;
}

/** `yaml: [...]` of a row, or a `yaml` that holds lines of a service. */
const isRowYaml = (node: ts.Node): boolean => ts.isPropertyAssignment(node) && node.name.getText() === 'yaml';

const isText = (node: ts.Node): node is ts.StringLiteralLike | ts.TemplateExpression =>
  ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);

/** What is put in later stands for a line, or for a word. */
function textOf(node: ts.StringLiteralLike | ts.TemplateExpression): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  return node.templateSpans.reduce((before, { literal }) => {
    const isLine = /(^|\n)$/.test(before) && /^(\n|$)/.test(literal.text);
    return `${before}${isLine ? 'x-other: 1' : 'x'}${literal.text}`;
  }, node.head.text);
}

const wrapped = (text: string, part: 'service' | 'network'): string => `${part}s:\n  one:\n${text.replace(/^/gm, '    ')}\n`;

function treeOf(text: string): MapNode | undefined {
  const broken: unknown[] = [];
  const report = (finding: unknown): void => void broken.push(finding);
  const root = parseYaml(createSource('test', text), report);
  if (!root || broken.length > 0) return undefined;
  const keys = [...root.entries.keys()];
  if (keys.some((key) => sections.includes(key))) return canonical(root, { report, raw: false, written: { ports: 0 } });
  // Lines of a service that stand alone
  return keys.every((key) => serviceKeys.has(key)) ? treeOf(wrapped(text, 'service')) : undefined;
}

function collect(node: Node, path: readonly string[], places: Set<string>): void {
  places.add(path.join('.'));
  if (node.kind === 'list') node.items.forEach((item) => collect(item, [...path, '*'], places));
  if (node.kind !== 'map') return;
  for (const [key, { node: inner }] of node.entries) {
    collect(inner, [...path, key], places);
    // Names that a person chose
    collect(inner, [...path, '*'], places);
  }
}
