import type { Change } from '../model/change.ts';
import type { Desired } from '../model/desired.ts';
import type { Observed } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { backupProblems } from './backup-problems.ts';
import { dataProblems } from './data-problems.ts';
import { diff, type Sides } from './diff.ts';
import { endNotes } from './process-ends.ts';
import { fingerprint } from './fingerprint.ts';
import { leftBehind } from './anonymous-volumes.ts';
import { inTheWay } from './in-the-way.ts';
import { noteOf } from './notes.ts';
import { plainOptions, type PlanOptions } from './options.ts';
import { refusals } from './refusals.ts';
import { restoreProblems } from './restore-problems.ts';
import { resourceOf } from './resource-of.ts';
import { selectedServices } from './services.ts';
import { weave } from './weave.ts';

/** From what is wanted and what is there to what has to be done. Pure: same input, same plan. */
export function plan(desired: Desired, observed: Observed, options: PlanOptions = plainOptions): Plan {
  const sides = { desired, observed, options };
  const changes = diff(desired, observed, options).filter((change) => options.only?.includes(resourceOf(change)) ?? true);
  const problems = problemsOf(changes, sides);
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

function problemsOf(changes: readonly Change[], sides: Sides): Problem[] {
  const { desired, options } = sides;
  if (options.fix) return dataProblems(selectedServices(desired, options), sides);
  if (options.restore) return restoreProblems(options.restore.volume, sides);
  return [...refusals(sides), ...inTheWay(changes, sides), ...backupProblems(changes, sides), ...leftBehind(changes, sides)];
}
