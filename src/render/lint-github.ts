import type { Problem } from '../model/problem.ts';
import { sanitize } from './sanitize.ts';
import { sortedByPlace, type LintReport } from './lint-text.ts';

/** The findings as workflow commands, which GitHub shows beside the lines of a pull request. */
export const lintGithub = ({ findings, notes }: LintReport, problems: readonly Problem[]): string =>
  [
    ...problems.map((problem) => command(problem.severity, problem.message, { at: problem.at, title: problem.code })),
    ...sortedByPlace(findings)
      .filter(({ silenced }) => silenced === undefined)
      .map(({ rule, message, fix, at }) => command(rule.severity, `${message}. To do: ${fix}.`, { at, title: rule.id })),
    ...notes.map((note) => command('notice', note, { title: 'stackctl lint' })),
  ].join('');

interface Properties {
  readonly at?: Problem['at'];
  readonly title: string;
}

function command(kind: 'error' | 'warning' | 'notice', message: string, { at, title }: Properties): string {
  const place = at
    ? [
        `file=${property(at.file)}`,
        `line=${at.line}`,
        `col=${at.column}`,
        ...(at.length === undefined ? [] : [`endColumn=${at.column + at.length}`]),
      ]
    : [];
  return `::${kind} ${[...place, `title=${property(title)}`].join(',')}::${data(message)}\n`;
}

// https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts: what would end a command or a property
const data = (text: string): string => sanitize(text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A'));
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
