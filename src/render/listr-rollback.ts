import type { ListrTask } from 'listr2';
import { deferred } from '../lib/deferred.ts';
import type { ApplyEvent } from '../model/event.ts';
import { countText } from './count-text.ts';
import { labelOf } from './label-of.ts';
import { endedWell, outcomeText } from './outcome-text.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

interface RollbackLine {
  readonly task: ListrTask;
  on(event: ApplyEvent): void;
}

/** Nobody else says it while the list is on the screen. */
const againStops = 'press Ctrl-C again to stop at once';
const afterInterrupt = (walksBack: boolean): string =>
  `interrupted: finishing what is under way${walksBack ? ', then walking back' : ''}; ${againStops}`;

/** How many of the steps back are seen at once. */
const seen = 8;

interface Interrupt {
  /** Aborts when a person asks to go back. */
  readonly cancel?: AbortSignal;
  /** Whether this run can be walked back at all. */
  readonly walksBack: boolean;
}

/** The way back as a section of its own, which is there only once it begins, or a person has asked for it. */
export function rollbackLine(style: Style, { cancel, walksBack }: Interrupt): RollbackLine {
  const [begun, over] = [deferred<boolean>(), deferred<'verified' | 'not verified' | 'none'>()];
  let [asked, walking] = [false, false];
  let shown = { title: '', output: '' };
  const begin = (because: string): void => {
    shown.title = style.yellow(because);
    begun.resolve(true);
  };
  cancel?.addEventListener('abort', () => begin(afterInterrupt(walksBack)), { once: true });
  return {
    task: {
      title: 'rolling back',
      // Asked twice; the first answer hides it, the second comes when it begins or the run ends.
      enabled: () => (asked ? begun.promise : !(asked = true)),
      rendererOptions: { outputBar: seen },
      fallbackRendererOptions: { outputBar: seen },
      async task(_context, line) {
        line.title = shown.title;
        shown = line;
        const how = await over.promise;
        if (how === 'not verified') throw new Error(style.red('not fully rolled back'));
        if (how === 'verified') line.title = style.green('rolled back (verified)');
      },
    },
    on(event) {
      if (event.type === 'rollback-started') {
        walking = true;
        const again = cancel?.aborted ? `; ${againStops}` : '';
        begin(`rolling back, ${countText(event.steps, 'step')}: ${sanitize(event.because)}${again}`);
      }
      if (event.type === 'step-ended' && walking) shown.output = lineOf(event, style);
      if (event.type === 'rollback-ended') over.resolve(event.verified ? 'verified' : 'not verified');
      if (event.type === 'run-ended') {
        begun.resolve(false);
        over.resolve('none');
      }
    },
  };
}

function lineOf({ step, outcome }: Extract<ApplyEvent, { readonly type: 'step-ended' }>, style: Style): string {
  const label = labelOf(step.action);
  return endedWell(outcome) ? style.dim(`✔ ${label}`) : style.red(`✖ ${label}: ${outcomeText(outcome)}`);
}
