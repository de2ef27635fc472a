import { afterAll, beforeAll } from 'vitest';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Shorter ones pass as they do: nobody hangs so long that it would matter. */
const shortest = 1_000;

const deadlines = new WeakMap<AbortSignal, { readonly ms: number; pass(): void }>();
const parts = new WeakMap<AbortSignal, readonly AbortSignal[]>();

/**
 * In this file a deadline of a second or more comes only when somebody hangs: then at once (`passDeadline`). Nothing waits in real time,
 * and signals are cheap, of which a simulated run makes hundreds.
 */
export function virtualClock(): void {
  const real = { timeout: AbortSignal.timeout, any: AbortSignal.any };
  beforeAll(() => {
    AbortSignal.timeout = (ms) => (ms < shortest ? real.timeout.call(AbortSignal, ms) : deadlineOf(ms));
    AbortSignal.any = anyOf;
  });
  afterAll(() => {
    Object.assign(AbortSignal, real);
  });
}

function deadlineOf(ms: number): AbortSignal {
  const end = new AbortController();
  deadlines.set(end.signal, { ms, pass: () => end.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')) });
  return end.signal;
}

function anyOf(signals: Iterable<AbortSignal>): AbortSignal {
  const all = [...signals];
  const end = new AbortController();
  parts.set(end.signal, all);
  const aborted = all.find((signal) => signal.aborted);
  if (aborted) end.abort(aborted.reason);
  else for (const signal of all) signal.addEventListener('abort', () => end.abort(signal.reason), { once: true });
  return end.signal;
}

/** Others do what they can meanwhile. */
const turns = 10;

/** Whoever waits under this signal hangs: time passes until the nearest of its deadlines. */
export async function passDeadline(signal: AbortSignal): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await nextTurn();
  const [nearest] = deadlinesIn(signal).sort((one, other) => one.ms - other.ms);
  nearest?.pass();
}

const deadlinesIn = (signal: AbortSignal): { readonly ms: number; pass(): void }[] => {
  const own = deadlines.get(signal);
  return [...(own ? [own] : []), ...(parts.get(signal) ?? []).flatMap(deadlinesIn)];
};
