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

/** How many of the steps back are seen at once. */
const seen = 8;

/** The way back as a section of its own, which is there only once it begins. */
export function rollbackLine(style: Style): RollbackLine {
  const [begun, over] = [deferred<boolean>(), deferred<'verified' | 'not verified' | 'none'>()];
  let [asked, walking] = [false, false];
  let because = '';
  let show: (text: string) => void = () => undefined;
  return {
    task: {
      title: 'rolling back',
      // Asked twice; the first answer hides it, the second comes when it begins or the run ends.
      enabled: () => (asked ? begun.promise : !(asked = true)),
      rendererOptions: { outputBar: seen },
      fallbackRendererOptions: { outputBar: seen },
      async task(_context, line) {
        line.title = style.yellow(because);
        show = (text) => {
          line.output = text;
        };
        const how = await over.promise;
        if (how !== 'verified') throw new Error(style.red('not fully rolled back'));
        line.title = style.green('rolled back (verified)');
      },
    },
    on(event) {
      if (event.type === 'rollback-started') {
        walking = true;
        because = `rolling back, ${countText(event.steps, 'step')}: ${sanitize(event.because)}`;
        begun.resolve(true);
      }
      if (event.type === 'step-ended' && walking) show(lineOf(event, style));
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
