import { get, values } from '../lib/record.ts';
import type { Change, ContainerChange, FieldDiff } from '../model/change.ts';
import type { Desired } from '../model/desired.ts';
import type { Drift, DriftFound } from '../model/drift.ts';
import type { Observed } from '../model/observed.ts';
import type { Settings } from '../model/settings.ts';
import { isDataChange } from './data-order.ts';
import { differingRules } from './data-problems.ts';
import { differText, ownFields } from './data-words.ts';
import { diff, type Sides } from './diff.ts';
import type { PlanOptions } from './options.ts';
import { hasCompleted, isUp, selectedServices } from './services.ts';
import { stoppedHow } from './stopped-how.ts';

/**
 * Of all that differs, what somebody did to the machine; what the files alone explain is only counted. A tag that means another image
 * now, and a mounted file with other content, are no drift: the containers are as they were applied. Pure.
 */
export function drift(desired: Desired, observed: Observed, options: PlanOptions): DriftFound {
  const sides = { desired, observed, options };
  const changes = diff(desired, observed, options);
  const found = changes.map((change) => ({ change, drifted: driftOf(change, changes, sides) }));
  return {
    drifts: [...found.flatMap(({ drifted }) => drifted ?? []), ...dataDrifts(sides)],
    others: found.filter(({ change, drifted }) => !isOfData(change) && (!drifted || drifted.edited)).length,
  };
}

/** Files in volumes and folders that are not as declared: who runs with them has changed them, or nobody ever gave them their owner. */
const dataDrifts = (sides: Sides): Drift[] =>
  differingRules(selectedServices(sides.desired, sides.options), sides).map(({ rule, seen }) => ({
    of: rule.place.kind === 'volume' ? 'volume' : 'folder',
    name: rule.place.kind === 'volume' ? rule.place.name : rule.place.path,
    stands: 'up',
    because: differText(seen),
    fields: ownFields(rule, seen),
    edited: false,
  }));

/** Told as the place's own drift. */
const isOfData = (change: Change): boolean =>
  isDataChange(change) || ('fields' in change && change.fields.every(({ cause }) => cause === 'data'));

function driftOf(change: Change, changes: readonly Change[], sides: Sides): Drift | undefined {
  if (change.of === 'container') return containerDrift(change, sides);
  if (change.verb !== 'create' || !usedAsApplied(change, changes, sides)) return undefined;
  const because = 'it was there, and is gone';
  return { of: change.of, name: change.want.name, stands: 'gone', because, fields: [], edited: false };
}

function containerDrift(change: ContainerChange, { desired }: Sides): Drift | undefined {
  if (change.verb === 'remove') return undefined;
  const { want } = change;
  const named = { of: 'container', name: want.replica.name, service: want.service.name } as const;
  if (change.verb === 'create') {
    if (!change.gone) return undefined;
    // Where nothing says what was applied, it cannot be told that the file has not changed
    return { ...named, stands: 'gone', because: change.because, fields: [], edited: (change.edited?.length ?? 1) > 0 };
  }
  const { have } = change;
  const all: readonly FieldDiff[] = change.verb === 'start' ? [] : change.fields;
  const fields = all.filter(({ cause }) => cause === 'drift');
  const isDown = !isUp(have) && !hasCompleted(want.service, have, desired);
  if (fields.length === 0 && !isDown) return undefined;
  return {
    ...named,
    id: have.id,
    stands: !isDown ? 'up' : have.state.status === 'paused' ? 'paused' : 'down',
    because: [...(isDown ? [`it is ${stoppedHow(have)}`] : []), ...(fields.length > 0 ? ['it was changed outside the file'] : [])].join(
      ', ',
    ),
    fields,
    edited: fields.length < all.length,
  };
}

/**
 * Networks and volumes carry no record of what was applied; but where a container that is, or was, as it was applied uses one, it was
 * there.
 */
function usedAsApplied({ of, want }: Missing, changes: readonly Change[], { desired, observed, options }: Sides): boolean {
  const field = of === 'network' ? 'networks' : 'volumes';
  const uses = ({ networks = {}, volumes = [] }: Settings): boolean =>
    of === 'network' ? get(networks, want.name) !== undefined : volumes.some(({ source }) => source === want.name);
  const users = new Set(
    selectedServices(desired, options)
      .filter(({ settings }) => uses(settings))
      .map(({ name }) => name),
  );
  const standing = values(observed.containers);
  return (
    standing.some(({ service, edited, settings }) => users.has(service) && (edited ? !edited.includes(field) : uses(settings))) ||
    changes.some(
      (change) =>
        change.of === 'container' &&
        change.verb === 'create' &&
        users.has(change.want.service.name) &&
        change.edited?.includes(field) === false,
    )
  );
}

type Missing = Extract<Change, { readonly verb: 'create'; readonly of: 'network' | 'volume' }>;
