import type { Desired } from '../model/desired.ts';
import { plan as makePlan } from '../plan/plan.ts';
import type { ExitCode, Invocation } from './command.ts';
import { lookAndPlan, type Looked } from './look-and-plan.ts';
import { openLocked } from './open-locked.ts';
import { planOptions } from './plan-options.ts';
import { isError, refuse, styleOf } from './screen.ts';
import { unknownServices } from './unknown-services.ts';

/** Shows want against have, one line a service; then what stands in the way of an apply. */
export async function runStatus(invocation: Invocation): Promise<ExitCode> {
  const opened = await openLocked(invocation);
  if (!opened.ok) return refuse(opened.error, invocation);
  const { stack } = opened.value.setup;
  const unknown = unknownServices(invocation.positionals, stack.desired);
  if (unknown.length > 0) return refuse(unknown, invocation);
  const looked = await lookAndPlan(opened.value, (desired, observed) => makePlan(desired, observed, planOptions(invocation)), invocation);
  if (!looked.ok) return refuse(looked.error, invocation);
  await show(onlyNamed(stack.desired, invocation.positionals), looked.value, invocation);
  return 0;
}

const onlyNamed = (desired: Desired, services: readonly string[]): Desired =>
  services.length === 0 ? desired : { ...desired, services: Object.fromEntries(services.map((name) => [name, desired.services[name]!])) };

async function show(desired: Desired, { observed, plan }: Looked, invocation: Invocation): Promise<void> {
  const { io, flags } = invocation;
  const { statusText, statusJson } = await import('../render/status-text.ts');
  if (flags.json) {
    const { jsonText } = await import('../render/json-text.ts');
    io.stdout.write(`${jsonText(statusJson(desired, observed, plan.changes), 2)}\n`);
    return;
  }
  io.stdout.write(statusText(desired, observed, { style: styleOf(invocation, io.stdout), changes: plan.changes }));
  const { problemsText } = await import('../render/problems-text.ts');
  const errors = plan.problems.filter(isError);
  if (errors.length > 0) io.stderr.write(`\n${problemsText(errors, { style: styleOf(invocation, io.stderr) })}`);
}
