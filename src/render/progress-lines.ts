import type { ApplyEvent, StepOutcome } from '../model/event.ts';
import { countText } from './count-text.ts';
import { labelOf } from './label-of.ts';
import { endedWell, outcomeText } from './outcome-text.ts';
import type { Progress } from './progress.ts';
import { tookText } from './quantity-text.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

interface Output {
  readonly style: Style;
  readonly write: (text: string) => void;
}

/** One line when a step starts and one when it ends: for logs, pipes and terminals that cannot move the cursor. */
export function linesProgress({ style, write }: Output): Progress {
  return {
    on(event) {
      const line = lineOf(event, style);
      if (line !== undefined) write(`${line}\n`);
    },
    shown: () => Promise.resolve(),
  };
}

function lineOf(event: ApplyEvent, style: Style): string | undefined {
  switch (event.type) {
    case 'step-started':
      return `${style.dim('   start')}  ${labelOf(event.step.action)}`;
    case 'step-ended':
      return `${word(event.outcome, style)}  ${labelOf(event.step.action)}${ending(event.outcome, event.tookMs)}`;
    case 'committed':
      return style.dim('everything is ready; from here on nothing is taken back');
    case 'rollback-started':
      return style.yellow(`rolling back, ${countText(event.steps, 'step')}: ${sanitize(event.because)}`);
    case 'rollback-ended':
      return event.verified ? style.green('rolled back (verified)') : style.red('not fully rolled back');
    case 'run-started':
    case 'step-progressed':
    case 'run-ended':
      return undefined;
  }
}

const words: { readonly [status in StepOutcome['status']]: string } = {
  done: 'done',
  unchanged: 'skipped',
  refused: 'refused',
  failed: 'failed',
  'timed-out': 'too late',
  cancelled: 'stopped',
};

function word(outcome: StepOutcome, style: Style): string {
  const text = words[outcome.status].padStart(8);
  if (endedWell(outcome)) return style.green(text);
  return outcome.status === 'cancelled' ? style.yellow(text) : style.red(text);
}

function ending(outcome: StepOutcome, tookMs: number): string {
  if (outcome.status === 'done') return ` (${tookText(tookMs)})${outcome.warning === undefined ? '' : `: ${outcomeText(outcome)}`}`;
  const why = outcome.status === 'refused' || outcome.status === 'unchanged' ? sanitize(outcome.why) : outcomeText(outcome);
  return outcome.status === 'cancelled' ? '' : `: ${why}`;
}
