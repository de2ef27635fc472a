import type { Interrupted } from '../apply/interrupted.ts';
import { leftBy } from '../apply/left-by.ts';
import type { ApplyEvent, RunResult } from '../model/event.ts';
import type { Step } from '../model/plan.ts';
import { countText } from './count-text.ts';
import { labelOf } from './label-of.ts';
import { endedWell, outcomeText } from './outcome-text.ts';
import { rollbackText } from './rollback-text.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

interface Intro {
  readonly steps: readonly Step[];
  /** "ann@build-7 (process 812)" */
  readonly who: string;
  readonly committed: boolean;
  readonly style: Style;
}

/** What was interrupted, what it has left, and what would be done about it. */
export function recoverIntro(interrupted: Interrupted, { steps, who, committed, style }: Intro): string {
  const { begun, attempts } = interrupted;
  const resumed = attempts.length > 1 ? `, resumed ${countText(attempts.length - 1, 'time')}` : '';
  const left = leftBy(interrupted);
  const title = `${begun.command} of stack ${begun.stack}, begun ${begun.at} by ${who}${resumed}, never finished.`;
  const way = committed
    ? 'All gates had passed, so there is no way back; this is left to be cleaned up:'
    : 'This takes it back to how it was before; what is back already is left as it is:';
  return [
    style.bold(sanitize(title)),
    ...(left.length > 0 ? ['It has left:', ...left.map((line) => `  - ${sanitize(line)}`)] : ['It had changed nothing yet.']),
    ...(steps.length > 0 ? ['', way, ...steps.map(({ action }) => `  ${style.yellow('~')} ${labelOf(action)}`)] : []),
    '',
  ].join('\n');
}

/** How the recovery ended. */
export function recoverResult(result: RunResult, events: readonly ApplyEvent[], style: Style): string {
  switch (result) {
    case 'rolled-back':
      return `${rollbackText(events, style)}Nothing is left to clean up.\n`;
    case 'not-fully-rolled-back':
      return `${rollbackText(events, style)}${again(events)}`;
    case 'applied':
      return `${style.bold(style.green('Cleaned up:'))} the interrupted run is done.\n`;
    case 'not-cleaned-up':
      return [
        `${style.bold(style.yellow('Up, but not cleaned up.'))} This could not be removed:`,
        ...failed(events),
        'Next: stackctl plan says what is left to do.\n',
      ].join('\n');
    case 'abandoned':
    case 'interrupted':
    case 'untouched':
    case 'failed':
      return `${style.bold(style.red('Stopped.'))} It is not over yet. Next: run stackctl recover again.\n`;
  }
}

const failed = (events: readonly ApplyEvent[]): string[] =>
  events.flatMap((event) =>
    event.type === 'step-ended' && !endedWell(event.outcome) ? [`  - ${labelOf(event.step.action)}: ${outcomeText(event.outcome)}`] : [],
  );

const again = (events: readonly ApplyEvent[]): string =>
  events.some((event) => event.type === 'step-ended' && ['failed', 'timed-out'].includes(event.outcome.status))
    ? 'Next: mend what stopped it and run stackctl recover again; stackctl recover --forget leaves it as it stands.\n'
    : 'Next: stackctl status says how it stands now, stackctl plan what is left to do.\n';
