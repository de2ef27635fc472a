import { definitionOf } from '../actions/index.ts';
import type { Plan, Step } from '../model/plan.ts';
import { labelOf } from './label-of.ts';
import { sanitize } from './sanitize.ts';

/** Every step in an order in which it can be run: what it does, why, and what must have ended before it. */
export function stepsText({ steps }: Pick<Plan, 'steps'>): string {
  return steps.length === 0 ? 'nothing to do\n' : steps.map(stepText).join('');
}

function stepText({ action, because, after, unlessImage }: Step): string {
  const lines = [
    `${definitionOf(action).symbol} ${labelOf(action)}  (${sanitize(because)})`,
    ...(after.length > 0 ? [`    after ${after.map((id) => sanitize(id)).join(', ')}`] : []),
    ...(unlessImage ? [`    unless ${sanitize(unlessImage.reference)} turns out to be the same image`] : []),
  ];
  return `${lines.join('\n')}\n`;
}
