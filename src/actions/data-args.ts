import { get, put } from '../lib/record.ts';
import type { Touch } from '../model/action.ts';
import { placeText, type DataPlace } from '../model/data-place.ts';
import type { Observed } from '../model/observed.ts';
import { isLooked, type LookedData } from '../model/seen-data.ts';
import { touch } from './container-ref.ts';

/** Work in a place, with a volume in which this run keeps what is needed to take it back. */
export interface AsideArgs {
  readonly place: DataPlace;
  /** The image of what does the work. */
  readonly helper: string;
  readonly userns?: string;
  /** The name of that volume; made by this run. */
  readonly aside: string;
}

export const targetOf = ({ place }: AsideArgs): string => (place.kind === 'volume' ? place.name : place.path);

export const dataTouches = ({ place, aside }: AsideArgs): Touch[] => [
  touch('volume', aside),
  ...(place.kind === 'volume' ? [touch('volume', place.name)] : []),
];

/** Why nothing may be done there: the place is gone (an engine would make a new volume), or what to keep has nowhere to go. */
export function whyNoAside({ place, aside }: AsideArgs, now: Observed, run: string): string | undefined {
  if (place.kind === 'volume' && !get(now.volumes, place.name)) return `volume ${place.name} is not there`;
  const seen = get(now.volumes, aside);
  if (!seen) return `volume ${aside}, for what is to be kept of it, is not there`;
  return seen.run === run ? undefined : `volume ${aside} was not made by this run`;
}

/** Another picture of a place. What nobody had looked into is as a new volume is. */
export function withData(place: DataPlace, now: Observed, change: (seen: LookedData) => LookedData): Observed {
  const seen = get(now.data ?? {}, placeText(place));
  if (!seen) return now;
  const looked: LookedData = isLooked(seen)
    ? seen
    : { wanted: {}, root: { uid: 0, gid: 0, mode: 0o755 }, looked: 1, isWhole: true, differ: 0, sample: [], files: {}, refused: [] };
  return { ...now, data: put(now.data ?? {}, placeText(place), change(looked)) };
}
