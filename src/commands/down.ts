import { planDown } from '../plan/plan-down.ts';
import type { ExitCode, Invocation } from './command.ts';
import { finish } from './finish.ts';
import { lookAndPlan } from './look-and-plan.ts';
import { openStack } from './open-stack.ts';
import { planOptions } from './plan-options.ts';
import { isError, refuse } from './screen.ts';
import { showPlan } from './show-plan.ts';
import { withConsent } from './with-consent.ts';

/** Takes the stack's containers and networks away after asking; volumes stay. Goes on past a failure, and says what is left. */
export async function runDown(invocation: Invocation): Promise<ExitCode> {
  const opened = await openStack(invocation);
  if (!opened.ok) return refuse(opened.error, invocation);
  const looked = await lookAndPlan(opened.value, (desired, observed) => planDown(desired, observed, planOptions(invocation)), invocation);
  if (!looked.ok && invocation.cancel.aborted) return 130;
  if (!looked.ok) return refuse(looked.error, invocation);
  const { plan } = looked.value;
  if (plan.problems.some(isError)) return refuse(plan.problems, invocation);
  if (!invocation.flags.json) await showPlan(plan, invocation);
  if (plan.steps.length === 0) return 0;
  const question = `Take stack ${plan.stack} down?`;
  return withConsent({ question, opened: opened.value, engine: plan.engine }, invocation, ({ invocation: held, commit }) =>
    finish({ opened: opened.value, looked: looked.value, commit }, held),
  );
}
