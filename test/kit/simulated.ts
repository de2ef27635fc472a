import { definitionOf } from '../../src/actions/index.ts';
import type { Observed } from '../../src/model/observed.ts';
import type { Plan, Step } from '../../src/model/plan.ts';

export const run = 'run-1';

/** The machine after a step, in theory; unchanged where the step ends as "unchanged". */
export function simulated({ action, unlessImage }: Step, now: Observed): Observed {
  if (unlessImage && now.images[unlessImage.reference]?.id === unlessImage.id) return now;
  return definitionOf(action).simulate(action.args, now, run);
}

export const simulateAll = (steps: readonly Step[], start: Observed): Observed => steps.reduce((now, step) => simulated(step, now), start);

/** Ids of all steps that must have ended before a step, near and far. */
export function before({ steps }: Plan, id: string): Set<string> {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const far = new Set<string>();
  const follow = (from: string): void => {
    for (const next of byId.get(from)?.after ?? []) {
      if (far.has(next)) continue;
      far.add(next);
      follow(next);
    }
  };
  follow(id);
  return far;
}

/** The steps in an order that the graph allows, chosen by the numbers. */
export function anyOrder({ steps }: Plan, choices: readonly number[]): Step[] {
  const waiting = [...steps];
  const ended = new Set<string>();
  const order: Step[] = [];
  for (let i = 0; waiting.length > 0; i++) {
    const ready = waiting.filter(({ after }) => after.every((id) => ended.has(id)));
    const next = ready[(choices[i % choices.length] ?? 0) % ready.length];
    if (!next) throw new Error(`Nothing can start any more; waiting: ${waiting.map(({ id }) => id).join(', ')}`);
    waiting.splice(waiting.indexOf(next), 1);
    ended.add(next.id);
    order.push(next);
  }
  return order;
}
