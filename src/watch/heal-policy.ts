import { driftKey, type Drift } from '../model/drift.ts';

export interface HealLimits {
  /** No second heal of the same resource within this; doubled with each one that did not hold. */
  readonly firstMs: number;
  /** The longest that the pause gets; and a heal that is in order for so long has held. */
  readonly longestMs: number;
  /** So many heals in a row that did not hold, and the watch gives up. */
  readonly most: number;
}

/** What was tried, by the resource. */
export type Tries = ReadonlyMap<string, Tried>;

interface Tried {
  /** In a row, without one that held. */
  readonly count: number;
  readonly endedMs: number;
  /** Seen in order since. */
  readonly seenWell: boolean;
}

interface Look {
  /** All that has drifted. */
  readonly drifted: readonly Drift[];
  /** What of it may be mended. */
  readonly mendable: readonly Drift[];
  /** What is mended together or not at all. */
  group(drift: Drift): string;
  readonly nowMs: number;
}

export interface Decision {
  readonly tries: Tries;
  /** To be mended now. */
  readonly heal: readonly Drift[];
  /** Not to be tried again. */
  readonly givenUp: readonly Drift[];
  /** Until the next of them may be mended. */
  readonly waitMs?: number;
}

/** What to do after a look. Pure: time is an argument. */
export function decide(before: Tries, look: Look, limits: HealLimits): Decision {
  const tries = seenNow(before, look, limits);
  const triedOf = (drift: Drift): Tried | undefined => tries.get(driftKey(drift));
  const givenUp = look.mendable.filter((drift) => (triedOf(drift)?.count ?? 0) >= limits.most);
  const waits = look.mendable.map((drift) => ({ drift, ms: untilNext(triedOf(drift), look.nowMs, limits) })).filter(({ ms }) => ms > 0);
  const waiting = new Set(waits.map(({ drift }) => look.group(drift)));
  const heal = look.mendable.filter((drift) => !waiting.has(look.group(drift)));
  return {
    tries,
    givenUp,
    // A network alone serves nobody: it is mended with whoever uses it
    heal: givenUp.length > 0 || heal.every(({ of }) => of !== 'container') ? [] : heal,
    ...(waits.length > 0 && { waitMs: Math.min(...waits.map(({ ms }) => ms)) }),
  };
}

/** Takes in that these were mended, or that it failed: which of the two, the next look will tell. */
export function noteTried(tries: Tries, healed: readonly Drift[], nowMs: number): Tries {
  const tried = healed.map((drift): readonly [string, Tried] => {
    const key = driftKey(drift);
    return [key, { count: (tries.get(key)?.count ?? 0) + 1, endedMs: nowMs, seenWell: false }];
  });
  return new Map([...tries, ...tried]);
}

/** A heal has held when its resource was seen in order, and did not drift again for as long as the longest pause. */
function seenNow(before: Tries, { drifted, nowMs }: Look, { longestMs }: HealLimits): Tries {
  const now = new Set(drifted.map(driftKey));
  const entries = [...before].map(([key, tried]) => [key, { ...tried, seenWell: tried.seenWell || !now.has(key) }] as const);
  return new Map(entries.filter(([, { seenWell, endedMs }]) => !(seenWell && nowMs - endedMs >= longestMs)));
}

function untilNext(tried: Tried | undefined, nowMs: number, { firstMs, longestMs }: HealLimits): number {
  if (!tried) return 0;
  return tried.endedMs + Math.min(firstMs * 2 ** (tried.count - 1), longestMs) - nowMs;
}
