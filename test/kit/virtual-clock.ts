import { afterAll, beforeAll } from 'vitest';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ends, lightEnd } from './light-signal.ts';

/** What waits no longer than this waits for the next turn of the event loop. */
const nothing = 50;
/** What comes sooner than this passes as it does: nobody hangs so long that it would matter. */
const shortest = 1_000;

const deadlines = new WeakMap<AbortSignal, { readonly ms: number; pass(): void }>();
const parts = new WeakMap<AbortSignal, readonly AbortSignal[]>();

/**
 * In this file a deadline of a second or more comes only when somebody hangs: then at once (`passDeadline`). Nothing waits in real time,
 * and signals are cheap.
 */
export function virtualClock(): void {
  // eslint-disable-next-line no-restricted-syntax -- takes its place
  const real = { timeout: AbortSignal.timeout, any: AbortSignal.any };
  const timers = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  beforeAll(() => {
    AbortSignal.timeout = (ms) => (ms > nothing && ms < shortest ? real.timeout.call(AbortSignal, ms) : deadlineOf(ms));
    // eslint-disable-next-line no-restricted-syntax -- takes its place
    AbortSignal.any = anyOf;
    ends.make = lightEnd;
    Object.assign(globalThis, turnsFor(timers));
  });
  afterAll(() => {
    Object.assign(AbortSignal, real);
    ends.make = () => new AbortController();
    Object.assign(globalThis, timers);
  });
}

type Timers = Pick<typeof globalThis, 'setTimeout' | 'clearTimeout'>;

/** Short pauses as turns of the event loop. */
function turnsFor(real: Timers): object {
  const turns = new WeakSet<object>();
  return {
    setTimeout(work: (...words: unknown[]) => void, ms: number, ...words: unknown[]) {
      if (ms > nothing) return real.setTimeout(() => work(...words), ms);
      const turn = setImmediate(work, ...words);
      turns.add(turn);
      return turn;
    },
    clearTimeout(timer: NodeJS.Timeout | NodeJS.Immediate | undefined) {
      if (timer !== undefined && turns.has(timer)) clearImmediate(timer as NodeJS.Immediate);
      else real.clearTimeout(timer as NodeJS.Timeout | undefined);
    },
  };
}

function deadlineOf(ms: number): AbortSignal {
  const end = lightEnd();
  const pass = (): void => end.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  if (ms < shortest) setImmediate(pass);
  else deadlines.set(end.signal, { ms, pass });
  return end.signal;
}

function anyOf(signals: Iterable<AbortSignal>): AbortSignal {
  const all = [...signals];
  const end = lightEnd();
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
