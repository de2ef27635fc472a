import { get, names } from '../lib/record.ts';
import type { Desired, VolumeSpec } from '../model/desired.ts';
import type { SeenVolume } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';
import type { Sides } from './diff.ts';
import { diffText } from './diff-text.ts';
import { labelDiffs, valueOf } from './label-diffs.ts';
import { place } from './place.ts';

/** What stands in the way of one volume, and what people should know of it. */
export function volumeProblems(spec: VolumeSpec, { desired, observed }: Sides): Problem[] {
  const seen = get(observed.volumes, spec.name);
  const at = place(desired, `volumes.${spec.key}`);
  if (!seen) {
    return spec.external
      ? [
          {
            code: 'volume-missing',
            severity: 'error',
            message: `external volume ${spec.name} is not there`,
            ...at,
            hint: 'create it, or declare it without external',
          },
        ]
      : [];
  }
  if (spec.external) return [];
  if (seen.stack !== desired.stack) {
    return [
      {
        code: 'volume-foreign',
        severity: 'warning',
        message: `volume ${spec.name} was not made by stack ${desired.stack}; it is used as it is`,
        ...at,
        hint: 'declare it with external: true to say that this is meant',
      },
    ];
  }
  return [...otherVolume(spec, seen, desired), ...staleLabels(spec, seen, desired)];
}

/** Only by removing it could it become what is declared, with all that is in it: that is never a step. */
function otherVolume({ name, key, driver = 'local', driverOptions }: VolumeSpec, seen: SeenVolume, desired: Desired): Problem[] {
  const differs = [
    ...(driver === seen.driver ? [] : [{ path: 'driver', text: `driver ${seen.driver} instead of ${driver}` }]),
    ...names({ ...driverOptions, ...seen.driverOptions })
      .filter((option) => valueOf(get(seen.driverOptions, option)) !== valueOf(get(driverOptions, option)))
      .map((option) => ({ path: `driver_opts.${option}`, text: optionText(option, get(driverOptions, option) === undefined) })),
  ];
  if (differs.length === 0) return [];
  const has = differs.map(({ text }) => text).join(', ');
  return [
    {
      code: 'volume-must-be-replaced',
      severity: 'error',
      message: `volume ${name} has ${has}; it would have to be removed and made again and all that is in it would be lost`,
      ...place(desired, ...differs.map(({ path }) => `volumes.${key}.${path}`), `volumes.${key}`),
      hint: `declare it as it is, or give it another name; to make it anew, without what is in it: ${anew(name)}`,
    },
  ];
}

const optionText = (option: string, isLeft: boolean): string =>
  isLeft ? `driver option ${option}, which is not declared` : `driver option ${option}`;

/** Labels change nothing of what a volume holds: no reason to stand in the way of the rest. */
function staleLabels({ name, key, labels }: VolumeSpec, seen: SeenVolume, desired: Desired): Problem[] {
  const differs = labelDiffs(labels, seen.labels);
  if (differs.length === 0) return [];
  return [
    {
      code: 'volume-differs',
      severity: 'warning',
      message: `volume ${name} keeps ${differs.map(diffText).join(', ')}: an engine cannot change the labels of a volume that is there`,
      ...place(desired, ...differs.map(({ path }) => `volumes.${key}.${path}`), `volumes.${key}`),
      hint: `declare them as they are; to make it anew, without what is in it: ${anew(name)}`,
    },
  ];
}

const anew = (name: string): string => `stackctl down, docker volume rm ${name}, stackctl apply`;
