import { get } from '../lib/record.ts';
import type { FieldDiff } from '../model/change.ts';
import { isImageMount } from '../model/images-of.ts';
import type { Observed, SeenContainer } from '../model/observed.ts';
import type { Mount, Settings } from '../model/settings.ts';
import { shortId } from './short-id.ts';

type Images = Observed['images'];

/** The id of the image that a container mounts there; undefined of one that Compose made, which keeps the reference only. */
export function mountedId(target: string, { settings }: SeenContainer): string | undefined {
  const source = settings.volumes?.find((mount) => isImageMount(mount) && mount.target === target)?.source;
  return source?.startsWith('sha256:') ? source : undefined;
}

/**
 * The mounts of a container with references in place of ids, where the file's reference means that image, or meant it when the container
 * was made: whether a name means another image now is a difference of its own.
 */
export function namedMounts(have: SeenContainer, want: Settings, images: Images): readonly Mount[] {
  return (have.settings.volumes ?? []).map((mount) => {
    const id = isImageMount(mount) ? mountedId(mount.target, have) : undefined;
    const wanted = want.volumes?.find((each) => isImageMount(each) && each.target === mount.target);
    if (id === undefined || !wanted) return mount;
    const isMeant = get(images, wanted.source)?.id === id || isKept(have);
    return isMeant ? { ...mount, source: wanted.source } : mount;
  });
}

/** The file names the same mounts as when the container was made. */
const isKept = ({ edited }: SeenContainer): boolean => edited !== undefined && !edited.includes('volumes');

/** Mounted images whose name means another image now. */
export function movedMounts({ volumes = [] }: Settings, have: SeenContainer, images: Images): FieldDiff[] {
  if (!isKept(have)) return [];
  return volumes.filter(isImageMount).flatMap(({ target, source }): FieldDiff[] => {
    const [was, is] = [mountedId(target, have), get(images, source)?.id];
    if (was === undefined || is === undefined || was === is) return [];
    return [{ path: `volumes.${target}`, have: `image ${shortId(was)}`, want: `image ${shortId(is)}`, cause: 'image', mend: 'replace' }];
  });
}
