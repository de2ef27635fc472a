import { Listr, type ListrTask } from 'listr2';
import { deferred } from '../lib/deferred.ts';
import type { ApplyEvent } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import { watchGroup } from './group-watch.ts';
import { groupLine, type GroupLine } from './listr-group.ts';
import { listrLook } from './listr-look.ts';
import { rollbackLine } from './listr-rollback.ts';
import type { Progress } from './progress.ts';
import { stepGroups } from './step-groups.ts';
import type { Style } from './style.ts';
import { textWidth } from './text-width.ts';

interface Output {
  /** The terminal that it is drawn on. */
  readonly stream: NodeJS.WriteStream;
  readonly style: Style;
  /** Aborts when a person asks to go back. */
  readonly cancel?: AbortSignal;
  /** Milliseconds that only grow; the machine's own unless given. */
  readonly now?: () => number;
}

/** Lines that the list needs beside those of its groups. */
const otherLines = 6;

/** A task list that only watches: it runs nothing, each line waits for the events of its steps. */
export function listrProgress({ steps }: Pick<Plan, 'steps'>, { stream, style, cancel, now = () => performance.now() }: Output): Progress {
  const groups = stepGroups(steps);
  const width = Math.max(0, ...groups.map(({ title }) => textWidth(title)));
  const crowded = groups.length > (stream.rows || 24) - otherLines;
  const lines = groups.map((group) => groupLine(watchGroup(group), { style, now, width, crowded }));
  const byStep = new Map(groups.flatMap((group, i) => group.steps.map(({ id }) => [id, lines[i]] as const)));
  const walksBack = steps.some(({ stage }) => stage !== 'discard');
  const back = rollbackLine(style, { walksBack, ...(cancel && { cancel }) });
  const counter = crowded ? [countLine(lines)] : [];
  const look = listrLook(stream, style);
  const list = new Listr([...lines.map(({ task }) => task), back.task, ...counter.map(({ task }) => task)], {
    concurrent: true,
    exitOnError: false,
    registerSignalListeners: false, // its own would end the process on Ctrl-C, in the middle of a step
    renderer: 'default',
    rendererOptions: look,
    // Without a terminal at standard output listr2 falls back, though it is standard error that it draws on.
    fallbackRenderer: 'default',
    fallbackRendererOptions: look,
  });
  // It would draw at each event of each task, 8 ms for 50 lines (listr2 9.0.5); the spinner draws ten times a second.
  list.events.on = nothing;
  const shown = list.run().then(nothing, nothing);

  return {
    on(event) {
      back.on(event);
      if ('step' in event) byStep.get(event.step.id)?.on(event);
      if (endsTheWayForward(event)) for (const line of lines) line.watch.close();
      for (const line of counter) line.on(event);
    },
    shown: () => shown,
  };
}

const nothing = (): void => undefined;

const endsTheWayForward = ({ type }: ApplyEvent): boolean => type === 'rollback-started' || type === 'run-ended';

/** With more groups than the screen has lines only those at work are shown, and this. */
function countLine(lines: readonly GroupLine[]): { readonly task: ListrTask; on(event: ApplyEvent): void } {
  const over = deferred<'over'>();
  let refresh = nothing;
  let done = 0;
  for (const { watch } of lines)
    void watch.ended.then((how) => {
      if (how === 'well') done++;
      refresh();
    });
  const text = (): string => `${done} of ${lines.length} done`;
  return {
    task: {
      title: text(),
      task: async (_context, line) => {
        refresh = () => {
          line.title = text();
        };
        await over.promise;
        await Promise.all(lines.map(({ watch }) => watch.ended));
        if (done === lines.length) refresh();
        else line.skip(text());
      },
    },
    on(event) {
      if (event.type === 'run-ended') over.resolve('over');
    },
  };
}
