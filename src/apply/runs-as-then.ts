import { containerPause, containerStart, containerStop, containerUnpause } from '../actions/container-start.ts';
import { definitionOf } from '../actions/index.ts';
import { get } from '../lib/record.ts';
import type { Action } from '../model/action.ts';
import { standingHooks } from '../model/container-hooks.ts';
import type { Observed, SeenContainer } from '../model/observed.ts';
import type { Step } from '../model/plan.ts';
import { sharesOf } from '../model/shares.ts';
import { runsOf } from './changed-since.ts';

const because = 'it ran as long as the engine did';

/**
 * Steps after which every container that stood there then runs, is stopped or is paused as it was. `jobs` end by themselves: one that
 * has, or was to, is left alone.
 */
export function runsAsThen(then: Observed, now: Observed, jobs: readonly string[]): Step[] {
  const pairs = Object.values(then.containers).flatMap((was) => {
    const is = get(now.containers, was.name);
    const hasEnded = jobs.includes(was.service) && (is?.state.exitCode === 0 || runsOf(was) === 'stopped');
    return is && isSame(was, is) && !hasEnded ? [{ was, is }] : [];
  });
  const chains = pairs.map(({ was, is }) => ({ was, actions: actionsFor(was, is) }));
  const lastOf = new Map(chains.flatMap(({ was, actions }) => actions.slice(-1).map((last) => [was.service, stepId(last)] as const)));
  return chains.flatMap(({ was, actions }) =>
    actions.map((action, i) => {
      const earlier = i === 0 ? peersOf(was, lastOf) : [stepId(actions[i - 1]!)];
      return { id: stepId(action), stage: 'build', action, after: earlier, because, service: was.service, onFailure: 'continue' };
    }),
  );
}

/** What a run was to make has no id yet, but its label says who made it. */
const isSame = (was: SeenContainer, is: SeenContainer): boolean =>
  is.id === was.id || (was.id.startsWith('made:') && is.run !== undefined && is.run === was.run);

/** Never the id of a step of a plan, so that nobody takes it for one. */
const stepId = (action: Action): string => `again ${action.kind} ${definitionOf(action).target(action.args)}`;

function actionsFor(was: SeenContainer, is: SeenContainer): Action[] {
  const ref = { name: is.name, id: is.id, ...standingHooks(is, { services: {} }) };
  const way = `${runsOf(is)} to ${runsOf(was)}`;
  switch (way) {
    case 'stopped to running':
      return [containerStart(ref)];
    case 'stopped to paused':
      return [containerStart(ref), containerPause(ref)];
    case 'running to stopped':
      return [containerStop(ref)];
    case 'running to paused':
      return [containerPause(ref)];
    case 'paused to running':
      return [containerUnpause(ref)];
    case 'paused to stopped':
      return [containerUnpause(ref), containerStop(ref)];
    default:
      return [];
  }
}

/** With whom it shares must run first. */
const peersOf = ({ settings }: SeenContainer, lastOf: ReadonlyMap<string, string>): string[] =>
  sharesOf(settings).flatMap(({ of, name }) => (of === 'service' ? (lastOf.get(name) ?? []) : []));
