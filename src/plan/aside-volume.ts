import { sha256 } from '../lib/hash.ts';
import type { DataPlace } from '../model/data-place.ts';
import type { VolumeSpec } from '../model/desired.ts';
import type { Observed } from '../model/observed.ts';
import { besideName } from './beside-name.ts';

/** Label of a volume in which a run keeps what it needs to take its work in another place back; its value is that place. */
export const asideLabel = 'io.stackctl.aside';

/** A volume beside the place, of a name that is not taken: "shop_data.before". The run that makes it removes it. */
export function asideVolume(place: DataPlace, stack: string, observed: Pick<Observed, 'volumes'>): VolumeSpec {
  const base = place.kind === 'volume' ? place.name : `${stack}_folder-${sha256(place.path).slice(0, 12)}`;
  return {
    name: besideName(base, 'before', observed),
    key: '',
    external: false,
    driverOptions: {},
    labels: { [asideLabel]: place.kind === 'volume' ? place.name : place.path },
  };
}
