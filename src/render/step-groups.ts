import { definitionOf } from '../actions/index.ts';
import type { Step } from '../model/plan.ts';

/** Steps that are shown as one line. */
export interface StepGroup {
  readonly title: string;
  readonly steps: readonly Step[];
}

const order = ['image', 'network', 'volume', 'service', 'clean up'] as const;

/** What comes before the services, the services in the order of the plan, and what is removed once all are ready. */
export function stepGroups(steps: readonly Step[]): StepGroup[] {
  const byKey = new Map<string, { readonly kind: Kind; readonly title: string; readonly steps: Step[] }>();
  for (const step of steps) {
    const kind = kindOf(step);
    const title = kind === 'service' ? (step.service ?? 'others') : kind === 'clean up' ? kind : `${kind}s`;
    const group = byKey.get(`${kind} ${title}`) ?? { kind, title, steps: [] };
    byKey.set(`${kind} ${title}`, group);
    group.steps.push(step);
  }
  return [...byKey.values()].sort((left, right) => order.indexOf(left.kind) - order.indexOf(right.kind));
}

type Kind = (typeof order)[number];

function kindOf({ stage, service, action }: Step): Kind {
  if (stage === 'discard') return 'clean up';
  const touched = definitionOf(action).touches(action.args)[0]?.kind;
  return service === undefined && touched !== undefined && touched !== 'container' ? touched : 'service';
}
