import { sha256 } from '../lib/hash.ts';
import { get } from '../lib/record.ts';
import type { DataPlace } from '../model/data-place.ts';
import type { VolumeSpec } from '../model/desired.ts';
import type { Observed } from '../model/observed.ts';

/** Label of a volume in which a run keeps what it needs to take its work in another place back; its value is that place. */
export const asideLabel = 'io.stackctl.aside';

/** A volume beside the place, of a name that is not taken: "shop_data.before". The run that makes it removes it. */
export function asideVolume(place: DataPlace, stack: string, { volumes }: Pick<Observed, 'volumes'>): VolumeSpec {
  const base = place.kind === 'volume' ? place.name : `${stack}_folder-${sha256(place.path).slice(0, 12)}`;
  const candidates = [`${base}.before`, ...Array.from({ length: 8 }, (_, i) => `${base}.before${i + 2}`)];
  return {
    name: candidates.find((name) => !get(volumes, name)) ?? `${base}.before10`,
    key: '',
    external: false,
    driverOptions: {},
    labels: { [asideLabel]: place.kind === 'volume' ? place.name : place.path },
  };
}
