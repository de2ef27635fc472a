import type { Result } from '../lib/result.ts';
import type { DriftFound } from '../model/drift.ts';
import type { Problem } from '../model/problem.ts';
import { drift } from '../plan/drift.ts';
import { plainOptions, type PlanOptions } from '../plan/options.ts';
import { plan as makePlan } from '../plan/plan.ts';
import type { Invocation } from './command.ts';
import { lookAndPlan, type Looked } from './look-and-plan.ts';
import type { OpenStack } from './open-stack.ts';

export interface LookedForDrift extends Looked {
  readonly found: DriftFound;
  /** What the drift was found with, and may be mended with. */
  readonly options: PlanOptions;
}

/** Looks once for drift of the named services, or of all; the plan beside it is that of the same look. */
export async function lookForDrift(opened: OpenStack, invocation: Invocation): Promise<Result<LookedForDrift, readonly Problem[]>> {
  const options = { ...plainOptions, targets: invocation.positionals, noDependencies: true };
  const looked = await lookAndPlan(opened, (desired, observed, left) => makePlan(desired, observed, { ...options, left }), invocation);
  if (!looked.ok) return looked;
  const { observed, left } = looked.value;
  const found = drift(opened.setup.stack.desired, observed, { ...options, left });
  return { ok: true, value: { ...looked.value, found, options: { ...options, left } } };
}
