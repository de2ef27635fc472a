import { get } from '../lib/record.ts';
import type { Desired, VolumeSpec } from '../model/desired.ts';
import type { SeenVolume } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';
import type { Sides } from './diff.ts';
import { diffText } from './diff-text.ts';
import { labelDiffs } from './label-diffs.ts';
import { mayDestroy } from './network-renewal.ts';
import { orphans } from './orphans.ts';
import { place } from './place.ts';
import { prevented } from './prevented.ts';
import { pairedIds, selectedServices } from './services.ts';
import { strangersOn } from './strangers-on.ts';
import { mountedVolumes, volumeDiffs } from './volume-renewal.ts';

/** What stands in the way of one volume, and what people should know of it. */
export function volumeProblems(spec: VolumeSpec, { desired, observed, options }: Sides): Problem[] {
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
  return [...otherVolume(spec, seen, { desired, observed, options }), ...staleLabels(spec, seen, desired)];
}

/** Only by removing it could it become what is declared, with all that is in it: that is a step only where a person names it. */
function otherVolume(spec: VolumeSpec, seen: SeenVolume, sides: Sides): Problem[] {
  const { name, key } = spec;
  const differs = volumeDiffs(spec, seen);
  if (differs.length === 0) return [];
  const has = `volume ${name} has ${differs.map(({ text }) => text).join(', ')}`;
  const isNamed = mayDestroy('volume', spec, sides.options);
  if (isNamed && spec.preventDestroy) return [prevented(spec, `${has}, but`, sides.desired)];
  if (isNamed) return usersThatStay(name, sides);
  return [
    {
      code: 'volume-must-be-replaced',
      severity: 'error',
      message: `${has}; it would have to be removed and made again, and all that is in it would be lost`,
      ...place(sides.desired, ...differs.map(({ path }) => `volumes.${key}.${path}`), `volumes.${key}`),
      hint: waysOut(key),
    },
  ];
}

const waysOut = (key: string): string =>
  [
    'one of three ways out: leave it (declare it as it is)',
    `migrate it (stackctl volume backup ${key}, then stackctl apply --allow-destroy volume/${key}, then stackctl volume restore ${key})`,
    `or make it anew without what is in it (stackctl apply --allow-destroy volume/${key})`,
  ].join('; ');

/** Who mounts a volume that is to be removed, and is not part of this plan: an engine removes no volume that a container mounts. */
function usersThatStay(name: string, { desired, observed, options }: Sides): Problem[] {
  const removed = orphans(desired, observed, options).changes.map(({ have }) => have.id);
  const moved = new Set([...pairedIds(selectedServices(desired, options), observed), ...removed]);
  const staying = Object.values(observed.containers).filter((seen) => mountedVolumes(seen).includes(name) && !moved.has(seen.id));
  return [
    ...staying.map((seen) => inUse(name, seen.name, 'let this plan include its service, or remove that container')),
    ...strangersOn(name, observed).map((other) =>
      inUse(name, other.name, 'it is not of this stack: remove it, or leave the volume as it is'),
    ),
  ];
}

const inUse = (name: string, container: string, hint: string): Problem => ({
  code: 'volume-in-use',
  severity: 'error',
  message: `volume ${name} cannot be made anew: container ${container} mounts it, which this plan leaves as it is`,
  hint,
});

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
