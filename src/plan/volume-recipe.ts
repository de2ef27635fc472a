import { volumeCreate, volumeDiscard } from '../actions/volume-create.ts';
import { volumeExchange } from '../actions/volume-exchange.ts';
import { volumeRemove } from '../actions/volume-remove.ts';
import { present } from '../lib/present.ts';
import type { Change, DataChange } from '../model/change.ts';
import type { VolumeSpec } from '../model/desired.ts';
import type { SeenVolume } from '../model/observed.ts';
import { asideLabel, asideVolume } from './aside-volume.ts';
import type { Recipe, Standing } from './recipes.ts';

type VolumeChange = Exclude<Extract<Change, { readonly of: 'volume' }>, DataChange>;

/**
 * A volume that is made anew gives what is in it to one beside it, which is kept until every gate has passed; where the engine's own
 * driver does not keep the content, nothing can put it aside, and its removal is the end of it.
 */
export function volumeRecipe(change: VolumeChange, { desired: { stack, helperImage }, observed }: Standing): Recipe {
  const none = { prepare: [], letGo: [], build: [], discard: [] };
  if (change.verb === 'create') return { ...none, prepare: [volumeCreate({ stack, volume: change.want })] };
  const { have } = change;
  // Nothing but what a run kept for its own way back: `down` alone removes others
  if (change.verb === 'remove') return { ...none, discard: [volumeDiscard(present({ name: have.name, run: have.run }))] };
  const made = volumeCreate({ stack, volume: change.want, anew: true });
  if (!isPlain(have)) return { ...none, build: [volumeRemove({ name: have.name, stack }), made] };
  const aside = asideVolume({ kind: 'volume', name: have.name }, stack, observed);
  return {
    ...none,
    prepare: [volumeCreate({ stack, volume: aside })],
    build: [
      volumeExchange({ volume: have.name, fresh: aside.name, way: 'there', image: helperImage }),
      volumeRemove({ name: have.name, stack, emptied: true }),
      made,
    ],
    discard: [volumeDiscard({ name: aside.name })],
  };
}

/** Only of the engine's own driver is it known where the content lies, and only without options is it there at all times. */
export const isPlain = ({ driver, driverOptions }: Pick<SeenVolume, 'driver' | 'driverOptions'>): boolean =>
  driver === 'local' && Object.keys(driverOptions).length === 0;

/** A volume for the time of one run, beside the one that it is there for. */
export const besideSpec = (name: string, volume: string): VolumeSpec => ({
  name,
  key: name,
  external: false,
  driverOptions: {},
  labels: { [asideLabel]: volume },
});
