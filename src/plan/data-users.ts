import { get } from '../lib/record.ts';
import type { DataPlace } from '../model/data-place.ts';
import type { Desired } from '../model/desired.ts';
import type { SeenContainer } from '../model/observed.ts';
import type { Mount, Settings } from '../model/settings.ts';
import { volumesFrom } from '../model/shares.ts';

/** Whether containers with these settings have the place mounted, also by way of another service's volumes. */
export function mountsPlace(settings: Settings, place: DataPlace, desired: Pick<Desired, 'services'>): boolean {
  const others = (settings.volumes_from ?? [])
    .map(volumesFrom)
    .map(({ of, name }) => (of === 'service' ? get(desired.services, name)?.settings : undefined));
  return [settings, ...others].some((each) => each?.volumes?.some((mount) => isIn(mount, place)));
}

/** Anonymous volumes too are mounted under a name of their own. */
export const hasMounted = (seen: SeenContainer, place: DataPlace, desired: Pick<Desired, 'services'>): boolean =>
  mountsPlace(seen.settings, place, desired) || (place.kind === 'volume' && Object.values(seen.anonymous).includes(place.name));

function isIn({ type, source }: Mount, place: DataPlace): boolean {
  if (place.kind === 'volume') return type === 'volume' && source === place.name;
  return type === 'bind' && (isWithin(source, place.path) || isWithin(place.path, source));
}

const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
