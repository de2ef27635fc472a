import { digestOf } from '../model/image-of.ts';
import type { Change, ContainerChange, FieldDiff } from '../model/change.ts';
import type { ChangeNote } from '../model/plan.ts';
import { causeOf } from './cause-of.ts';
import type { Sides } from './diff.ts';
import { flatten } from './flatten.ts';
import { nameOf } from './resource-of.ts';
import { isUp } from './services.ts';
import { startsFirst, whyNotStartFirst } from './start-first.ts';
import { stopGraceOf } from './stop-grace.ts';

type Wishes = Pick<Sides, 'desired' | 'options'>;

const dockerGraceSeconds = 10;

/** A change as people and machines read it. */
export function noteOf(change: Change, wishes: Wishes): ChangeNote {
  if (change.of !== 'container') {
    const fields = 'fields' in change ? change.fields : [];
    return { of: change.of, name: nameOf(change), verb: change.verb, because: change.because, cause: 'file', fields };
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
  const stops = change.verb === 'remove' || (change.verb === 'replace' && !startsFirst(change));
  const restarts = change.verb === 'update' && change.fields.some(({ mend }) => mend === 'restart');
  if (!stops && !restarts) return {};
  // A restart is the engine's doing, with the grace period that the container was made with
  const graceMs = restarts ? change.have.settings.stop_grace_period : stopGraceOf(change.have, wishes);
  const seconds = (graceMs ?? dockerGraceSeconds * 1000) / 1000;
  const back = change.verb === 'remove' ? '' : ', until it is ready again';
  return { interrupts: `${restarts ? 'restarts' : 'stops'} ${change.have.name} (up to ${seconds} s to end)${back}` };
}
