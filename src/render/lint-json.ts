import type { Told } from '../lint/lint.ts';
import type { Rule } from '../lint/rule.ts';
import type { Problem } from '../model/problem.ts';
import type { Json } from './plan-json.ts';
import { sortedByPlace, type LintReport } from './lint-text.ts';

/** The findings as data. `problems`: what stands in the way of reading the files. */
export const lintJson = ({ findings, notes }: LintReport, problems: readonly Problem[]): Json => ({
  format_version: '1.0',
  findings: sortedByPlace(findings).map(findingJson),
  problems: problems.map(({ at, ...problem }) => ({ ...problem, ...(at && { at: { ...at } }) })),
  notes,
});

const findingJson = ({ rule, message, fix, at, silenced }: Told): Json => ({
  rule: rule.id,
  severity: rule.severity,
  message,
  reason: rule.reason,
  fix,
  ...(at && { at: { ...at } }),
  ...(silenced !== undefined && { silenced }),
});

/** The rules as data. */
export const rulesJson = (rules: readonly Rule[]): Json => ({
  format_version: '1.0',
  rules: rules.map(({ id, severity, finds, reason, fix }) => ({ id, severity, finds, reason, fix })),
});
