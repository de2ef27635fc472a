import type { ListrTask } from 'listr2';
import type { ApplyEvent } from '../model/event.ts';
import type { GroupWatch } from './group-watch.ts';
import { tookText } from './quantity-text.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';
import { padded } from './text-width.ts';

interface Look {
  readonly style: Style;
  /** Of the widest title. */
  readonly width: number;
  /** Shown only while it is at work, or failed. */
  readonly crowded: boolean;
  readonly now: () => number;
}

/** The line of one group in the task list. */
export interface GroupLine {
  readonly watch: GroupWatch;
  readonly task: ListrTask;
  on(event: ApplyEvent): void;
}

/** listr2 shows nothing for a title of spaces. */
const unseen = ' ';

export function groupLine(watch: GroupWatch, { style, width, crowded, now }: Look): GroupLine {
  const name = padded(sanitize(watch.group.title), width);
  const waiting = crowded ? unseen : style.dim(name);
  let asked = false;
  let refresh = (): void => undefined;
  return {
    watch,
    task: {
      title: waiting,
      // Asked twice: when the list is drawn first, and when the task could start. Until the second answer it counts as waiting.
      enabled: async () => {
        if (asked) await watch.begun;
        asked = true;
        return true;
      },
      async task(_context, line) {
        const from = now();
        refresh = () => {
          line.title = `${name}  ${style.dim(watch.note())}`;
        };
        if (await watch.begun) refresh();
        const how = await watch.ended;
        refresh = () => undefined;
        if (how === 'badly') throw new Error(`${name}  ${style.red(watch.note())}`);
        if (how === 'well') line.title = crowded ? unseen : `${name}  ${style.dim(`${watch.note()} in ${tookText(now() - from)}`)}`;
        else line.skip(crowded ? unseen : style.dim(`${name}  not reached`));
      },
    },
    on(event) {
      if (event.type === 'step-started') watch.start(event.step);
      if (event.type === 'step-progressed') watch.progress(event.step, event.note);
      if (event.type === 'step-ended') watch.end(event.step, event.outcome);
      refresh();
    },
  };
}
