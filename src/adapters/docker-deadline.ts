import { anySignal } from '../lib/any-signal.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { Part, RunDeadline } from '../platform/run-deadline.ts';

/** A RunDeadline, and what the client of an engine asks of it. */
export interface DockerDeadline extends RunDeadline {
  /** The signal that ends a request now: the given one, or the deadline of the run under way. */
  within(signal: AbortSignal): AbortSignal;
}

const isOver = (part: Part, ms: number): EngineError =>
  new EngineError(
    'timeout',
    part === 'run'
      ? 'The engine had not answered when the time of the whole run was over'
      : `The engine stands still: ${ms / 1000} s were not enough to take the lock, look again and note what begins`,
  );

export function dockerDeadline(): DockerDeadline {
  let run: { readonly over: AbortController; readonly timer: NodeJS.Timeout } | undefined;
  const end = (): void => {
    clearTimeout(run?.timer);
    run = undefined;
  };
  return {
    begin(part, ms) {
      end();
      const over = new AbortController();
      run = { over, timer: setTimeout(() => over.abort(isOver(part, ms)), ms).unref() };
    },
    end,
    within: (signal) => (run ? anySignal([signal, run.over.signal]) : signal),
  };
}
