import { anySignal } from '../lib/any-signal.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { StackEvent } from '../platform/engine.ts';

export interface Listener {
  /** Listens if it does not already; what was told since the last event is told again. Throws EngineError when it cannot. */
  open(): Promise<void>;
  /** Begins anew at the next `open`. */
  close(): void;
}

interface Listening {
  open(sinceMs: number | undefined, signal: AbortSignal): Promise<AsyncIterable<StackEvent>>;
  heard(event: StackEvent): void;
  /** The engine broke off. */
  onBreak(): void;
}

/** Listens to a stack's events over and over again, so that nothing is missed when the engine breaks off. */
export function listener({ open, heard, onBreak }: Listening, cancel: AbortSignal): Listener {
  let current: AbortController | undefined;
  let lastMs: number | undefined;
  const read = async (events: AsyncIterable<StackEvent>, own: AbortController): Promise<void> => {
    for await (const event of events) {
      lastMs = event.atMs;
      heard(event);
    }
    own.abort();
  };
  return {
    async open() {
      if (current && !current.signal.aborted) return;
      const own = new AbortController();
      const events = await open(lastMs, anySignal([own.signal, cancel]));
      current = own;
      read(events, own).catch((error: unknown) => {
        own.abort();
        if (!(error instanceof EngineError)) throw error;
        onBreak();
      });
    },
    close: () => current?.abort(),
  };
}
