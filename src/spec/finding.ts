import type { Problem } from '../model/problem.ts';
import { placeOf, type Mark } from './mark.ts';

/** A problem whose place is not worked out yet, because only the whole stack tells which lines may be shown. */
export interface Finding {
  readonly code: string;
  readonly message: string;
  readonly mark?: Mark | undefined;
  readonly hint?: string | undefined;
  /** An error unless it says otherwise. */
  readonly severity?: 'error' | 'warning';
}

/** Takes note of a finding; stages go on after it, so that all are reported at once. */
export type Report = (finding: Finding) => void;

/** Errors, and warnings too: more than a person reads; a hostile file has thousands. */
const maxFindings = 1000;

/** Findings as they come in; beyond what a person reads, one more says that there are more. */
export function createFindings(): { readonly findings: readonly Finding[]; readonly report: Report } {
  const findings: Finding[] = [];
  const counts = { error: 0, warning: 0 };
  const report = (finding: Finding) => {
    const { severity = 'error' } = finding;
    counts[severity]++;
    if (counts[severity] <= maxFindings) findings.push(finding);
    else if (counts[severity] === maxFindings + 1) {
      findings.push({ code: 'too-many-problems', severity, message: `more than ${maxFindings} ${severity}s; the rest is not told` });
    }
  };
  return { findings, report };
}

export const isError = ({ severity }: Finding): boolean => severity !== 'warning';

/** Findings as problems, by file and place, each once. */
export function problemsOf(findings: readonly Finding[], hides: (line: string) => boolean): Problem[] {
  const files = [...new Set(findings.map(({ mark }) => mark?.source.name))];
  const fileOrder = ({ mark }: Finding) => files.indexOf(mark?.source.name);
  const sorted = [...findings].sort(
    (left, right) => fileOrder(left) - fileOrder(right) || (left.mark?.offset ?? 0) - (right.mark?.offset ?? 0),
  );
  const seen = new Set<string>();
  return sorted.flatMap(({ code, message, mark, hint, severity = 'error' }) => {
    const at = mark && placeOf(mark, hides);
    const key = JSON.stringify([code, message, at?.file, at?.line, at?.column]);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ code, severity, message, ...(at && { at }), ...(hint !== undefined && { hint }) }];
  });
}
