import type { Problem } from '../model/problem.ts';
import { countText } from './count-text.ts';
import { problemText } from './problem-text.ts';
import type { Style } from './style.ts';

interface Options {
  readonly style: Style;
  /** After the count, such as "nothing was touched". */
  readonly ending?: string;
}

/** All problems by their place, each as a compiler would print it, and a last line that counts them. Empty if there are none. */
export function problemsText(problems: readonly Problem[], { style, ending }: Options): string {
  if (problems.length === 0) return '';
  const last = `${problemCount(problems)}${ending === undefined ? '' : `, ${ending}`}.`;
  return `${sortedProblems(problems)
    .map((problem) => problemText(problem, style))
    .join('\n')}\n${style.bold(last)}\n`;
}

/** "2 errors, 1 warning". */
export function problemCount(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const counts = [errors > 0 && countText(errors, 'error'), problems.length > errors && countText(problems.length - errors, 'warning')];
  return counts.filter(Boolean).join(', ');
}

/** Files in the order in which they first occur, lines from the top; what has no place comes last. */
export function sortedProblems(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.flatMap(({ at }) => (at ? [at.file] : [])))];
  const rank = ({ at }: Problem): readonly number[] => (at ? [files.indexOf(at.file), at.line, at.column] : [files.length]);
  return [...problems].sort((left, right) => firstDifference(rank(left), rank(right)));
}

const firstDifference = (left: readonly number[], right: readonly number[]): number =>
  left.map((each, i) => each - (right[i] ?? 0)).find((each) => each !== 0) ?? 0;
