import { setImmediate } from 'node:timers/promises';

/** Whether requests that change something may still go out to an engine. */
export interface Fence {
  /** Undefined: yes, nothing is guarded. Otherwise whether they may. */
  mayChange(): Promise<boolean> | undefined;
  /** From now on, only while it stays open; what it returns ends that. */
  guard(gate: Gate): () => void;
}

export interface Gate {
  /** Aborts when it has closed for good. */
  readonly closed: AbortSignal;
  /** Whether something has happened that may have closed it. */
  isDoubtful(): boolean;
  /** Looks whether it is still open, and closes it if not. An engine that does not answer says nothing: nobody else gets in there either. */
  check(): Promise<void>;
}

const beatMs = 250;

/** A process that ran during that time has heard what there was to hear. By the wall clock: the other one stands still while a machine sleeps. */
const deafMs = 2_000;

/**
 * Guards an engine against a process that has lost its lock. One that was stopped for a while (SIGSTOP, a sleeping machine) cannot
 * trust what it knew: before its next change it looks again.
 */
export function makeFence(): Fence {
  let guarded: { readonly gate: Gate; awake: number } | undefined;
  return {
    mayChange() {
      if (!guarded) return undefined;
      const { gate, awake } = guarded;
      return passes(gate, isLongAgo(awake));
    },
    guard(gate) {
      const state = { gate, awake: Date.now() };
      guarded = state;
      const beat = setInterval(() => {
        if (isLongAgo(state.awake)) void gate.check();
        state.awake = Date.now();
      }, beatMs).unref();
      return () => {
        clearInterval(beat);
        if (guarded === state) guarded = undefined;
      };
    },
  };
}

async function passes(gate: Gate, wasDeaf: boolean): Promise<boolean> {
  // After a stop timers run first: a turn later what came in meanwhile has been heard, such as the end of the lock's connection
  await setImmediate();
  if ((wasDeaf || gate.isDoubtful()) && !gate.closed.aborted) await gate.check();
  return !gate.closed.aborted;
}

/** A clock that was set back says nothing: better looked once too often. */
const isLongAgo = (since: number): boolean => Math.abs(Date.now() - since) > deafMs;
