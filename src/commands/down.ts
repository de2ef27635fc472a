import { differences } from '../plan/fingerprint.ts';
import { planDown } from '../plan/plan-down.ts';
import { refuseStale } from './ask-and-do.ts';
import type { ExitCode, Invocation } from './command.ts';
import { finish } from './finish.ts';
import { lookAndPlan } from './look-and-plan.ts';
import { openStack, type OpenStack } from './open-stack.ts';
import { planOptions } from './plan-options.ts';
import { isError, refuse } from './screen.ts';
import { showPlan } from './show-plan.ts';
import { withConsent } from './with-consent.ts';

/** Takes the stack's containers and networks away after asking; volumes stay. Goes on past a failure, and says what is left. */
export async function runDown(invocation: Invocation): Promise<ExitCode> {
  const opened = await openStack(invocation);
  if (!opened.ok) return refuse(opened.error, invocation);
  const looked = await look(opened.value, invocation);
  if (!looked.ok && invocation.cancel.aborted) return 130;
  if (!looked.ok) return refuse(looked.error, invocation);
  const { plan } = looked.value;
  if (plan.problems.some(isError)) return refuse(plan.problems, invocation);
  if (!invocation.flags.json) await showPlan(plan, invocation);
  if (plan.steps.length === 0) return 0;
  const question = `Take stack ${plan.stack} down?`;
  return withConsent({ question, opened: opened.value, engine: plan.engine }, invocation, async ({ invocation: held, commit }) => {
    // Whoever had the lock until now may have changed everything
    const again = await look(opened.value, held);
    if (!again.ok) return refuse(again.error, invocation);
    if (again.value.plan.problems.some(isError)) return refuse(again.value.plan.problems, invocation);
    const stale = differences(plan.madeFrom, again.value.plan.madeFrom);
    const asked = !invocation.flags.yes && !invocation.flags.autoApprove;
    if (stale.length > 0 && asked) return refuseStale(stale, invocation);
    return finish({ opened: opened.value, looked: again.value, commit }, held);
  });
}

const look = (opened: OpenStack, invocation: Invocation) =>
  lookAndPlan(opened, (desired, observed) => planDown(desired, observed, planOptions(invocation)), invocation);
