import { get, type ByName } from '../lib/record.ts';
import { imageOf } from './image-of.ts';
import type { Mount, Settings } from './settings.ts';

/** References of the images that a container mounts, each once. */
export const mountedImages = ({ volumes = [] }: Pick<Settings, 'volumes'>): string[] => [
  ...new Set(volumes.filter(isImageMount).map(({ source }) => source)),
];

/** All images that a container is made of, as the engine is asked for them: its own first, then those that it mounts. */
export const imagesOf = (service: Parameters<typeof imageOf>[0]): string[] => [
  ...new Set([imageOf(service), ...mountedImages(service.settings)]),
];

export const isImageMount = ({ type }: Mount): boolean => type === 'image';

/** With ids in place of references, so that a container goes on with the image that it was made with, whatever its name means later. */
export const pinnedMounts = (mounts: readonly Mount[], ids: ByName<string>): Mount[] =>
  mounts.map((mount) => (isImageMount(mount) ? { ...mount, source: get(ids, mount.source) ?? mount.source } : mount));
