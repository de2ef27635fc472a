import { anySignal } from '../lib/any-signal.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { RunDeadline } from '../platform/run-deadline.ts';

/** A RunDeadline, and what the client of an engine asks of it. */
export interface DockerDeadline extends RunDeadline {
  /** The signal that ends a request now: the given one, or the deadline of the run under way. */
  within(signal: AbortSignal): AbortSignal;
}

const isOver = (): EngineError => new EngineError('timeout', 'The engine had not answered when the time of the whole run was over');

export function dockerDeadline(): DockerDeadline {
  let run: { readonly over: AbortController; readonly timer: NodeJS.Timeout } | undefined;
  const end = (): void => {
    clearTimeout(run?.timer);
    run = undefined;
  };
  return {
    begin(ms) {
      end();
      const over = new AbortController();
      run = { over, timer: setTimeout(() => over.abort(isOver()), ms).unref() };
    },
    end,
    within: (signal) => (run ? anySignal([signal, run.over.signal]) : signal),
  };
}
