import type { Drift, DriftFound } from '../model/drift.ts';
import type { Plan } from '../model/plan.ts';
import { leafJson } from './leaf-json.ts';
import { problemJson, type Json } from './plan-json.ts';

/** The document of `drift --json`; keys may be added within a format version, never changed. */
export const driftJson = ({ stack, engine, problems }: Plan, { drifts, others }: DriftFound): Json => ({
  format_version: '1.0',
  stack,
  engine,
  drift: drifts.map(driftedJson),
  other_changes: others,
  problems: problems.map(problemJson),
});

/** One resource. Of a field, an absent `now` or `applied`: nothing is there on that side. */
export const driftedJson = ({ of, name, service, id, stands, because, fields, edited }: Drift): { readonly [key: string]: Json } => ({
  of,
  name,
  ...(service !== undefined && { service }),
  ...(id !== undefined && { id }),
  stands,
  because,
  fields: fields.map(({ path, have, want }) => ({
    path,
    ...(have !== undefined && { now: leafJson(have) }),
    ...(want !== undefined && { applied: leafJson(want) }),
  })),
  also_changed: edited,
});
