import type { Desired } from '../model/desired.ts';
import type { Observed } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import { diff } from './diff.ts';
import { endNotes } from './process-ends.ts';
import { fingerprint } from './fingerprint.ts';
import { inTheWay } from './in-the-way.ts';
import { noteOf } from './notes.ts';
import { plainOptions, type PlanOptions } from './options.ts';
import { refusals } from './refusals.ts';
import { resourceOf } from './resource-of.ts';
import { weave } from './weave.ts';

/** From what is wanted and what is there to what has to be done. Pure: same input, same plan. */
export function plan(desired: Desired, observed: Observed, options: PlanOptions = plainOptions): Plan {
  const sides = { desired, observed, options };
  const changes = diff(desired, observed, options).filter((change) => options.only?.includes(resourceOf(change)) ?? true);
  const problems = [...refusals(sides), ...inTheWay(changes, sides)];
  return {
    stack: desired.stack,
    engine: observed.engine.id,
    changes: [...endNotes(changes, sides), ...changes.map((change) => noteOf(change, sides))],
    // A plan that may not be applied has no order either: what is refused could stand in a circle.
    steps: problems.some(({ severity }) => severity === 'error') ? [] : weave(changes, sides),
    problems,
    madeFrom: fingerprint(observed),
    timeoutMs: desired.timeoutMs,
    rollbackTimeoutMs: desired.rollbackTimeoutMs,
  };
}
