/** An end that a test can bring about, as an AbortController is. */
interface End {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

interface Inner {
  aborted: boolean;
  reason: unknown;
  listeners: Set<() => void> | undefined;
}

const inner = new WeakMap<object, Inner>();
const of = (signal: object): Inner => inner.get(signal)!;

/** Passes for an AbortSignal wherever one is only asked whether it has aborted, and listened to. */
const prototype = Object.create(AbortSignal.prototype, {
  aborted: {
    get(this: object) {
      return of(this).aborted;
    },
  },
  reason: {
    get(this: object) {
      return of(this).reason;
    },
  },
  addEventListener: {
    value(this: object, _type: string, listener: () => void) {
      (of(this).listeners ??= new Set()).add(listener);
    },
  },
  removeEventListener: {
    value(this: object, _type: string, listener: () => void) {
      of(this).listeners?.delete(listener);
    },
  },
  throwIfAborted: {
    value(this: object) {
      if (of(this).aborted) throw of(this).reason as Error;
    },
  },
}) as object;

/** At a tenth of the cost: a simulated run makes hundreds. Node's own AbortSignal.any takes none of these: see virtual-clock.ts. */
export function lightEnd(): End {
  const signal = Object.create(prototype) as AbortSignal;
  const state: Inner = { aborted: false, reason: undefined, listeners: undefined };
  inner.set(signal, state);
  return {
    signal,
    abort(reason = new DOMException('This operation was aborted', 'AbortError')) {
      if (state.aborted) return;
      state.aborted = true;
      state.reason = reason;
      const listeners = state.listeners ?? [];
      state.listeners = undefined;
      for (const listener of listeners) listener();
    },
  };
}

/** How ends are made in this file. */
export const ends: { make(): End } = { make: () => new AbortController() };
