import type { StackEvent } from '../platform/engine.ts';

/** What a watch has seen of a container, by its id. */
export type Pasts = ReadonlyMap<string, Past>;

interface Past {
  /** It ran while the watch was there. */
  readonly wasUp: boolean;
  readonly killed?: { readonly signal: number; readonly atMs: number };
  readonly ended?: 'on-purpose' | 'by-itself';
}

/** Signals that are sent to end a program: INT, QUIT, KILL, TERM. */
const endings = [2, 3, 9, 15];
/** A program that ends later than this after such a signal has outlived it. An orderly stop is told apart, however long it takes. */
const obeysMs = 60_000;

/**
 * Takes in what happened: that is how a container that somebody stopped is told from one that ended. `docker stop` tells of a kill, the
 * end, and a stop; `docker kill` of a kill and the end; a program that ends by itself, or that the kernel kills, of the end alone
 * (Engine API 1.41 to 1.51).
 */
export function noteEvent(pasts: Pasts, event: StackEvent): Pasts {
  if (event.of !== 'container') return pasts;
  const { id, what } = event;
  const past = pasts.get(id) ?? { wasUp: false };
  const next = new Map(pasts);
  if (what === 'destroy') next.delete(id);
  else next.set(id, after(past, event));
  return next;
}

function after(past: Past, { what, signal = 0, exitCode, atMs }: StackEvent): Past {
  switch (what) {
    case 'start':
    case 'unpause':
      return { wasUp: true };
    case 'kill':
      return { ...past, killed: { signal, atMs } };
    case 'die': {
      const { killed } = past;
      const obeyed = killed && atMs - killed.atMs <= obeysMs && (endings.includes(killed.signal) || exitCode === 128 + killed.signal);
      return { wasUp: true, ended: obeyed ? 'on-purpose' : 'by-itself' };
    }
    case 'stop':
      return { ...past, ended: 'on-purpose' };
    default:
      return past;
  }
}

/** Takes in which containers a look has found running. */
export function noteUp(pasts: Pasts, ids: readonly string[]): Pasts {
  return new Map([...pasts, ...ids.map((id) => [id, { ...pasts.get(id), wasUp: true }] as const)]);
}

/** Takes in that these were healed: what stopped them meanwhile was the heal itself, on its way back. */
export const noteHealed = (pasts: Pasts, ids: readonly string[]): Pasts =>
  new Map([...pasts, ...ids.map((id) => [id, { wasUp: true }] as const)]);

/** On whose account a container stands still; unknown: it did so before the watch began. */
export function whyDown(pasts: Pasts, id: string): 'on-purpose' | 'by-itself' | 'unknown' {
  const past = pasts.get(id);
  return past?.ended ?? (past?.wasUp ? 'by-itself' : 'unknown');
}
