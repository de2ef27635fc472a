import { createBell, type Patience } from '../lib/bell.ts';
import type { Result } from '../lib/result.ts';
import type { Desired } from '../model/desired.ts';
import { driftKey, type Drift, type DriftFound } from '../model/drift.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { StackEvent } from '../platform/engine.ts';
import { decide, noteTried, type HealLimits, type Tries } from './heal-policy.ts';
import { listener } from './listen.ts';
import { noteEvent, noteHealed, noteUp, type Pasts } from './pasts.ts';
import { groupOf, sortOut, type Sorted } from './sort-out.ts';
import type { WatchEvent } from './watch-event.ts';

/** One look at a stack. */
export interface Sight {
  readonly desired: Desired;
  readonly found: DriftFound;
  /** Ids of the containers that run. */
  readonly up: readonly string[];
}

/** held: the lock is somebody else's. nothing: it was in order by then. interrupted: a person stopped it, and it was walked back. */
export type Healed = 'done' | 'held' | 'nothing' | 'interrupted' | { readonly failed: string };

/** What a watch needs of the world. */
export interface Watched {
  /** Fails with what stands in the way; throws EngineError. */
  look(): Promise<Result<Sight, string>>;
  events(sinceMs: number | undefined, signal: AbortSignal): Promise<AsyncIterable<StackEvent>>;
  /** Whether somebody applies something just now. */
  isHeld(): Promise<boolean>;
  /** `onBegin`: the lock is there, and something will be done. */
  heal(drifts: readonly Drift[], onBegin: () => void): Promise<Healed>;
  tell(event: WatchEvent): void;
  nowMs(): number;
}

export interface WatchSettings {
  readonly policy: 'report' | 'heal';
  /** Between two looks when nothing happens. */
  readonly intervalMs: number;
  /** A burst of events is answered by one look. */
  readonly burst: Pick<Patience, 'quietMs' | 'mostMs'>;
  /** Before it tries again when it cannot look; doubled up to the interval. */
  readonly retryMs: number;
  readonly heal: HealLimits;
}

/** Looks again after each burst of events, and now and then without; until the signal aborts, or a heal does not hold. */
export async function watchStack(
  world: Watched,
  settings: WatchSettings,
  cancel: AbortSignal,
): Promise<'ended' | 'interrupted' | 'gave-up'> {
  const bell = createBell();
  let pasts: Pasts = new Map();
  const heard = (event: StackEvent): void => {
    pasts = noteEvent(pasts, event);
    bell.ring();
  };
  const ears = listener({ open: (sinceMs, signal) => world.events(sinceMs, signal), heard, onBreak: bell.ring }, cancel);
  const sight = async (): Promise<Result<Sight, string>> => {
    await ears.open();
    bell.hush();
    const looked = await world.look();
    if (looked.ok) pasts = noteUp(pasts, looked.value.up);
    return looked;
  };
  const eyes = openEyes({ look: sight, tell: (event) => world.tell(event), cancel }, settings);
  const rounds = createRounds(world, settings);
  while (!cancel.aborted) {
    const seen = await eyes();
    if ('blindMs' in seen) ears.close();
    const next =
      'blindMs' in seen ? { waitMs: seen.blindMs } : await rounds(seen.sight, sortOut(seen.sight.found.drifts, seen.sight.desired, pasts));
    if ('end' in next) return next.end;
    await bell.heard({ withinMs: Math.min(next.waitMs, settings.intervalMs), ...settings.burst }, cancel);
    if (next.healed)
      pasts = noteHealed(
        pasts,
        next.healed.flatMap(({ id }) => id ?? []),
      );
  }
  return 'ended';
}

type Seen = { readonly sight: Sight } | { readonly blindMs: number };

/** Looks; says once that it cannot, and once that it can again. */
function openEyes(
  world: Pick<Watched, 'look' | 'tell'> & { readonly cancel: AbortSignal },
  { retryMs, intervalMs }: WatchSettings,
): () => Promise<Seen> {
  let blindMs = 0;
  let said = '';
  return async () => {
    const looked = await orWhyNot(world.look);
    if (!looked.ok) {
      // Whoever ends the watch ends its look, too
      if (looked.error !== said && !world.cancel.aborted) world.tell({ type: 'blind', because: looked.error });
      said = looked.error;
      blindMs = Math.min(blindMs * 2 || retryMs, intervalMs);
      return { blindMs };
    }
    if (blindMs > 0) world.tell({ type: 'seeing' });
    blindMs = 0;
    said = '';
    return { sight: looked.value };
  };
}

