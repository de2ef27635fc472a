import type { Place, Problem } from '../model/problem.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';
import { textWidth } from './text-width.ts';

const longestLine = 120;

/** One problem as a compiler would print it, so that editors can jump to it. */
export function problemText({ severity, message, at, hint }: Problem, style: Style): string {
  const place = at ? `${style.bold(`${sanitize(at.file)}:${at.line}:${at.column}:`)} ` : '';
  const paint = severity === 'error' ? style.red : style.yellow;
  const lines = [
    `${place}${style.bold(paint(`${severity}:`))} ${indented(message)}`,
    ...(at ? markedLine(at, paint, style) : []),
    ...(hint === undefined ? [] : [`  ${style.cyan('hint:')} ${indented(hint)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** Further lines of a message stand under it. */
const indented = (text: string): string => sanitize(text, 'block').trimEnd().replace(/\n/g, '\n  ');

/** The line itself, and a mark under what is meant. */
function markedLine({ line, column, source, length = 1 }: Place, paint: (text: string) => string, style: Style): string[] {
  if (source === undefined) return [];
  const [from, to] = windowOf(column - 1, source.length);
  const before = sanitize(source.slice(from, column - 1));
  const meant = sanitize(source.slice(column - 1, Math.min(column - 1 + length, to)));
  const after = sanitize(source.slice(column - 1 + length, to));
  const shown = `${from > 0 ? '…' : ''}${before}${meant}${after}${to < source.length ? '…' : ''}`.trimEnd();
  const mark = `^${'~'.repeat(Math.max(0, textWidth(meant) - 1))}`;
  const gutter = String(line).padStart(4);
  return [
    `${style.dim(`${gutter} |`)} ${shown}`,
    `${style.dim(`${' '.repeat(gutter.length)} |`)} ${' '.repeat(textWidth(before) + (from > 0 ? 1 : 0))}${paint(mark)}`,
  ];
}

/** A line of a minified file is cut to the part around the mark. */
function windowOf(at: number, length: number): readonly [number, number] {
  if (length <= longestLine) return [0, length];
  const from = Math.max(0, Math.min(at - Math.floor(longestLine / 3), length - longestLine));
  return [from, from + longestLine];
}
