import { plan as makePlan } from '../../../src/plan/plan.ts';
import type { ExitCode, Invocation } from '../../../src/commands/command.ts';
import { finish, type Ready } from '../../../src/commands/finish.ts';
import { lookAndPlan } from '../../../src/commands/look-and-plan.ts';
import type { OpenStack } from '../../../src/commands/open-stack.ts';
import { planOptions } from '../../../src/commands/plan-options.ts';
import { showPlan } from '../../../src/commands/show-plan.ts';
import { wantedOf } from '../../../src/commands/wanted.ts';
import { withConsent } from '../../../src/commands/with-consent.ts';

export const look = (opened: OpenStack, invocation: Invocation) =>
  lookAndPlan(opened, (desired, observed, left) => makePlan(desired, observed, { ...planOptions(invocation), left }), invocation);

/** Shows the plan, asks, and carries it out: without a second look under the lock. */
export async function askAndDo(ready: Ready, invocation: Invocation): Promise<ExitCode> {
  const { plan } = ready.looked;
  await showPlan(plan, invocation);
  const wanted = wantedOf(ready.opened.setup.stack, planOptions(invocation));
  return withConsent({ question: '', opened: ready.opened, engine: plan.engine }, invocation, ({ invocation: held, commit }) =>
    finish({ ...ready, wanted, commit }, held),
  );
}

/** Without a second look nothing is stale. */
export const refuseStale = (): 6 => 6;
