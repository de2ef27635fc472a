import { plan as makePlan } from '../plan/plan.ts';
import { differences } from '../plan/fingerprint.ts';
import type { Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { ExitCode, Invocation } from './command.ts';
import { finish, finishAtOnce, type Ready } from './finish.ts';
import { lookAndPlan, type Looked } from './look-and-plan.ts';
import type { OpenStack } from './open-stack.ts';
import { planOptions } from './plan-options.ts';
import { isError, refuse } from './screen.ts';
import { showPlan } from './show-plan.ts';
import { wantedOf } from './wanted.ts';
import type { Held } from './under-lock.ts';
import { withConsent } from './with-consent.ts';

/** Looks and plans as the flags say. */
export const look = (opened: OpenStack, invocation: Invocation): Promise<Result<Looked, readonly Problem[]>> =>
  lookAndPlan(opened, (desired, observed, left) => makePlan(desired, observed, { ...planOptions(invocation), left }), invocation);

/** Shows the plan, asks, takes the lock, looks again, and carries it out. */
export async function askAndDo(ready: Ready, invocation: Invocation): Promise<ExitCode> {
  const { plan } = ready.looked;
  const wanted = ready.wanted ?? wantedOf(ready.opened.setup.stack, planOptions(invocation));
  if (!invocation.flags.json) await showPlan(plan, invocation);
  const question = `Do this to stack ${plan.stack}?`;
  return withConsent({ question, opened: ready.opened, engine: plan.engine }, invocation, async (held) => {
    // Between the first look and the lock a person may have thought for an hour, and somebody else applied.
    const again = await look(ready.opened, held.invocation);
    if (!again.ok) return refuse(again.error, invocation);
    const unfinished = again.value.plan.problems.filter((each) => each.code === 'unfinished-run' && isError(each));
    if (unfinished.length > 0 && !ready.resumes) return refuse(unfinished, invocation);
    const stale = differences(plan.madeFrom, again.value.plan.madeFrom);
    if (stale.length > 0 && mayPlanAgain(ready, invocation)) return onceMore({ ...ready, wanted }, { ...held, looked: again.value });
    if (stale.length > 0) return refuseStale(stale, invocation);
    const refused = await ready.atOnce?.(held.invocation);
    if (refused !== undefined) return refused;
    // What the steps remember, and what a walk back must bring back, is what stands there under the lock.
    return finish({ ...ready, wanted, commit: held.commit, looked: { ...again.value, plan } }, held.invocation);
  });
}

/** Nobody has looked at the plan that was made before the lock was there: one that was waited for may have changed everything. */
const mayPlanAgain = ({ exactly = false }: Ready, { flags }: Invocation): boolean => !exactly && (flags.yes || flags.autoApprove);

async function onceMore(ready: Ready, { invocation, commit, looked }: Held & Pick<Ready, 'looked'>): Promise<ExitCode> {
  const { plan } = looked;
  if (!invocation.flags.json) invocation.io.stderr.write('The machine has changed meanwhile; planned again.\n');
  if (plan.problems.some(isError)) return refuse(plan.problems, invocation);
  if (!invocation.flags.json) await showPlan(plan, invocation);
  return plan.steps.length === 0 ? finishAtOnce(plan, invocation) : finish({ ...ready, commit, looked }, invocation);
}

/** Exit code 6, with what has changed. */
export function refuseStale(stale: readonly string[], invocation: Invocation): 6 {
  const message = ['the machine is not what the plan was made from:', ...stale.map((line) => `  - ${line}`)].join('\n');
  refuse([{ code: 'stale-plan', severity: 'error', message, hint: 'make the plan again' }], invocation);
  return 6;
}
