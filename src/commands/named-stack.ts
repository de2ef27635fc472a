import { anySignal } from '../lib/any-signal.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import type { Invocation } from './command.ts';
import { engineProblem } from './engine-problem.ts';
import type { OpenStack } from './open-stack.ts';

const askMs = 60_000;

/** What journals and locks of a stack go by: only the engine knows its id. */
export async function namedStack(
  { setup }: OpenStack,
  { cancel }: Invocation,
): Promise<Result<Pick<Plan, 'engine' | 'stack'>, readonly Problem[]>> {
  try {
    const { id } = await setup.platform.engine.facts(anySignal([cancel, AbortSignal.timeout(askMs)]));
    return ok({ engine: id, stack: setup.stack.desired.stack });
  } catch (error) {
    return fail([engineProblem(error)]);
  }
}
