import type { StepOutcome } from '../model/event.ts';
import { tookText } from './quantity-text.ts';
import { sanitize } from './sanitize.ts';

/** Did the step do what it was for? */
export const endedWell = ({ status }: StepOutcome): boolean => status === 'done' || status === 'unchanged';

/** Why a step ended as it did; empty for one that was simply done. */
export function outcomeText(outcome: StepOutcome): string {
  switch (outcome.status) {
    case 'done':
      return outcome.warning === undefined ? '' : `warning: ${sanitize(outcome.warning)}`;
    case 'cancelled':
      return 'cancelled';
    case 'unchanged':
      return `not needed: ${sanitize(outcome.why)}`;
    case 'refused':
      return `refused: ${sanitize(outcome.why)}`;
    case 'failed':
      return sanitize(outcome.why);
    case 'timed-out':
      return `not within ${tookText(outcome.afterMs)}${outcome.why ? `: ${sanitize(outcome.why)}` : ''}`;
  }
}
