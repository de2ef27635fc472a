import { definitionOf } from '../actions/index.ts';
import type { Action } from '../model/action.ts';
import type { Change, DataChange } from '../model/change.ts';
import { placeText } from '../model/data-place.ts';
import type { Desired } from '../model/desired.ts';
import type { Step } from '../model/plan.ts';
import { hasMounted, mountsPlace } from './data-users.ts';
import { endsOf, idsOf, type Part } from './part.ts';
import type { Sides } from './diff.ts';

/** Work inside a volume or folder, as a part of a plan. */
export type Work = Part & { readonly change: DataChange };

export const isWork = (part: Part): part is Work => isDataChange(part.change);

/** Whether a change is work in a place where data lies. */
export const isDataChange = (change: Change): change is DataChange => change.of === 'volume' && change.verb === 'update';

/** The parts whose container has the place mounted, before or after. */
export const usersOf = ({ change: { place } }: Work, parts: readonly Part[], desired: Desired): Part[] =>
  parts.filter(({ change }) => {
    if (change.of !== 'container') return false;
    return (
      ('have' in change && hasMounted(change.have, place, desired)) ||
      ('want' in change && mountsPlace(change.want.service.settings, place, desired))
    );
  });

/** The work in places that the container of a part has mounted, before or after. */
export const worksOf = (part: Part, parts: readonly Part[], desired: Desired): Work[] =>
  parts.filter(isWork).filter((work) => usersOf(work, parts, desired).includes(part));

/**
 * Who brings into an empty volume what its image has at that place, if it is made: an engine copies it, with its owners, when the first
 * container is created. Work in such a volume comes between that and the container's start. Only the first in dependency order waits for
 * no other.
 */
const fillerOf = (work: Work, parts: readonly Part[], desired: Desired): Part | undefined =>
  work.change.isEmpty ? usersOf(work, parts, desired)[0] : undefined; // whoever goes stands behind those that stay

const makes = (action: Action): boolean => definitionOf(action).makesFrom !== undefined;
const starts = (action: Action): boolean => definitionOf(action).gives === 'started';

/** What work in a place waits for: that all who have it mounted are out of the way, and that work before it in the same place is done. */
export function workIds(part: Part, parts: readonly Part[], desired: Desired): string[] {
  if (!isWork(part)) return [];
  const creation = idsOf(fillerOf(part, parts, desired)?.recipe.build.filter(makes) ?? []);
  const place = placeText(part.change.place);
  const before = parts.slice(0, parts.indexOf(part)).filter((other) => isWork(other) && placeText(other.change.place) === place);
  return [...endsOf(usersOf(part, parts, desired), 'letGo'), ...creation, ...endsOf(before, 'build')];
}

/** Lets containers be made, and start, only when the work in places that they have mounted is done. */
export function afterWork(
  steps: readonly Step[],
  part: Part,
  { parts, sides }: { readonly parts: readonly Part[]; readonly sides: Sides },
): Step[] {
  const works = worksOf(part, parts, sides.desired);
  const ids = endsOf(works, 'build');
  const others = endsOf(
    works.filter((work) => fillerOf(work, parts, sides.desired) !== part),
    'build',
  );
  return steps.map((step) => {
    const waits = starts(step.action) ? ids : makes(step.action) ? others : [];
    return { ...step, after: [...new Set([...step.after, ...waits])] };
  });
}
