import { definitionOf } from '../actions/index.ts';
import { get } from '../lib/record.ts';
import type { Observed } from '../model/observed.ts';
import type { Step } from '../model/plan.ts';
import type { JournalRecord, RecordOf } from '../platform/journal.ts';
import { isDiscard } from './interrupted.ts';

type Planned = RecordOf<'planned'>;

/**
 * What is kept of a run on the engine itself: who began it, each plan that it has made, and where it had to be said that there is no way
 * back any more. To take it back is all that it is for.
 */
export const runNote = (records: readonly JournalRecord[]): JournalRecord[] =>
  records.flatMap((record, i): JournalRecord[] => {
    if (record.type === 'begun') return [record];
    if (record.type === 'committed') return leavesNoTrace(plansIn(records.slice(0, i)).at(-1)) ? [record] : [];
    if (record.type !== 'planned') return [];
    const { wanted: _wanted, ...planned } = record;
    return [planned];
  });

/** A volume in which something was kept for the way back is gone then: nothing shows whether it had ever been made. */
const leavesNoTrace = (planned: Planned | undefined): boolean =>
  planned?.plan.steps.some((step) => isDiscard(step) && definitionOf(step.action).removesVolume !== undefined) ?? false;

/** The images that must be looked at to tell what the run of a note has done. */
export const imagesOfNote = (note: readonly JournalRecord[]): string[] => [
  ...new Set(plansIn(note).flatMap(({ plan }) => plan.steps.flatMap(({ unlessImage }) => unlessImage?.reference ?? []))),
];

const plansIn = (note: readonly JournalRecord[]): Planned[] => note.filter((record) => record.type === 'planned');

/**
 * The journal of an interrupted run as far as it can be told without it, on another machine: from what was planned and from what the
 * engine shows now. Each step may have been done, so each is taken for begun, with the way back that it would have noted; one that
 * never ran is refused by its guard on the way back, or is no change.
 */
export function assumedJournal(note: readonly JournalRecord[], now: Observed): JournalRecord[] {
  const last = plansIn(note).at(-1);
  const committed = last !== undefined && (note.at(-1)?.type === 'committed' || isCommitted(last, now));
  return note.flatMap((record) => {
    if (record.type === 'committed') return [];
    return record.type === 'planned' ? [record, ...stepsOf(record, { now, committed: committed && record === last })] : [record];
  });
}

interface Standing {
  readonly now: Observed;
  readonly committed: boolean;
}

function stepsOf(planned: Planned, { now, committed }: Standing): JournalRecord[] {
  let world = planned.before;
  const records = forward(planned, now).flatMap(({ id, action }): JournalRecord[] => {
    const { undo, simulate } = definitionOf(action);
    const began: JournalRecord = { type: 'started', step: id, undo: undo(action.args, world) };
    world = simulate(action.args, world, planned.run);
    return committed ? [began, { type: 'ended', step: id, outcome: 'done', tookMs: 0 }] : [began];
  });
  return committed ? [...records, { type: 'committed' }] : records;
}

/** The way to the commit, without what was left out because an image turned out to be the same. */
const forward = ({ plan }: Planned, now: Observed): readonly Step[] =>
  plan.steps.filter(
    (step) => !isDiscard(step) && !(step.unlessImage && get(now.images, step.unlessImage.reference)?.id === step.unlessImage.id),
  );

/**
 * Only discards remove what stood there before, and they wait for all gates. Where something is gone though what should be there then
 * is not, somebody else has removed it.
 */
function isCommitted(planned: Planned, now: Observed): boolean {
  const { plan, before, run } = planned;
  const discards = plan.steps.filter(isDiscard).map(({ action: { kind, args } }) => ({ args, definition: definitionOf({ kind, args }) }));
  const networks = new Set(discards.flatMap(({ args, definition }) => definition.removesNetwork?.(args) ?? []));
  const ids = new Set([...Object.values(now.containers), ...Object.values(now.networks)].map(({ id }) => id));
  const isGone =
    Object.values(before.containers).some(({ id }) => !ids.has(id)) ||
    Object.values(before.networks).some(({ id, name }) => networks.has(name) && !ids.has(id));
  if (!isGone) return false;
  const passed = forward(planned, now).reduce((world, { action }) => definitionOf(action).simulate(action.args, world, run), before);
  const thrownAway = new Set(discards.map(({ args, definition }) => definition.target(args)));
  return Object.values(passed.containers).every(
    ({ name, run: maker }) => maker !== run || thrownAway.has(name) || get(now.containers, name)?.run === run,
  );
}
