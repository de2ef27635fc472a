import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';
import { padded, textWidth } from './text-width.ts';

/** Rows in columns, below their titles. */
export function textTable(titles: readonly string[], rows: readonly (readonly string[])[], style: Style): string {
  const cells = [titles, ...rows.map((row) => row.map((cell) => sanitize(cell)))];
  const widths = titles.map((_title, i) => Math.max(...cells.map((row) => textWidth(row[i] ?? ''))));
  const [title = '', ...lines] = cells.map((row) =>
    row
      .map((cell, i) => padded(cell, widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${[style.dim(title), ...lines].join('\n')}\n`;
}
