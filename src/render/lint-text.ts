import type { Told } from '../lint/lint.ts';
import type { Rule } from '../lint/rule.ts';
import { countText } from './count-text.ts';
import { problemText } from './problem-text.ts';
import { problemCount, sortedProblems } from './problems-text.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

/** What lint found, and what it could not look at. */
export interface LintReport {
  readonly findings: readonly Told[];
  readonly notes: readonly string[];
}

/** The findings by their place, each as a compiler would print it; the reason stands with the first one of each rule. */
export function lintText({ findings, notes }: LintReport, style: Style): string {
  const open = findings.filter(({ silenced }) => silenced === undefined);
  const silent = findings.length - open.length;
  const explained = new Set<Rule>();
  const texts = sortedByPlace(open).map((told) => {
    const reason = explained.has(told.rule) ? '' : `  ${style.dim('why:')} ${told.rule.reason}\n`;
    explained.add(told.rule);
    return `${problemText(problemOf(told), style)}${reason}`;
  });
  const count = open.length === 0 ? 'Nothing found' : problemCount(open.map(problemOf));
  const last = `${count}${silent > 0 ? `, ${countText(silent, 'finding')} silenced in the file` : ''}.`;
  return `${texts.join('\n')}${texts.length > 0 ? '\n' : ''}${notes.map((note) => `note: ${sanitize(note)}\n`).join('')}${style.bold(last)}\n`;
}

const problemOf = ({ rule, message, at, fix }: Told) => ({
  code: rule.id,
  severity: rule.severity,
  message: `${message} [${rule.id}]`,
  hint: fix,
  ...(at && { at }),
});

/** By file and line; those that are silenced among the others. */
export function sortedByPlace(findings: readonly Told[]): Told[] {
  const byProblem = new Map(findings.map((told) => [problemOf(told), told] as const));
  return sortedProblems([...byProblem.keys()]).flatMap((problem) => byProblem.get(problem as ReturnType<typeof problemOf>) ?? []);
}

/** The table of the rules. */
export function rulesText(rules: readonly Rule[], style: Style): string {
  return rules
    .map(({ id, severity, finds, reason, fix }) =>
      [`${style.bold(id)} (${severity})`, `  ${finds}`, `  ${style.dim('why:')} ${reason}`, `  ${style.cyan('fix:')} ${fix}`, ''].join(
        '\n',
      ),
    )
    .join('\n');
}
