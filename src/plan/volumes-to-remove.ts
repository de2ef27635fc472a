import { get, values } from '../lib/record.ts';
import type { VolumeSpec } from '../model/desired.ts';
import type { SeenVolume } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';
import type { Sides } from './diff.ts';
import { place } from './place.ts';
import { prevented } from './prevented.ts';
import { strangersOn } from './strangers-on.ts';

export interface Removables {
  readonly volumes: readonly SeenVolume[];
  readonly problems: readonly Problem[];
}

/**
 * The volumes that `down --volumes` means: declared here, there, and made by this stack. What is external, or was made by others, stays
 * with a warning; prevent_destroy, and a container outside the stack that mounts one, is an error.
 */
export function volumesToRemove(sides: Sides): Removables {
  const { desired, observed } = sides;
  const there = values(desired.volumes).flatMap((spec) => {
    const seen = get(observed.volumes, spec.name);
    return seen ? [{ spec, seen }] : [];
  });
  const kept = there.filter(({ spec, seen }) => spec.external || seen.stack !== desired.stack);
  const own = there.filter((each) => !kept.includes(each));
  return {
    volumes: own.flatMap(({ spec, seen }) => (spec.preventDestroy ? [] : [seen])),
    problems: [...kept.map(({ spec }) => stays(spec, sides)), ...own.flatMap(({ spec }) => inTheWay(spec, sides))],
  };
}

const stays = ({ name, key, external }: VolumeSpec, { desired }: Sides): Problem => ({
  code: 'volume-stays',
  severity: 'warning',
  message: `volume ${name} ${external ? 'is external' : `was not made by stack ${desired.stack}`}: it stays`,
  ...place(desired, `volumes.${key}`),
});

function inTheWay(spec: VolumeSpec, { desired, observed }: Sides): Problem[] {
  if (spec.preventDestroy) return [prevented(spec, '', desired)];
  return strangersOn(spec.name, observed).map((other) => ({
    code: 'volume-in-use',
    severity: 'error',
    message: `volume ${spec.name} cannot be removed: container ${other.name}, which is not of this stack, mounts it`,
    ...place(desired, `volumes.${spec.key}`),
    hint: 'remove that container first, or leave the volume: stackctl down',
  }));
}
