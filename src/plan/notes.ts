import { amountText } from '../lib/amount.ts';
import { get } from '../lib/record.ts';

import { digestOf } from '../model/image-of.ts';
import type { BackupWork, Change, ContainerChange, DataChange, FieldDiff } from '../model/change.ts';
import type { ChangeNote } from '../model/plan.ts';
import { causeOf } from './cause-of.ts';
import { isDataChange } from './data-order.ts';
import type { Sides } from './diff.ts';
import { flatten } from './flatten.ts';
import { nameOf } from './resource-of.ts';
import { isSettled, isUp } from './services.ts';
import { startsFirst, whyNotStartFirst } from './start-first.ts';
import { stopGraceOf } from './stop-grace.ts';
import { isPlain } from './volume-recipe.ts';

type Wishes = Pick<Sides, 'desired' | 'options'>;

const dockerGraceSeconds = 10;

/** A change as people and machines read it. */
export function noteOf(change: Change, wishes: Wishes): ChangeNote {
  if (change.of !== 'container') {
    const fields = 'fields' in change ? change.fields : [];
    const isData = isDataChange(change);
    const of: ChangeNote['of'] = isData && change.place.kind === 'bind' ? 'folder' : change.of;
    const verb = isData && change.work.kind !== 'own' ? change.work.kind : change.verb;
    const note = { of, name: nameOf(change), verb, because: change.because, fields } as const;
    if (isData) return { ...note, cause: 'data', ...(change.work.kind === 'backup' && wayBack(change.work)) };
    return { ...note, cause: 'file', ...(change.of === 'volume' && dataLoss(change, wishes)) };
  }
  return {
    of: 'container',
    name: nameOf(change),
    service: change.verb === 'remove' ? change.have.service : change.want.service.name,
    verb: change.verb === 'replace' && startsFirst(change) ? 'replace-start-first' : change.verb,
    because: because(change),
    cause: causeOf(change),
    fields: fieldsOf(change),
    ...interruption(change, wishes),
  };
}

/** Of a container that is made, what people look for first: the rest stands in the file. */
function fieldsOf(change: ContainerChange): readonly FieldDiff[] {
  if (change.verb !== 'create') return 'fields' in change ? change.fields : [];
  const { settings, pinned = '' } = change.want.service;
  // An id would tell people less than the reference that it stands for
  const image = digestOf(pinned) === undefined ? settings.image : pinned;
  const keyFields = Object.entries(flatten(settings)).filter(([path]) => /^(ports|volumes|post_start|pre_stop)\./.test(path));
  return [['image', image] as const, ...keyFields].map(([path, want]) => ({ path, want, cause: 'file', mend: 'create' }));
}

/** Asked for start-first and not given: the plan says why. */
function because(change: ContainerChange): string {
  if (change.verb !== 'replace' || change.want.service.update.order !== 'start-first') return change.because;
  const why = whyNotStartFirst(change);
  return why ? `${change.because}; the old one stops first because ${why}` : change.because;
}

function interruption(change: ContainerChange, wishes: Wishes): { readonly interrupts?: string } {
  if (!('have' in change) || !isUp(change.have)) return {};
  const isStill = change.verb === 'update' && change.fields.some(({ mend }) => mend === 'standstill');
  const stops = change.verb === 'remove' || isStill || (change.verb === 'replace' && !startsFirst(change));
  const restarts = change.verb === 'update' && !isStill && change.fields.some(({ mend }) => mend === 'restart');
  if (!stops && !restarts) return {};
  // A restart is the engine's doing, with the grace period that the container was made with
  const graceMs = restarts ? change.have.settings.stop_grace_period : stopGraceOf(change.have, wishes);
  const seconds = (graceMs ?? dockerGraceSeconds * 1000) / 1000;
  return { interrupts: `${restarts ? 'restarts' : 'stops'} ${change.have.name} (up to ${seconds} s to end)${comingBack(change, wishes)}` };
}

function comingBack(change: ContainerChange, { desired, options }: Wishes): string {
  if (!('want' in change) || !('have' in change)) return '';
  if (options.asFound && !isSettled(change.want.service, change.have, desired)) return '; it is not ready now, and is not waited for';
  return ', until it is ready again';
}

/** What a rollback makes of what is written to a volume after it was copied. */
function wayBack({ rewind }: BackupWork): { readonly interrupts?: string } {
  if (!rewind) return {};
  if (rewind.possible) return { interrupts: 'a rollback puts back what it holds now' };
  return { interrupts: `a rollback does not take back what is written to it: ${rewind.why}` };
}

/** What becomes of the data in a volume that is removed, with or without another one in its place. */
function dataLoss(
  change: Exclude<Extract<Change, { readonly of: 'volume' }>, DataChange>,
  { options }: Wishes,
): { readonly interrupts?: string } {
  if (change.verb === 'create' || change.have.leftover) return {};
  const bytes = get(options.volumeSizes ?? {}, change.have.name);
  const all = `all that is in it${bytes === undefined ? '' : ` (${amountText(bytes)})`}`;
  if (change.verb === 'remove') return { interrupts: `${all} is gone for good` };
  return {
    interrupts: isPlain(change.have)
      ? `${all} is gone for good once everything is ready; until then a rollback brings it back, but not the containers that mount it`
      : `${all} is gone for good, and so are the containers that mount it: no rollback brings that back`,
  };
}
