import type { Place } from '../model/problem.ts';

/** A text that was read, under the name by which a person knows it. */
export interface Source {
  readonly name: string;
  readonly text: string;
  /** Offsets of the first character of each line. */
  readonly lineStarts: readonly number[];
  /** The line of that number, from 0, without its end. */
  readonly line: (number: number) => string;
}

/** A stretch of a source. */
export interface Mark {
  readonly source: Source;
  readonly offset: number;
  readonly length: number;
}

export function createSource(name: string, text: string): Source {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  const lines: string[] = [];
  const line = (number: number) => (lines[number] ??= text.slice(lineStarts[number], lineStarts[number + 1]).replace(/\r?\n$/, ''));
  return { name, text, lineStarts, line };
}

/** A longer line is not shown: no terminal has room for it. */
const longestShown = 500;

/** The mark as people read it; `hides` says which lines must not be shown because they may hold a secret. */
export function placeOf({ source, offset, length }: Mark, hides: (line: string) => boolean): Place {
  const line = lineAt(source.lineStarts, offset);
  const text = source.line(line);
  const column = offset - (source.lineStarts[line] ?? 0);
  const [file, from] = [source.name, column + 1];
  if (text.length > longestShown || hides(text)) return { file, line: line + 1, column: from };
  return { file, line: line + 1, column: from, source: text, length: Math.max(1, Math.min(length, text.length - column)) };
}

function lineAt(lineStarts: readonly number[], offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
