import type { Cause, FieldDiff, Leaf } from '../model/change.ts';
import { isSealed } from '../model/text.ts';
import { linesDiff } from './lines-diff.ts';
import type { Style } from './style.ts';
import { padded, textWidth } from './text-width.ts';
import { isList, itemTexts, valueText } from './value-text.ts';
import { visible } from './visible.ts';

const widestPath = 34;
const widestValue = 56;
const longestList = 70;

/** The fields of one change, one under the other: before -> after, and what it takes. */
export function fieldLines(fields: readonly FieldDiff[], style: Style): string[] {
  const rows = fields.map(rowOf);
  const pathWidth = widest(
    rows.flatMap(({ path, plain }) => (plain === undefined ? [] : [path])),
    widestPath,
  );
  const valueWidth = widest(
    rows.flatMap(({ plain }) => (plain === undefined ? [] : [plain])),
    widestValue,
  );
  return rows.flatMap((row) => {
    const name = `${symbolText(row.symbol, style)} ${padded(row.path, pathWidth)} =`;
    if (row.plain !== undefined) return [`${name} ${row.note ? padded(row.plain, valueWidth) : row.plain}${noteText(row, style)}`];
    return [
      `${symbolText(row.symbol, style)} ${row.path}:${noteText(row, style)}`,
      ...linesDiff(row.have, row.want, style).map((line) => `      ${line}`),
    ];
  });
}

interface Row {
  readonly symbol: '+' | '-' | '~';
  readonly path: string;
  /** On one line; absent: shown line by line. */
  readonly plain?: string;
  readonly have?: string;
  readonly want?: string;
  readonly note: string;
}

function rowOf(field: FieldDiff): Row {
  const { have, want } = field;
  const symbol = have === undefined ? '+' : want === undefined ? '-' : '~';
  const row = { symbol, path: visible(shortPath(field)), note: noteOf(field) } as const;
  if (!isLong(have) && !isLong(want)) return { ...row, plain: plainText(field) };
  return {
    ...row,
    ...(have !== undefined && { have: linesOf(field.path, have) }),
    ...(want !== undefined && { want: linesOf(field.path, want, have) }),
  };
}

/** A port is its own name: "ports" says it, and the value says which. */
function shortPath({ path, have, want }: FieldDiff): string {
  const value = want ?? have;
  return typeof value === 'string' && path.endsWith(`.${value}`) ? path.slice(0, -value.length - 1) : path;
}

function plainText({ path, have, want }: FieldDiff): string {
  const before = have === undefined ? undefined : valueText(path, have);
  const after = want === undefined ? undefined : valueText(path, want, have);
  if (before === undefined || after === undefined) return before ?? after ?? '';
  // An address whose password changed: once is enough.
  if (isSealed(want) && after.startsWith(`${before} `)) return after;
  return `${before} -> ${after}${before === after ? ' (changed)' : ''}`; // secrets that only changed places
}

/** Better read line by line: texts of several lines, and lists that do not fit on one. */
function isLong(leaf: Leaf | undefined): boolean {
  if (typeof leaf === 'string') return leaf.includes('\n');
  return isList(leaf) && leaf.length > 1 && valueText('', leaf).length > longestList;
}

function linesOf(path: string, leaf: Leaf, before?: Leaf): string {
  if (isList(leaf)) return itemTexts(leaf, before).join('\n').concat('\n');
  return typeof leaf === 'string' ? leaf : `${valueText(path, leaf, before)}\n`;
}

const causeNotes: { readonly [cause in Cause]: string } = {
  file: '',
  drift: '(drift)',
  image: '(image)',
  content: '(content)',
  port: '',
  data: '',
};

/** What mending it takes, and whose doing it is when it is not the file's. */
function noteOf({ mend, cause, pending }: FieldDiff): string {
  const forces = mend === 'replace' ? (pending ? '# replaced only if it is another one' : '# forces replacement') : '';
  const wakes =
    mend === 'restart'
      ? '# restarts the container'
      : mend === 'signal'
        ? '# sends a signal'
        : mend === 'standstill'
          ? '# stops the container meanwhile'
          : '';
  return [forces || wakes, causeNotes[cause]].filter(Boolean).join(' ');
}

function noteText({ note }: Row, style: Style): string {
  if (note === '') return '';
  const [forces, rest] = note.startsWith('# forces replacement')
    ? [style.red('# forces replacement'), note.slice('# forces replacement'.length)]
    : ['', note];
  return `  ${forces}${style.dim(rest)}`;
}

function symbolText(symbol: Row['symbol'], style: Style): string {
  if (symbol === '~') return style.yellow(symbol);
  return symbol === '+' ? style.green(symbol) : style.red(symbol);
}

const widest = (texts: readonly string[], most: number): number => Math.min(most, Math.max(0, ...texts.map(textWidth)));
