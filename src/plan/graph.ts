import type { Step } from '../model/plan.ts';

/** Puts every step after the ones it waits for; ties keep the given order, so the result is stable. Throws on a circle: a bug. */
export function sortSteps(steps: readonly Step[]): Step[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const sorted = new Set<Step>();
  const open = new Set<string>();
  const visit = (step: Step): void => {
    if (sorted.has(step)) return;
    if (open.has(step.id)) throw new Error(`Steps wait for each other in a circle: ${[...open, step.id].join(', ')}`);
    open.add(step.id);
    for (const id of step.after) {
      const needed = byId.get(id);
      if (needed) visit(needed);
    }
    open.delete(step.id);
    sorted.add(step);
  };
  steps.forEach(visit);
  return [...sorted];
}
