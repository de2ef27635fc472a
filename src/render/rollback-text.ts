import type { ApplyEvent } from '../model/event.ts';
import { labelOf } from './label-of.ts';
import { outcomeText } from './outcome-text.ts';
import { failedStepsBack } from './root-cause.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

/** How the walk back ended: verified, or exactly what differs and what is lost. Empty if there was none. */
export function rollbackText(events: readonly ApplyEvent[], style: Style): string {
  const ended = events.findLast((event) => event.type === 'rollback-ended');
  if (!ended) return '';
  const { verified, left, lost } = ended;
  const title = verified
    ? `${style.bold(style.green('Rolled back (verified).'))} The stack was looked at again and is as it was before.`
    : `${style.bold(style.red('Not fully rolled back.'))} This is not as it was before:`;
  const failed = failedStepsBack(events).map(({ step, outcome }) => `${labelOf(step.action)}: ${outcomeText(outcome)}`);
  return `${[title, ...bullets(left), ...under('Steps back that did not end well:', verified && lost.length === 0 ? [] : failed), ...under('Lost, and not brought back:', lost)].join('\n')}\n`;
}

const bullets = (lines: readonly string[]): string[] => lines.map((line) => `  - ${sanitize(line)}`);

const under = (title: string, lines: readonly string[]): string[] => (lines.length > 0 ? [title, ...bullets(lines)] : []);
