import type { FieldDiff } from '../model/change.ts';
import type { ChangeNote, Plan, Step } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { labelOf } from './label-of.ts';
import { leafJson } from './leaf-json.ts';
import { planSummary } from './plan-summary.ts';

/** Plain JSON data with keys in snake_case. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The document of `plan --json`: same plan, same text; keys may be added within a format version, never changed. */
export function planJson(plan: Plan): Json {
  return {
    format_version: '1.0',
    stack: plan.stack,
    engine: plan.engine,
    changes: plan.changes.map(changeJson),
    steps: plan.steps.map(stepJson),
    problems: plan.problems.map(problemJson),
    summary: { ...planSummary(plan.changes) },
    timeout_ms: plan.timeoutMs,
    rollback_timeout_ms: plan.rollbackTimeoutMs,
  };
}

function changeJson({ of, name, service, verb, because, cause, fields, interrupts }: ChangeNote): Json {
  return {
    of,
    name,
    ...(service !== undefined && { service }),
    verb: verb.replaceAll('-', '_'),
    because,
    cause,
    fields: fields.map(fieldJson),
    ...(interrupts !== undefined && { interrupts }),
  };
}

/** An absent `before` or `after`: nothing is there on that side. */
function fieldJson({ path, have, want, cause, pending, mend }: FieldDiff): Json {
  return {
    path,
    ...(have !== undefined && { before: leafJson(have) }),
    ...(want !== undefined && { after: leafJson(want) }),
    cause,
    forces_replacement: mend === 'replace',
    ...(pending && { pending }),
  };
}

function stepJson({ id, stage, action, after, because, service, unlessImage, onFailure }: Step): Json {
  return {
    id,
    stage,
    label: labelOf(action),
    ...(service !== undefined && { service }),
    because,
    after: [...after],
    ...(unlessImage && { unless_image: { ...unlessImage } }),
    on_failure: onFailure,
  };
}

/** A problem as data; the line of the file stays in the file. */
export function problemJson({ code, severity, message, at, hint }: Problem): Json {
  return {
    code,
    severity,
    message,
    ...(at && { at: { file: at.file, line: at.line, column: at.column } }),
    ...(hint !== undefined && { hint }),
  };
}
