/** What each signal was made of, as long as it is there itself. */
const kept = new WeakMap<AbortSignal, readonly AbortSignal[]>();

/**
 * Aborts as soon as one of them does. AbortSignal.any alone does not keep what it is given: Node 20 collects an AbortSignal.timeout that
 * nobody else holds, and then it never fires (nodejs/node#57736); Node 24 can lose an abort in the same way (nodejs/node#65995).
 */
export function anySignal(signals: readonly AbortSignal[]): AbortSignal {
  // eslint-disable-next-line no-restricted-syntax -- the one place
  const signal = AbortSignal.any([...signals]);
  kept.set(signal, signals);
  return signal;
}
