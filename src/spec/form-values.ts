import { parseBytes } from '../lib/bytes.ts';
import { durationText, parseDuration } from '../lib/duration.ts';
import { shellWords } from '../lib/shell-words.ts';
import type { Report } from './finding.ts';
import { isNull, listNode, scalarNode, silenced, textOf, type Node } from './node.ts';

/** What the forms of values need to know. */
export interface Scope {
  readonly report: Report;
}

/**
 * From any spelling of a value to its one form; undefined if it says nothing or is wrong, which is reported. A value that says no more
 * than its absence is silent, as in the reference's output.
 */
export type Form = (node: Node, scope: Scope) => Node | undefined;

/** A value that is printed also when it is false, zero or empty. */
export const kept =
  (form: Form): Form =>
  (node, scope) => {
    const formed = form(node, scope);
    if (!formed?.silent) return formed;
    const { silent: _silent, ...loud } = formed;
    return loud;
  };

/** A value that is never printed. */
export const hidden =
  (form: Form): Form =>
  (node, scope) => {
    const formed = form(node, scope);
    return formed && silenced(formed);
  };

export const text: Form = (node) => {
  const value = textOf(node);
  return value === '' ? silenced(scalarNode('', node.mark)) : scalarNode(value, node.mark);
};

const yes = new Set(['true', 'y', 'yes', 'on']);
const no = new Set(['false', 'n', 'no', 'off']);

/** A boolean, also as text: "true", "yes", "on" … */
export const flag: Form = (node, { report }) => {
  const word = textOf(node).toLowerCase();
  if (yes.has(word)) return scalarNode(true, node.mark);
  if (no.has(word)) return silenced(scalarNode(false, node.mark));
  report({ code: 'bad-boolean', message: `"${textOf(node)}" is neither true nor false`, mark: node.mark });
  return undefined;
};

/** A duration in Go's form. */
export const duration: Form = (node, { report }) => {
  const ms = parseDuration(textOf(node));
  if (ms !== undefined) return ms === 0 ? silenced(scalarNode('0s', node.mark)) : scalarNode(durationText(ms), node.mark);
  const bare = /^\d+$/.test(textOf(node));
  const hint = bare ? `write the unit too: "${textOf(node)}s"` : 'such as "1m30s", "500ms" or "2h"';
  report({ code: 'bad-duration', message: `"${textOf(node)}" is not a duration`, mark: node.mark, hint });
  return undefined;
};

/** A size as a text of bytes. */
export const size: Form = (node, { report }) => {
  const isInteger = node.kind === 'scalar' && typeof node.value === 'number' && Number.isSafeInteger(node.value);
  const isFraction = node.kind === 'scalar' && typeof node.value === 'number' && !isInteger;
  const bytes = isInteger ? Number(textOf(node)) : isFraction ? undefined : parseBytes(textOf(node));
  if (bytes !== undefined) return bytes === 0 ? silenced(scalarNode('0', node.mark)) : scalarNode(String(bytes), node.mark);
  report({ code: 'bad-size', message: `"${textOf(node)}" is not a size`, mark: node.mark, hint: 'such as "512m", "1.5g" or "1073741824"' });
  return undefined;
};

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A whole number within a range. */
export const wholeNumber =
  ({ from, to }: Range = { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER }): Form =>
  (node, { report }) => {
    const written = node.kind === 'scalar' && typeof node.value === 'number' ? Math.trunc(node.value) : undefined;
    const value = written ?? (/^[-+]?\d+$/.test(textOf(node)) ? Number(textOf(node)) : NaN);
    if (value >= from && value <= to) return value === 0 ? silenced(scalarNode(0, node.mark)) : scalarNode(value, node.mark);
    const inside = Number.isNaN(value) ? '' : from === 0 && to === Number.MAX_SAFE_INTEGER ? ' from 0 on' : ` from ${from} to ${to}`;
    report({ code: 'bad-number', message: `"${textOf(node)}" is not a whole number${inside}`, mark: node.mark });
    return undefined;
  };

export const integer: Form = wholeNumber();
export const natural: Form = wholeNumber({ from: 0, to: Number.MAX_SAFE_INTEGER });

/** A number; the reference keeps most of them in 32 bits. */
export const number =
  (bits: 32 | 64): Form =>
  (node, { report }) => {
    const value = textOf(node).trim() === '' ? NaN : Number(textOf(node));
    if (Number.isFinite(value)) {
      const short = bits === 32 ? shortest(value) : value;
      return short === 0 ? silenced(scalarNode(0, node.mark)) : scalarNode(short, node.mark);
    }
    report({ code: 'bad-number', message: `"${textOf(node)}" is not a number`, mark: node.mark });
    return undefined;
  };

/** The shortest decimal that means the same in 32 bits, which is what Go prints. */
function shortest(value: number): number {
  const single = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return Number(single.toPrecision(9));
}

/** A command line as words, as Compose splits it; a list stays. */
export const words: Form = (node, { report }) => {
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
