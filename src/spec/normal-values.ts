import { parseBytes } from '../lib/bytes.ts';
import { durationText, parseDuration } from '../lib/duration.ts';
import { resolvePath } from '../lib/posix-path.ts';
import { shellWords } from '../lib/shell-words.ts';
import type { Report } from './finding.ts';
import { isNull, listNode, scalarNode, type Entry, type MapNode, type Node } from './node.ts';

/** What the stages that write out short forms need to know. */
export interface Scope {
  readonly report: Report;
  /** What relative paths of this file start from, absolute. */
  readonly directory: string;
  /** What "~" stands for. */
  readonly home: string;
  /** Counts the ports that ranges are written out to. */
  readonly written: { ports: number };
}

/** From any spelling of a value to its one normal form; undefined if it says nothing or is wrong, which is reported. */
export type Normalise = (node: Node, scope: Scope) => Node | undefined;

/** Of a value that the schema has found to be text. */
export const textOf = (node: Node | undefined): string => (node?.kind === 'scalar' ? node.text : '');

/** A map with some of its values in their normal form. */
export const mapOf =
  (normalisers: { readonly [key: string]: Normalise }): Normalise =>
  (node, scope) =>
    node.kind === 'map' ? normaliseEntries(node, (child, key) => (normalisers[key] ?? asIs)(child, scope)) : undefined;

/** A map of which every value has the same form. */
export const mapOfAll =
  (normalise: Normalise): Normalise =>
  (node, scope) =>
    node.kind === 'map' ? normaliseEntries(node, (child) => normalise(child, scope)) : undefined;

/** The map with other values; tags stay for the merge, and what is marked `!reset` is not looked at. */
export function normaliseEntries(node: MapNode, change: (child: Node, key: string) => Node | undefined): MapNode {
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) {
    const { tag } = entry.node;
    const child = tag === 'reset' ? entry.node : change(entry.node, key);
    if (child) entries.set(key, { ...entry, node: tag === undefined ? child : { ...child, tag } });
  }
  return { ...node, entries };
}

const asIs: Normalise = (node) => node;

const yes = new Set(['true', 'y', 'yes', 'on', '1', 't']);
const no = new Set(['false', 'n', 'no', 'off', '0', 'f']);

/** A boolean, also as text: "true", "yes", "on" … */
export const flag: Normalise = (node, { report }) => {
  const text = textOf(node).toLowerCase();
  if (yes.has(text)) return scalarNode(true, node.mark);
  if (no.has(text)) return scalarNode(false, node.mark);
  report({ code: 'bad-boolean', message: `"${textOf(node)}" is neither true nor false`, mark: node.mark });
  return undefined;
};

/** A duration in Go's form. */
export const duration: Normalise = (node, { report }) => {
  const ms = parseDuration(textOf(node));
  if (ms !== undefined) return scalarNode(durationText(ms), node.mark);
  const bare = /^\d+$/.test(textOf(node));
  const hint = bare ? `write the unit too: "${textOf(node)}s"` : 'such as "1m30s", "500ms" or "2h"';
  report({ code: 'bad-duration', message: `"${textOf(node)}" is not a duration`, mark: node.mark, hint });
  return undefined;
};

/** A size as a text of bytes. */
export const size: Normalise = (node, { report }) => {
  const bytes = parseBytes(textOf(node));
  if (bytes !== undefined) return scalarNode(String(bytes), node.mark);
  report({ code: 'bad-size', message: `"${textOf(node)}" is not a size`, mark: node.mark, hint: 'such as "512m", "1.5g" or "1073741824"' });
  return undefined;
};

/** A number that is not below zero. */
export const number: Normalise = (node, { report }) => {
  const value = textOf(node).trim() === '' ? NaN : Number(textOf(node));
  if (Number.isFinite(value) && value >= 0) return scalarNode(value, node.mark);
  report({ code: 'bad-number', message: `"${textOf(node)}" is not a number from 0 on`, mark: node.mark });
  return undefined;
};

/** A whole number; -1 stands for "no limit" where the engine knows that. */
export const wholeNumber: Normalise = (node, { report }) => {
  const value = /^[-+]?\d+(\.\d*)?$/.test(textOf(node)) ? Math.trunc(Number(textOf(node))) : NaN;
  if (Number.isSafeInteger(value) && value >= -1) return scalarNode(value, node.mark);
  report({ code: 'bad-number', message: `"${textOf(node)}" is not a whole number`, mark: node.mark });
  return undefined;
};

/** One text or a list of them, as a list. */
export const texts: Normalise = (node) => (node.kind === 'list' ? node : listNode([node], node.mark));

/** A command line as words, as Compose splits it; a list stays. */
export const words: Normalise = (node, { report }) => {
  if (node.kind !== 'scalar' || isNull(node)) return node;
  const split = shellWords(node.text);
  if (!split) {
    report({ code: 'bad-command', message: 'a quote, bracket or backslash in this command has no counterpart', mark: node.mark });
    return undefined;
  }
  if (split.cut !== undefined) {
    report({
      code: 'command-cut',
      severity: 'warning',
      message: `everything from "${split.cut.slice(0, 20)}" on is dropped, because no shell reads this command`,
      mark: node.mark,
      hint: 'to use a shell: ["sh", "-c", "…"]',
    });
  }
  return listNode(
    split.words.map((word) => scalarNode(word, node.mark)),
    node.mark,
  );
};

/** A list of NAME=value as a map of texts; a name without a value is null. */
export const variables: Normalise = (node) => {
  if (node.kind === 'map') return normaliseEntries(node, (child) => (isNull(child) ? child : asText(child)));
  const entries = new Map<string, Entry>();
  for (const item of node.kind === 'list' ? node.items : []) {
    const text = textOf(item);
    const at = text.indexOf('=');
    const value = at < 0 ? scalarNode(null, item.mark) : scalarNode(text.slice(at + 1), item.mark);
    entries.set(at < 0 ? text : text.slice(0, at), { key: item.mark, node: value });
  }
  return { kind: 'map', entries, mark: node.mark };
};

/** Like variables; a name without a value has an empty one. */
export const labels: Normalise = (node, scope) => {
  const map = variables(node, scope);
  return map?.kind === 'map' ? normaliseEntries(map, asText) : undefined;
};

export const asText = (node: Node): Node => scalarNode(textOf(node), node.mark);

/** A path of the host, absolute. */
export function hostPath(path: string, { directory, home }: Scope): string {
  if (/^[a-zA-Z]:\\|^\\\\/.test(path)) return path;
  return path === '~' || path.startsWith('~/') ? resolvePath(home, `.${path.slice(1)}`) : resolvePath(directory, path);
}

export const path: Normalise = (node, scope) => scalarNode(hostPath(textOf(node), scope), node.mark);
