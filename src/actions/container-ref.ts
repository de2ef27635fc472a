import { get, put } from '../lib/record.ts';
import type { Touch } from '../model/action.ts';
import type { Observed, SeenContainer } from '../model/observed.ts';

/** One container: by its name now, and by its id when it was there before. Without an id it must be one that this run made. */
export interface ContainerRef {
  readonly name: string;
  readonly id?: string;
}

/** How long the engine may take for a call that needs no patience of its own. */
export const callMs = 60_000;

/** How long Docker waits after the stop signal unless declared. */
export const defaultGraceMs = 10_000;

export const touch = (kind: Touch['kind'], name: string): Touch => ({ kind, name });

/** Looked at only if this run does not know it. */
export const recall = (kind: Touch['kind'], name: string): Touch => ({ kind, name, recalled: true });

/** A container that this run has made is known by the id that the engine gave it; any other is looked at before it is touched. */
export const touchUnlessMade = ({ name, id }: ContainerRef): Touch => (id === undefined ? recall : touch)('container', name);

/** Why the container that the reference means is not the one that stands there now; undefined if it is. */
export function mismatch({ name, id }: ContainerRef, now: Observed, run: string): string | undefined {
  const seen = get(now.containers, name);
  if (!seen) return get(now.others, name) ? `the name ${name} belongs to a container outside the stack` : `container ${name} is not there`;
  if (id !== undefined && seen.id !== id) return `${name} is another container now (${seen.id.slice(0, 12)} instead of ${id.slice(0, 12)})`;
  if (id === undefined && seen.run !== run) return `container ${name} was not made by this run`;
  return undefined;
}

/** The id to name in a call. The guard has made sure that it is there. */
export function idOf({ name }: ContainerRef, now: Observed): string {
  const seen = get(now.containers, name);
  if (!seen) throw new Error(`container ${name} was there a moment ago`);
  return seen.id;
}

/** The reference that will still mean the same container when this run is over. */
export const lasting = ({ name }: ContainerRef, now: Observed): ContainerRef => ({ name, id: idOf({ name }, now) });

/** The container's program has read its mounted files again. */
export const readAnew = (name: string, now: Observed): Observed =>
  withContainer(name, now, (seen) => ({
    ...seen,
    ...(seen.edited && { edited: seen.edited.filter((path) => !path.startsWith('content.')) }),
  }));

/** The machine with one container changed. */
export function withContainer(name: string, now: Observed, change: (seen: SeenContainer) => SeenContainer): Observed {
  const seen = get(now.containers, name);
  return seen ? { ...now, containers: put(now.containers, name, change(seen)) } : now;
}
