import { definitionOf } from '../actions/index.ts';
import type { Undo } from '../model/action.ts';
import { endNotKnown, type Interrupted } from './interrupted.ts';
import { endedWell, type Ran } from './run-step.ts';

/** What a run that never finished has left, in words: each step that was begun and not taken back. */
export const leftBy = ({ attempts }: Pick<Interrupted, 'attempts'>): string[] =>
  attempts.flatMap(({ ran, undone }) =>
    ran.flatMap((each) => (each.undo === 'not-needed' || undone.has(each.step.id) ? [] : [leftLine(each, each.undo)])),
  );

type WayBack = Exclude<Undo, 'not-needed'>;

function leftLine(each: Ran, undo: WayBack): string {
  const { step, outcome } = each;
  const how = endNotKnown(each) ? 'begun, its end is not known' : endedWell(outcome) ? 'done' : 'failed, may be half done';
  return `${definitionOf(step.action).label(step.action.args)}: ${how}${wayBack(undo)}`;
}

function wayBack(undo: WayBack): string {
  return 'kind' in undo ? `; to take it back: ${definitionOf(undo).label(undo.args)}` : `; cannot be taken back: ${undo.lost}`;
}
