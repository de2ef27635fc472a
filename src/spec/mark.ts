import type { Place } from '../model/problem.ts';

/** A text that was read, under the name by which a person knows it. */
export interface Source {
  readonly name: string;
  readonly text: string;
  /** Offsets of the first character of each line. */
  readonly lineStarts: readonly number[];
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
  return { name, text, lineStarts };
}

/** The mark as people read it; `hides` says which lines must not be shown because they may hold a secret. */
export function placeOf({ source, offset, length }: Mark, hides: (line: string) => boolean): Place {
  const line = lineAt(source.lineStarts, offset);
  const start = source.lineStarts[line] ?? 0;
  const text = source.text.slice(start, source.lineStarts[line + 1] ?? source.text.length).replace(/\r?\n$/, '');
  const column = offset - start;
  const place = { file: source.name, line: line + 1, column: column + 1 };
  return hides(text) ? place : { ...place, source: text, length: Math.max(1, Math.min(length, text.length - column)) };
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