async function orWhyNot(look: Watched['look']): Promise<Result<Sight, string>> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof EngineError) return { ok: false, error: error.message };
    throw error;
  }
}

type Next = { readonly waitMs: number; readonly healed?: readonly Drift[] } | { readonly end: 'interrupted' | 'gave-up' };

/** What follows from each look: what is told, and what is mended. */
function createRounds(world: Watched, settings: WatchSettings): (sight: Sight, sorted: readonly Sorted[]) => Promise<Next> {
  let told: ReadonlyMap<string, Sorted> | undefined;
  let tries: Tries = new Map();
  return async ({ desired, found }, sorted) => {
    const now = new Map(sorted.map((each) => [driftKey(each.drift), each]));
    const news = newsSince(told ?? new Map(), now, settings.policy);
    // What somebody is about to change is not drift, and not told: the end of their lock is an event
    if (news.some(({ type }) => type === 'drifted') && (await isHeld(world))) return { waitMs: settings.intervalMs };
    if (!told) world.tell({ type: 'watching', policy: settings.policy, drifts: sorted.length, others: found.others });
    news.forEach((event) => world.tell(event));
    told = now;
    if (settings.policy === 'report') return { waitMs: settings.intervalMs };
    const mendable = sorted.flatMap(({ drift, leave }) => (leave === undefined ? [drift] : []));
    const look = { drifted: found.drifts, mendable, group: groups(desired), nowMs: world.nowMs() };
    const decision = decide(tries, look, settings.heal);
    tries = decision.tries;
    if (decision.givenUp.length > 0) {
      world.tell({ type: 'gave-up', drifts: decision.givenUp, heals: settings.heal.most });
      return { end: 'gave-up' };
    }
    if (decision.heal.length === 0) return { waitMs: decision.waitMs ?? settings.intervalMs };
    const healed = await mend(world, decision.heal);
    if (healed === 'interrupted') return { end: 'interrupted' };
    if (healed === 'held' || healed === 'nothing') return { waitMs: settings.heal.firstMs };
    tries = noteTried(tries, decision.heal, world.nowMs());
    return { waitMs: settings.burst.quietMs, healed: decision.heal };
  };
}

const groups =
  (desired: Desired) =>
  ({ service, name }: Drift): string =>
    service === undefined ? name : groupOf(service, desired);

async function isHeld(world: Watched): Promise<boolean> {
  try {
    return await world.isHeld();
  } catch (error) {
    if (error instanceof EngineError) return true; // the next look will tell
    throw error;
  }
}

async function mend(world: Watched, drifts: readonly Drift[]): Promise<Healed> {
  const healed = await world.heal(drifts, () => world.tell({ type: 'healing', drifts }));
  if (healed === 'done') world.tell({ type: 'healed', drifts });
  else if (typeof healed === 'object') world.tell({ type: 'healed', drifts, failed: healed.failed });
  return healed;
}

/** What has drifted since, or otherwise than before; then what is in order again. */
function newsSince(before: ReadonlyMap<string, Sorted>, now: ReadonlyMap<string, Sorted>, policy: WatchSettings['policy']): WatchEvent[] {
  const textOf = (each: Sorted | undefined): string => JSON.stringify(policy === 'report' ? each?.drift : each);
  return [
    ...[...now].filter(([key, each]) => textOf(before.get(key)) !== textOf(each)).map(([, each]) => drifted(each, policy)),
    ...[...before].filter(([key]) => !now.has(key)).map(([, { drift }]): WatchEvent => ({ type: 'in-order', drift })),
  ];
}

const drifted = ({ drift, leave }: Sorted, policy: WatchSettings['policy']): WatchEvent => ({
  type: 'drifted',
  drift,
  ...(policy === 'heal' && leave !== undefined && { leave }),
});
