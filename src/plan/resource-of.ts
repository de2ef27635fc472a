import type { Change } from '../model/change.ts';
import { placeText } from '../model/data-place.ts';
import { driftKey } from '../model/drift.ts';
import { isDataChange } from './data-order.ts';

/** The resource that a change is about, by the name that it has or will have: "container shop-web-1". */
export const resourceOf = (change: Change): string =>
  isDataChange(change) ? placeText(change.place) : driftKey({ of: change.of, name: nameOf(change) });

export function nameOf(change: Change): string {
  if (change.of === 'container') return change.verb === 'remove' ? change.have.name : change.want.replica.name;
  if (isDataChange(change)) return change.place.kind === 'volume' ? change.place.name : change.place.path;
  return change.verb === 'create' ? change.want.name : change.have.name;
}
