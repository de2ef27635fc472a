import type { Told } from '../lint/lint.ts';
import type { Rule } from '../lint/rule.ts';
import type { Problem } from '../model/problem.ts';
import type { Json } from './plan-json.ts';
import { sortedByPlace, type LintReport } from './lint-text.ts';

interface Making {
  readonly rules: readonly Rule[];
  readonly version: string;
  /** What stands in the way of reading the files. */
  readonly problems: readonly Problem[];
}

/** The findings in the Static Analysis Results Interchange Format, 2.1.0; what is silenced is there as a suppression. */
export const lintSarif = ({ findings, notes }: LintReport, { rules, version, problems }: Making): Json => ({
  $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
  version: '2.1.0',
  runs: [
    {
      tool: { driver: { name: 'stackctl', version, rules: rules.map(ruleJson) } },
      columnKind: 'utf16CodeUnits',
      invocations: [
        {
          executionSuccessful: problems.length === 0,
          toolExecutionNotifications: [
            ...problems.map((problem) => ({ level: problem.severity, message: { text: problem.message }, ...locations(problem) })),
            ...notes.map((note) => ({ level: 'note', message: { text: note } })),
          ],
        },
      ],
      results: sortedByPlace(findings).map((told) => resultJson(told, rules)),
    },
  ],
});

const ruleJson = ({ id, severity, finds, reason, fix }: Rule): Json => ({
  id,
  shortDescription: { text: finds },
  fullDescription: { text: reason },
  help: { text: fix },
  defaultConfiguration: { level: severity },
});

const resultJson = (told: Told, rules: readonly Rule[]): Json => ({
  ruleId: told.rule.id,
  ruleIndex: rules.indexOf(told.rule),
  level: told.rule.severity,
  message: { text: `${told.message}. To do: ${told.fix}.` },
  ...locations(told),
  ...(told.silenced !== undefined && { suppressions: [{ kind: 'inSource', justification: told.silenced }] }),
});

function locations({ at }: Pick<Problem, 'at'>): { readonly locations?: Json } {
  if (!at) return {};
  const { file, line, column, length } = at;
  const region = { startLine: line, startColumn: column, ...(length !== undefined && { endLine: line, endColumn: column + length }) };
  return { locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) }, region } }] };
}

/** Relative to the working directory, or a file URL. */
const uriOf = (file: string): string => `${file.startsWith('/') ? 'file://' : ''}${file.split('/').map(encodeURIComponent).join('/')}`;
