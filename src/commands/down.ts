import { planDown } from '../plan/plan-down.ts';
import { gitCommit } from '../adapters/git-commit.ts';
import type { ExitCode, Invocation } from './command.ts';
import { confirm } from './confirm.ts';
import { finish } from './finish.ts';
import { lookAndPlan } from './look-and-plan.ts';
import { openStack } from './open-stack.ts';
import { planOptions } from './plan-options.ts';
import { isError, refuse } from './screen.ts';
import { showPlan } from './show-plan.ts';
import { takeLock } from './take-lock.ts';

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
  const answer = await confirm(`Take stack ${plan.stack} down?`, invocation);
  if (answer === 'nobody-to-ask') {
    return refuse(
      [
        {
          code: 'nobody-to-ask',
          severity: 'error',
          message: 'there is no terminal to ask at whether to do this',
          hint: 'run it again with --yes',
        },
      ],
      invocation,
    );
  }
  if (answer === 'no') return invocation.cancel.aborted ? 130 : 1;
  const lock = await takeLock(plan, invocation);
  if (!lock.ok) {
    refuse(lock.error, invocation);
    return 5;
  }
  try {
    const commit = gitCommit(opened.value.setup.stack.desired.workingDir);
    return await finish({ opened: opened.value, looked: looked.value, commit }, invocation);
  } finally {
    await lock.value.release();
  }
}
