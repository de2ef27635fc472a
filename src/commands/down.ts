import { get, values, type ByName } from '../lib/record.ts';
import { asideLabel } from '../plan/aside-volume.ts';
import type { Observed } from '../model/observed.ts';
import { planDown } from '../plan/plan-down.ts';
import type { ExitCode, Invocation } from './command.ts';
import { namesVolumes, stayingVolumes, volumeSizes } from './down-volumes.ts';
import { lookAgainAndDo } from './look-again.ts';
import { lookAndPlan } from './look-and-plan.ts';
import { openStack, type OpenStack } from './open-stack.ts';
import { planOptions } from './plan-options.ts';
import { isError, refuse } from './screen.ts';
import { showPlan } from './show-plan.ts';
import { withConsent } from './with-consent.ts';

/**
 * Takes the stack's containers and networks away after asking; volumes only with --volumes, and each by its name. Goes on past a failure,
 * and says what is left.
 */
export async function runDown(invocation: Invocation): Promise<ExitCode> {
  const opened = await openStack(invocation);
  if (!opened.ok) return refuse(opened.error, invocation);
  const sizes = await volumeSizes(opened.value, invocation);
  const looked = await look(opened.value, sizes, invocation);
  if (!looked.ok && invocation.cancel.aborted) return 130;
  if (!looked.ok) return refuse(looked.error, invocation);
  const { plan, observed } = looked.value;
  if (plan.problems.some(isError)) return refuse(plan.problems, invocation);
  if (!invocation.flags.json) {
    await showPlan(plan, invocation);
    invocation.io.stderr.write(stayingVolumes(plan, ownVolumes(observed, plan.stack)));
  }
  if (plan.steps.length === 0) return 0;
  const unnamed = await namesVolumes(plan, opened.value, invocation);
  if (unnamed !== undefined) return unnamed;
  const question = `Take stack ${plan.stack} down?`;
  const agreed = {
    opened: opened.value,
    plan,
    look: (held: Invocation) => look(opened.value, sizes, held),
    mayDiffer: invocation.flags.yes || invocation.flags.autoApprove,
  };
  return withConsent({ question, opened: opened.value, engine: plan.engine }, invocation, lookAgainAndDo(agreed, invocation));
}

const look = (opened: OpenStack, volumeSizes: ByName<number>, invocation: Invocation) =>
  lookAndPlan(opened, (desired, observed) => planDown(desired, observed, { ...planOptions(invocation), volumeSizes }), invocation);

const ownVolumes = ({ volumes }: Observed, stack: string): string[] =>
  values(volumes).flatMap((seen) => (seen.stack === stack && get(seen.labels, asideLabel) === undefined ? [seen.name] : []));
