import { fromEntries, get, type ByName } from '../lib/record.ts';
import type { Touch } from '../model/action.ts';
import type { Observed } from '../model/observed.ts';
import type { Engine } from '../platform/engine.ts';

/** What a run knows of single resources: not every step has to ask the engine for what the step before it has just seen or made. */
export interface Sight {
  /** Only what was named: looked at now, or remembered where the touch says that this is enough. */
  see(touches: readonly Touch[], signal: AbortSignal): Promise<Observed>;
  /** How these stand now. */
  keep(touches: readonly Touch[], now: Observed): void;
  /** Something may be happening to these: the next who needs them looks. */
  forget(touches: readonly Touch[]): void;
}

/** Begins with the look that was taken under the lock. */
export function rememberingSight(engine: Pick<Engine, 'glance'>, before: Observed): Sight {
  let known = before;
  const forgotten = new Set<string>();
  const keep = (touches: readonly Touch[], now: Observed): void => {
    known = combine(known, only(now, touches), touches);
    for (const touch of touches) forgotten.delete(keyOf(touch));
  };
  return {
    async see(touches, signal) {
      const mustLook = touches.filter((touch) => !touch.recalled || forgotten.has(keyOf(touch)));
      if (mustLook.length > 0) keep(mustLook, await engine.glance(mustLook, signal));
      return only(known, touches);
    },
    keep,
    forget: (touches) => touches.forEach((touch) => forgotten.add(keyOf(touch))),
  };
}

/** Remembers nothing: on the way back only what is really there counts. */
export const freshSight = (engine: Pick<Engine, 'glance'>): Sight => ({
  see: (touches, signal) => engine.glance(touches, signal),
  keep: () => undefined,
  forget: () => undefined,
});

const keyOf = ({ kind, name }: Touch): string => `${kind} ${name}`;

const namesOf = (touches: readonly Touch[], kind: Touch['kind']): string[] =>
  touches.filter((touch) => touch.kind === kind).map(({ name }) => name);

function only(all: Observed, touches: readonly Touch[]): Observed {
  const pick = <T>(record: ByName<T>, kind: Touch['kind']): ByName<T> =>
    fromEntries(
      namesOf(touches, kind).flatMap((name) => {
        const found = get(record, name);
        return found === undefined ? [] : [[name, found] as const];
      }),
    );
  return {
    engine: all.engine,
    images: pick(all.images, 'image'),
    networks: pick(all.networks, 'network'),
    volumes: pick(all.volumes, 'volume'),
    containers: pick(all.containers, 'container'),
    others: pick(all.others, 'container'),
    listeners: [],
  };
}

/** `now` has the last word on what was touched: what it does not have is not there. */
function combine(known: Observed, now: Observed, touches: readonly Touch[]): Observed {
  const renew = <T>(before: ByName<T>, seen: ByName<T>, kind: Touch['kind']): ByName<T> => {
    const touched = new Set(namesOf(touches, kind));
    return touched.size === 0 ? before : { ...fromEntries(Object.entries(before).filter(([name]) => !touched.has(name))), ...seen };
  };
  return {
    ...known,
    images: renew(known.images, now.images, 'image'),
    networks: renew(known.networks, now.networks, 'network'),
    volumes: renew(known.volumes, now.volumes, 'volume'),
    containers: renew(known.containers, now.containers, 'container'),
    others: renew(known.others, now.others, 'container'),
  };
}
