import type { ApplyEvent, StepOutcome } from '../model/event.ts';
import type { Step } from '../model/plan.ts';
import { endedWell } from './outcome-text.ts';

export type Failure = Extract<StepOutcome, { readonly status: 'failed' | 'timed-out' | 'refused' }>;

export interface FailedStep {
  readonly step: Step;
  readonly outcome: Failure;
  readonly tookMs: number;
}

/** What went wrong first, and what went wrong besides. */
export interface RootCause extends FailedStep {
  /** Failed where the cause's service comes before theirs. */
  readonly consequences: readonly FailedStep[];
  /** Failed by themselves. */
  readonly others: readonly FailedStep[];
  /** Were stopped because of it. */
  readonly cancelled: readonly Step[];
}

type Ended = Extract<ApplyEvent, { readonly type: 'step-ended' }>;

/**
 * The first failed step of the way forward that no other failed step comes before, be it in time of need only: a service that waits
 * for the start of another fails because of it when that one falls over. Undefined when no step failed: a deadline, Ctrl-C.
 */
export function rootCause(events: readonly ApplyEvent[]): RootCause | undefined {
  const forward = wayForward(events);
  const failures = forward.flatMap(({ step, outcome, tookMs }) => (isFailure(outcome) ? [{ step, outcome, tookMs }] : []));
  const comesBefore = orderOf(forward.map(({ step }) => step));
  const root = failures.find(({ step }) => !failures.some((other) => comesBefore(other.step, step))) ?? failures[0];
  if (!root) return undefined;
  const rest = failures.filter((failure) => failure !== root);
  return {
    ...root,
    consequences: rest.filter(({ step }) => comesBefore(root.step, step)),
    others: rest.filter(({ step }) => !comesBefore(root.step, step)),
    cancelled: forward.flatMap(({ step, outcome }) => (outcome.status === 'cancelled' ? [step] : [])),
  };
}

/** Steps that ended before the walk back began. */
export function wayForward(events: readonly ApplyEvent[]): Ended[] {
  const back = events.findIndex(({ type }) => type === 'rollback-started');
  return (back < 0 ? events : events.slice(0, back)).filter((event): event is Ended => event.type === 'step-ended');
}

/** Steps back that did not end well. */
export function failedStepsBack(events: readonly ApplyEvent[]): Ended[] {
  const back = events.findIndex(({ type }) => type === 'rollback-started');
  return back < 0 ? [] : events.slice(back).filter((event): event is Ended => event.type === 'step-ended' && !endedWell(event.outcome));
}

const isFailure = (outcome: StepOutcome): outcome is Failure => ['failed', 'timed-out', 'refused'].includes(outcome.status);

/** Whether a step, or an earlier one of its service, had to end before another could begin. */
function orderOf(steps: readonly Step[]): (first: Step, second: Step) => boolean {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const known = new Map<string, ReadonlySet<string>>();
  const near = ({ service, id }: Step): string => (service === undefined ? `step ${id}` : `service ${service}`);
  const before = (step: Step): ReadonlySet<string> => {
    const found = known.get(step.id);
    if (found) return found;
    const needed = step.after.flatMap((id) => byId.get(id) ?? []);
    const all = new Set(needed.flatMap((each) => [near(each), ...before(each)]));
    known.set(step.id, all);
    return all;
  };
  return (first, second) => near(first) !== near(second) && before(second).has(near(first));
}
