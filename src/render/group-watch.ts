import { definitionOf } from '../actions/index.ts';
import { deferred } from '../lib/deferred.ts';
import type { StepOutcome } from '../model/event.ts';
import type { Step } from '../model/plan.ts';
import { labelOf } from './label-of.ts';
import { endedWell, outcomeText } from './outcome-text.ts';
import { sanitize } from './sanitize.ts';
import type { StepGroup } from './step-groups.ts';

/** How one group of steps stands, for the one line that shows it. */
export interface GroupWatch {
  readonly group: StepGroup;
  /** True once its first step begins; false if the run ends before. */
  readonly begun: Promise<boolean>;
  /** When its last step has ended, or the run has. */
  readonly ended: Promise<'well' | 'badly' | 'not-reached'>;
  start(step: Step): void;
  progress(step: Step, note: string): void;
  end(step: Step, outcome: StepOutcome): void;
  /** The run goes no further. */
  close(): void;
  /** What it does now, or how it ended. */
  note(): string;
}

/** Takes note of what happens to the steps of a group. */
export function watchGroup(group: StepGroup): GroupWatch {
  const [begun, over] = [deferred<boolean>(), deferred<'well' | 'badly' | 'not-reached'>()];
  const waiting = new Set(group.steps.map(({ id }) => id));
  const running = new Map<string, string>();
  let failure: string | undefined;
  let last: Step | undefined;
  return {
    group,
    begun: begun.promise,
    ended: over.promise,
    start(step) {
      running.set(step.id, labelOf(step.action));
      begun.resolve(true);
    },
    progress(step, note) {
      if (running.has(step.id)) running.set(step.id, `${labelOf(step.action)}: ${sanitize(note)}`);
    },
    end(step, outcome) {
      begun.resolve(true);
      running.delete(step.id);
      if (outcome.status === 'cancelled') return; // neither its fault nor done: the end of the run says how far it came
      last = step;
      waiting.delete(step.id);
      if (!endedWell(outcome)) failure ??= `${labelOf(step.action)}: ${outcomeText(outcome)}`;
      if (running.size > 0) return;
      if (failure !== undefined) over.resolve('badly');
      else if (waiting.size === 0) over.resolve('well');
    },
    close() {
      begun.resolve(false);
      over.resolve(failure === undefined ? 'not-reached' : 'badly');
    },
    note: () =>
      failure ?? [...running.values()].at(-1) ?? (last ? (waiting.size === 0 ? endWord(last) : `${labelOf(last.action)}: done`) : ''),
  };
}

const endWord = ({ action }: Step): string => (definitionOf(action).gives === 'ready' ? 'ready' : 'done');
