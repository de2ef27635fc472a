import { fromEntries, get, type ByName } from '../lib/record.ts';
import type { Change, ContainerChange } from '../model/change.ts';
import type { ServiceSpec, WantedContainer } from '../model/desired.ts';
import { effective } from '../model/effective.ts';
import { imageOf } from '../model/image-of.ts';
import type { Observed, SeenContainer } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';
import type { Sides } from './diff.ts';
import { place } from './place.ts';

/** Anonymous volumes go on to the new container where it still has one at the same place; by target. */
export function inherited({ service }: WantedContainer, have: SeenContainer, observed: Observed): ByName<string> {
  const image = get(observed.images, imageOf(service));
  const { volumes: mounts = [] } = image ? effective(service.settings, image.defaults) : service.settings;
  const anonymous = mounts.filter(({ type, source }) => type === 'volume' && source === '').map(({ target }) => target);
  // Before a build or pull nothing says which volumes the image will bring: keep all that no declared mount covers.
  const keeps = (target: string): boolean => anonymous.includes(target) || (!image && !mounts.some((mount) => mount.target === target));
  return fromEntries(Object.entries(have.anonymous).filter(([target]) => keeps(target)));
}

/** Anonymous volumes that a new container would not get: what is in them would be left behind where nobody looks for it. */
export const leftBehind = (changes: readonly Change[], sides: Sides): Problem[] =>
  changes.flatMap((change) => (change.of === 'container' && change.verb === 'replace' ? leftBy(change, sides) : []));

type Replacement = Extract<ContainerChange, { readonly verb: 'update' | 'replace' }>;

function leftBy({ want, have }: Replacement, { desired, observed, options }: Sides): Problem[] {
  const kept = inherited(want, have, observed);
  const others = Object.values(observed.containers).filter(({ id }) => id !== have.id);
  // Through `volumes_from` it was another's all the time
  const isShared = (volume: string): boolean => others.some(({ anonymous }) => Object.values(anonymous).includes(volume));
  return Object.entries(have.anonymous)
    .filter(([target, volume]) => get(kept, target) === undefined && !isShared(volume) && !isNamed(volume, options.allowDestroy))
    .map(([target, volume]) => ({
      code: 'anonymous-volume-left',
      severity: 'error',
      message: `container ${have.name} has an anonymous volume at ${target}, and the new one would not: what is in volume ${volume} would be left behind`,
      ...place(desired, ...declaredAt(target, want.service)),
      hint: `keep it with "volumes: [${target}]", or copy it into a volume with a name; to leave it behind: --allow-destroy volume/${volume.slice(0, 12)}`,
    }));
}

function declaredAt(target: string, { name, settings: { volumes = [] } }: ServiceSpec): string[] {
  const mounts = volumes.flatMap((mount, i) => (mount.target === target ? [`services.${name}.volumes.${i}`] : []));
  return [...mounts, `services.${name}.volumes`, `services.${name}`];
}

/** By its name, or the beginning of it as engines shorten ids. */
export const isNamed = (volume: string, allowDestroy: readonly string[]): boolean =>
  allowDestroy.some((each) => each.length >= 'volume/'.length + 12 && `volume/${volume}`.startsWith(each));
