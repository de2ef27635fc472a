import type { Result } from '../lib/result.ts';
import type { Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { differences } from '../plan/fingerprint.ts';
import { refuseStale } from './ask-and-do.ts';
import type { ExitCode, Invocation } from './command.ts';
import { finish } from './finish.ts';
import type { Looked } from './look-and-plan.ts';
import type { OpenStack } from './open-stack.ts';
import { isError, refuse } from './screen.ts';
import type { Held } from './under-lock.ts';

/** A plan that a person has agreed to. */
interface Agreed {
  readonly opened: OpenStack;
  readonly plan: Plan;
  /** Looks and plans once more. */
  look(invocation: Invocation): Promise<Result<Looked, readonly Problem[]>>;
  /** Who asked for no question takes the plan that fits by then. */
  readonly mayDiffer?: boolean;
}

/** What is done once the lock is there: whoever had it until then may have changed everything, so looks again, and carries out that plan. */
export const lookAgainAndDo =
  ({ opened, plan, look, mayDiffer = false }: Agreed, invocation: Invocation) =>
  async ({ invocation: held, commit }: Held): Promise<ExitCode> => {
    const again = await look(held);
    if (!again.ok) return refuse(again.error, invocation);
    if (again.value.plan.problems.some(isError)) return refuse(again.value.plan.problems, invocation);
    const stale = differences(plan.madeFrom, again.value.plan.madeFrom);
    if (stale.length > 0 && !mayDiffer) return refuseStale(stale, invocation);
    return finish({ opened, looked: again.value, commit }, held);
  };
