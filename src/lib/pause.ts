import { setTimeout as after } from 'node:timers/promises';

/** Waits so long, or until the signal aborts; never throws. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> => after(ms, undefined, { signal }).catch(() => undefined);
