import { plan as makePlan } from '../plan/plan.ts';
import type { ExitCode, Invocation } from './command.ts';
import { lookAndPlan } from './look-and-plan.ts';
import { openLocked } from './open-locked.ts';
import type { OpenStack } from './open-stack.ts';
import { savePlan, type SavedPlan } from './plan-file.ts';
import { planOptions } from './plan-options.ts';
import { isError, refuse } from './screen.ts';
import { showPlan } from './show-plan.ts';
import { wantedOf } from './wanted.ts';

/** Shows what apply would do. Reads only; 2 with --detailed-exitcode when there is something to do. */
export async function runPlan(invocation: Invocation): Promise<ExitCode> {
  const { flags, io } = invocation;
  const opened = await openLocked(invocation);
  if (!opened.ok) return refuse(opened.error, invocation);
  const looked = await lookAndPlan(
    opened.value,
    (desired, observed, left) => makePlan(desired, observed, { ...planOptions(invocation), left }),
    invocation,
  );
  if (!looked.ok) return refuse(looked.error, invocation);
  const { plan } = looked.value;
  await showPlan(plan, invocation);
  if (plan.problems.some(isError)) return 1;
  if (flags.out !== undefined) {
    const saved = await save(flags.out, { plan, wanted: wantedOf(opened.value.setup.stack, planOptions(invocation)) }, opened.value);
    if (!saved.ok) return refuse(saved.error, invocation);
    io.stderr.write(`\nSaved. Apply exactly this plan with: stackctl apply ${flags.out}\n`);
  }
  return flags.detailedExitcode && plan.steps.length > 0 ? 2 : 0;
}

async function save(path: string, made: Pick<SavedPlan, 'plan' | 'wanted'>, { request }: OpenStack) {
  const { environment: _environment, cwd: _cwd, ...source } = request;
  return savePlan(path, { stackctl: process.env['STACKCTL_VERSION'] ?? '', ...made, source });
}
