import { setMaxListeners } from 'node:events';
import { EngineError } from '../platform/engine-error.ts';
import { connectionError } from './docker-failure.ts';

/** How long one question to an engine may take that only reads. */
export const lookMs = 20_000;

interface CallLimits {
  /** What is asked, in words for a message: "inspect container web-1". */
  readonly what: string;
  readonly signal: AbortSignal;
  /** Beside the signal; absent: the signal alone ends it. */
  readonly withinMs?: number;
}

/**
 * One call to the engine. Ends when the signal aborts or the time is over, also when dockerode would stay pending: the promise is
 * raced against the deadline and whatever it does later is dropped. `ask` gets the signal that ends its requests. Fails with an
 * EngineError and nothing else.
 */
export async function call<T>(limits: CallLimits, ask: (until: AbortSignal) => Promise<T>): Promise<T> {
  const { what, signal, withinMs } = limits;
  const deadline = new AbortController();
  const timer = withinMs === undefined ? undefined : setTimeout(() => deadline.abort(late(what, withinMs)), withinMs);
  const stop = (): void => deadline.abort(stopped(what, signal));
  if (signal.aborted) stop();
  setMaxListeners(0, signal); // one signal ends many calls side by side: Node would warn of a leak at eleven
  signal.addEventListener('abort', stop, { once: true });
  try {
    deadline.signal.throwIfAborted();
    return await Promise.race([ask(deadline.signal), rejectOnAbort(deadline.signal)]);
  } catch (error) {
    if (deadline.signal.aborted) throw asEngineError(deadline.signal.reason, what);
    throw asEngineError(error, what);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

const rejectOnAbort = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));

const late = (what: string, withinMs: number): EngineError =>
  new EngineError('timeout', `The engine did not answer within ${withinMs / 1000} s (${what})`);

const stopped = (what: string, signal: AbortSignal): EngineError =>
  new EngineError('timeout', `The engine had not answered when the time was over (${what})`, { cause: signal.reason });

function asEngineError(error: unknown, what: string): EngineError {
  if (error instanceof EngineError) return error;
  // A wrong type, a failed assertion: ours, not the engine's
  if (error instanceof TypeError || error instanceof RangeError) throw error;
  return connectionError(error, what);
}
