import { definitionOf } from '../actions/index.ts';
import { mapValues } from '../lib/record.ts';
import type { Observed, SeenContainer } from '../model/observed.ts';
import { isDiscard, type Interrupted } from './interrupted.ts';
import { endedWell } from './run-step.ts';

/**
 * How a plan has to see what an interrupted run has left. What it had put aside is its own to remove, whichever files had declared it:
 * it is a leftover of the files that are read now. A start that did not come to its end may have come no further than its hooks, so
 * its container has not been started yet.
 */
export function withOwnLeftovers(observed: Observed, interrupted: Pick<Interrupted, 'attempts'>): Observed {
  const aside = new Set(
    interrupted.attempts.flatMap(({ plan }) => plan.steps.filter(isDiscard).map(({ action }) => definitionOf(action).target(action.args))),
  );
  const halfStarted = startedHalfway(interrupted);
  const runs = interrupted.attempts.map(({ run }) => run);
  return {
    ...observed,
    volumes: mapValues(observed.volumes, (seen, name) =>
      aside.has(name) && runs.includes(seen.run ?? '') ? { ...seen, leftover: true as const } : seen,
    ),
    containers: mapValues(observed.containers, (seen, name) => ({
      ...(halfStarted.has(name) ? notStarted(seen) : seen),
      ...(aside.has(name) && { files: [], workingDir: '' }),
    })),
  };
}

/** Names of containers whose last start did not end well. */
function startedHalfway({ attempts }: Pick<Interrupted, 'attempts'>): ReadonlySet<string> {
  const starts = attempts
    .flatMap(({ ran }) => ran)
    .filter(({ step: { action } }) => definitionOf(action).gives === 'started')
    .map(({ step: { action }, outcome }) => [definitionOf(action).target(action.args), endedWell(outcome)] as const);
  return new Set([...new Map(starts)].flatMap(([name, well]) => (well ? [] : [name])));
}

/** Only with hooks does it make a difference. */
function notStarted(seen: SeenContainer): SeenContainer {
  if (!seen.settings.post_start?.length || seen.state.status !== 'running') return seen;
  return { ...seen, state: { ...seen.state, status: 'created', error: 'not all of its post_start hooks were run' } };
}
