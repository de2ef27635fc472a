import type { Cause, Change, ContainerChange } from '../model/change.ts';
import type { ChangeNote } from '../model/plan.ts';
import { isUp } from './services.ts';
import { startsFirst, whyNotStartFirst } from './start-first.ts';

const dockerGraceSeconds = 10;

/** A change as people and machines read it. */
export function noteOf(change: Change): ChangeNote {
  if (change.of !== 'container') {
    const name = change.verb === 'create' ? change.want.name : change.have.name;
    return { of: change.of, name, verb: change.verb, because: change.because, cause: 'file', fields: [] };
  }
  const fields = 'fields' in change ? change.fields : [];
  return {
    of: 'container',
    name: change.verb === 'remove' ? change.have.name : change.want.replica.name,
    service: change.verb === 'remove' ? change.have.service : change.want.service.name,
    verb: change.verb === 'replace' && startsFirst(change) ? 'replace-start-first' : change.verb,
    because: because(change),
    cause: causeOf(change),
    fields,
    ...interruption(change),
  };
}

/** Asked for start-first and not given: the plan says why. */
function because(change: ContainerChange): string {
  if (change.verb !== 'replace' || change.want.service.update.order !== 'start-first') return change.because;
  const why = whyNotStartFirst(change);
  return why ? `${change.because}; the old one stops first because ${why}` : change.because;
}

function causeOf(change: ContainerChange): Cause {
  if (change.verb === 'start' || (change.verb === 'create' && change.gone)) return 'drift';
  const causes = 'fields' in change ? change.fields.map(({ cause }) => cause) : [];
  return (
    (['file', 'image', 'content', 'drift'] as const).find((cause) => causes.includes(cause)) ??
    (causes.length === 0 && change.verb === 'replace' ? 'drift' : 'file')
  );
}

function interruption(change: ContainerChange): { readonly interrupts?: string } {
  if (!('have' in change) || !isUp(change.have)) return {};
  const stops = change.verb === 'remove' || (change.verb === 'replace' && !startsFirst(change));
  const restarts = change.verb === 'update' && change.fields.some(({ mend }) => mend === 'restart');
  if (!stops && !restarts) return {};
  const seconds = (change.have.settings.stop_grace_period ?? dockerGraceSeconds * 1000) / 1000;
  const back = change.verb === 'remove' ? '' : ', until it is ready again';
  return { interrupts: `${restarts ? 'restarts' : 'stops'} ${change.have.name} (up to ${seconds} s to end)${back}` };
}
