import { get, names, values } from '../lib/record.ts';
import type { FieldDiff } from '../model/change.ts';
import type { VolumeSpec } from '../model/desired.ts';
import type { SeenContainer, SeenVolume } from '../model/observed.ts';
import type { Sides } from './diff.ts';
import { valueOf } from './label-diffs.ts';
import { mayDestroy } from './network-renewal.ts';

/** A volume that has to be removed and made again: an engine cannot give one that is there another driver or other options. */
export interface VolumeRenewal {
  readonly want: VolumeSpec;
  readonly have: SeenVolume;
  readonly fields: readonly FieldDiff[];
}

interface VolumeDiff {
  /** "driver", "driver_opts.o" */
  readonly path: string;
  readonly have?: string;
  readonly want?: string;
  /** In a sentence: "driver local instead of nfs". */
  readonly text: string;
}

/** The volumes of the stack that a person allowed to be made anew by name, and that are not what is declared. */
export function volumeRenewals({ desired, observed, options }: Sides): VolumeRenewal[] {
  return values(desired.volumes).flatMap((want): VolumeRenewal[] => {
    const have = get(observed.volumes, want.name);
    if (!have || want.external || want.preventDestroy || have.stack !== desired.stack || !mayDestroy('volume', want, options)) return [];
    const fields = volumeDiffs(want, have).map(({ text: _text, ...each }): FieldDiff => ({ ...each, cause: 'file', mend: 'replace' }));
    return fields.length > 0 ? [{ want, have, fields }] : [];
  });
}

/** What of a volume only its removal could change. Labels are none of it: they change nothing of what it holds. */
export function volumeDiffs({ driver = 'local', driverOptions }: VolumeSpec, have: SeenVolume): VolumeDiff[] {
  return [
    ...(driver === have.driver
      ? []
      : [{ path: 'driver', have: have.driver, want: driver, text: `driver ${have.driver} instead of ${driver}` }]),
    ...names({ ...driverOptions, ...have.driverOptions })
      .map((option) => ({ option, want: get(driverOptions, option), has: get(have.driverOptions, option) }))
      .filter(({ want, has }) => valueOf(want) !== valueOf(has))
      .map(({ option, want, has }) => ({
        path: `driver_opts.${option}`,
        ...(has !== undefined && { have: notShown }),
        ...(want !== undefined && { want: has === undefined ? notShown : 'another one' }),
        text: `driver option ${option}${want === undefined ? ', which is not declared' : ''}`,
      })),
  ];
}

/** Passwords of file servers stand among these options. */
const notShown = 'not shown';

/** The engine's names of all volumes that a container mounts. */
export const mountedVolumes = ({ settings: { volumes = [] }, anonymous }: Pick<SeenContainer, 'settings' | 'anonymous'>): string[] => [
  ...volumes.flatMap(({ type, source }) => (type === 'volume' && source !== '' ? [source] : [])),
  ...Object.values(anonymous),
];

/** The volumes that a container mounts and that are made anew under it. */
export const renewedIn = (seen: SeenContainer, renewed: readonly VolumeRenewal[]): VolumeRenewal[] =>
  renewed.filter(({ have }) => mountedVolumes(seen).includes(have.name));
