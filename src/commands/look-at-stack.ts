import { anySignal } from '../lib/any-signal.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Observed } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';
import { observe } from '../observe.ts';
import { engineProblem } from './engine-problem.ts';
import type { Invocation } from './command.ts';
import type { OpenStack } from './open-stack.ts';

const lookMs = 60_000;

/** One look at the machine, without a plan and without asking a registry; the Problem of an engine that does not answer. */
export async function lookAtStack({ setup }: OpenStack, { cancel }: Invocation): Promise<Result<Observed, readonly Problem[]>> {
  const signal = anySignal([cancel, AbortSignal.timeout(lookMs)]);
  try {
    return ok(await observe(setup.stack.desired, setup.platform, { pull: 'none', signal }));
  } catch (error) {
    return fail([engineProblem(error)]);
  }
}
