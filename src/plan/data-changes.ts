import { roundBytes } from '../lib/bytes.ts';
import { get, names, values } from '../lib/record.ts';
import type { ContainerChange, DataChange, FieldDiff, OwnChange } from '../model/change.ts';
import { placeText, type DataPlace } from '../model/data-place.ts';
import type { DataRule } from '../model/data-rule.ts';
import type { ServiceSpec } from '../model/desired.ts';
import type { SeenContainer } from '../model/observed.ts';
import { isLooked, type SeenData } from '../model/seen-data.ts';
import { isBackup, stillFor } from './backup-changes.ts';
import { hasMounted, mountsPlace } from './data-users.ts';
import { ownFields, ownBecause } from './data-words.ts';
import type { Sides } from './diff.ts';
import { orphans } from './orphans.ts';
import { pairedIds, selectedServices } from './services.ts';

/** Of each place whose files have to be given their owner or mode: what has to be done there. Files to remove come later. */
export function ownChanges(services: readonly ServiceSpec[], sides: Sides): OwnChange[] {
  return rulesOf(services, sides).flatMap((rule): OwnChange[] => {
    if (!mustOwn(rule, sides) || outsiders(rule, services, sides).length > 0) return [];
    const seen = seenAt(rule, sides);
    const isEmpty = isNew(rule, sides) || (isLooked(seen) && seen.looked === 1 && rule.place.kind === 'volume');
    return [
      {
        of: 'volume',
        verb: 'update',
        place: rule.place,
        ...(isEmpty && { isEmpty }),
        work: { kind: 'own', rule, ...(isLooked(seen) && { ids: seen.wanted }), owns: true, removes: [] },
        fields: ownFields(rule, seen),
        because: ownBecause(seen, isNew(rule, sides)),
      },
    ];
  });
}

/** Rules of the places that these services have mounted. */
export const rulesOf = (services: readonly ServiceSpec[], { desired }: Sides): DataRule[] =>
  (desired.dataRules ?? []).filter(({ place }) => services.some(({ settings }) => mountsPlace(settings, place, desired)));

export const seenAt = ({ place }: DataRule, { observed }: Sides): SeenData | undefined => get(observed.data ?? {}, placeText(place));

/** A volume that this plan makes: nobody's data is in it, so what is declared is done without being asked for. */
export const isNew = ({ place }: DataRule, { observed }: Sides): boolean =>
  place.kind === 'volume' && get(observed.volumes, place.name) === undefined;

/** Somebody else's volume is used as it is, unless it is declared to be one. */
export function isForeign({ place }: DataRule, { desired, observed }: Sides): boolean {
  if (place.kind !== 'volume') return false;
  const seen = get(observed.volumes, place.name);
  const isDeclared = Object.values(desired.volumes).some(({ name, external }) => name === place.name && external);
  return seen !== undefined && seen.stack !== desired.stack && !isDeclared;
}

function mustOwn(rule: DataRule, sides: Sides): boolean {
  if ((!rule.owner && rule.mode === undefined) || isForeign(rule, sides)) return false;
  const { fix } = sides.options;
  if (isNew(rule, sides)) return fix === undefined;
  const seen = seenAt(rule, sides);
  const isAsked = fix?.includes(placeText(rule.place)) ?? rule.onDrift === 'fix';
  return isAsked && seen !== undefined && (!isLooked(seen) || seen.differ > 0);
}

/** Containers that have the place mounted and run, and that this plan leaves alone: nothing can be done under them. */
export function outsiders(rule: DataRule, services: readonly ServiceSpec[], { desired, observed, options }: Sides): SeenContainer[] {
  const removed = options.fix ? [] : orphans(desired, observed, options).changes.map(({ have }) => have.id);
  const reached = new Set([...pairedIds(services, observed), ...removed]);
  const isReached = ({ id, name }: SeenContainer): boolean => reached.has(id) && (options.only?.includes(`container ${name}`) ?? true);
  return values(observed.containers).filter((seen) => isHolding(seen) && !isReached(seen) && hasMounted(seen, rule.place, desired));
}

/** A paused program goes on where it was. */
export const isHolding = ({ state: { status } }: SeenContainer): boolean => ['running', 'restarting', 'paused'].includes(status);

/** Whoever holds a place in which work is done stands still meanwhile. */
export const standstills = (have: SeenContainer, works: readonly DataChange[], sides: Sides): FieldDiff[] =>
  isHolding(have)
    ? works.flatMap((work): readonly FieldDiff[] => {
        if (isBackup(work)) return stillFor(have, work, sides);
        return hasMounted(have, work.place, sides.desired) ? [changing(work.place)] : [];
      })
    : [];

const changing = (place: DataPlace): FieldDiff => ({
  path: placeText(place),
  want: 'its files are changed while the container stands still',
  cause: 'data',
  mend: 'standstill',
});

/**
 * With the files that are to be removed before a start: where the plan starts a container with that place anyway, and no other container
 * runs on with it.
 */
export function withRemovals(works: readonly OwnChange[], containers: readonly ContainerChange[], sides: Sides): OwnChange[] {
  const services = selectedServices(sides.desired, sides.options);
  const removing = rulesOf(services, sides).flatMap((rule): OwnChange[] => {
    const files = filesOf(rule, containers, sides);
    if (files.length === 0) return [];
    const seen = seenAt(rule, sides);
    const work = { kind: 'own', rule, owns: false, removes: files } as const;
    return [
      {
        of: 'volume',
        verb: 'update',
        place: rule.place,
        work,
        fields: fileFields(files, seen),
        because: 'declared to be gone before a start',
      },
    ];
  });
  const merged = works.map((work): OwnChange => {
    const more = removing.find((each) => placeText(each.place) === placeText(work.place));
    if (!more) return work;
    const because = `${work.because}; files that are ${more.because}`;
    return { ...work, work: { ...work.work, removes: more.work.removes }, fields: [...work.fields, ...more.fields], because };
  });
  return [...merged, ...removing.filter(({ place }) => !works.some((work) => placeText(work.place) === placeText(place)))];
}

const fileFields = (files: readonly string[], seen: SeenData | undefined): FieldDiff[] =>
  files.map((name) => {
    const bytes = isLooked(seen) ? get(seen.files, name) : undefined;
    return {
      path: `file ${name}`,
      have: bytes === undefined ? '(known when the step runs)' : roundBytes(bytes),
      cause: 'data',
      mend: 'update',
    };
  });

function filesOf(rule: DataRule, containers: readonly ContainerChange[], sides: Sides): readonly string[] {
  const seen = seenAt(rule, sides);
  const there = isLooked(seen) ? names(seen.files) : seen && !isNew(rule, sides) ? rule.removeBeforeStart : [];
  if (isForeign(rule, sides)) return [];
  const { desired, observed } = sides;
  const users = containers.filter((change) => change.verb !== 'remove' && mountsPlace(change.want.service.settings, rule.place, desired));
  const letGo = new Set(containers.flatMap((change) => ('have' in change && letsGo(change) ? [change.have.id] : [])));
  const holders = values(observed.containers).filter((have) => isHolding(have) && hasMounted(have, rule.place, desired));
  return users.some(startsAnew) && holders.every(({ id }) => letGo.has(id)) ? there : [];
}

/** One that is paused goes on with them: it holds them until then. */
const startsAnew = (change: ContainerChange): boolean => change.verb === 'create' || change.verb === 'start' || letsGo(change);

/** It is stopped, and what starts then starts anew. */
function letsGo(change: ContainerChange): boolean {
  if (change.verb === 'replace' || change.verb === 'remove') return true;
  return change.verb === 'update' && change.fields.some(({ mend }) => mend === 'standstill' || mend === 'restart');
}

/** Where files are removed, a container that would be restarted in one go is stopped first, and started when they are gone. */
export function withStandstill(change: ContainerChange, works: readonly DataChange[], sides: Sides): ContainerChange {
  if (change.verb !== 'update' || !change.fields.some(({ mend }) => mend === 'restart')) return change;
  const missing = standstills(change.have, works, sides).filter(({ path }) => !change.fields.some((field) => field.path === path));
  return missing.length === 0 ? change : { ...change, fields: [...change.fields, ...missing] };
}
