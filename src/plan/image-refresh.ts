import { get, names } from '../lib/record.ts';
import type { FieldDiff } from '../model/change.ts';
import type { BuildSpec, Desired, ServiceSpec } from '../model/desired.ts';
import { imageOf } from '../model/image-of.ts';
import { imagesOf, isImageMount } from '../model/images-of.ts';
import type { SeenContainer, SeenImage } from '../model/observed.ts';
import { fitsPlatform } from '../model/platform.ts';
import type { Sides } from './diff.ts';
import { mountedId } from './image-mounts.ts';
import { shortId } from './short-id.ts';

/** What has to happen to an image before containers can be made with it. */
export interface ImageNeed {
  readonly image: string;
  readonly how: BuildSpec | 'pull';
}

/** Of all images of a service, those that are not here yet, or may not stay as they are. */
export const imageNeeds = (service: ServiceSpec, sides: Sides): ImageNeed[] =>
  imagesOf(service).flatMap((image) => {
    const how = needOf(image, service, sides);
    return how ? [{ image, how }] : [];
  });

/** A policy "never" never pulls; whether the registry has another one was asked where `inRegistry` says so. */
function needOf(image: string, service: ServiceSpec, { desired, observed, options }: Sides): ImageNeed['how'] | undefined {
  const seen = get(observed.images, image);
  // Another one than this is not wanted, whatever a registry or a build may have
  if (image === service.pinned) return seen ? undefined : 'pull';
  const { build, pullPolicy } = builderOf(image, service, desired);
  const here = seen && fitsPlatform(seen, platformFor(image, desired) ?? build?.platform) ? seen : undefined;
  if (build) return !here || options.build || pullPolicy === 'build' ? build : undefined;
  if (!here) return service.pullPolicy === 'never' ? undefined : 'pull';
  return here.inRegistry === 'newer' ? 'pull' : undefined;
}

/** The platform that a service asks for with this image; the others take what is here. */
export function platformFor(image: string, { services }: Desired): string | undefined {
  const wishes = Object.values(services).filter((service) => imageOf(service) === image);
  return wishes.map(({ settings }) => settings.platform).find((platform) => platform !== undefined);
}

/** Several services may use the image that one of them builds. */
function builderOf(image: string, service: ServiceSpec, { services }: Desired): Pick<ServiceSpec, 'build' | 'pullPolicy'> {
  if (service.build && service.settings.image === image) return service;
  const builder = names(services).find((name) => get(services, name)?.build && get(services, name)?.settings.image === image);
  return (builder !== undefined && get(services, builder)) || { pullPolicy: service.pullPolicy };
}

/** An image may turn out to be another one after the build or pull: its containers are replacements until that is known. */
export function refreshes(service: ServiceSpec, have: SeenContainer, sides: Sides): FieldDiff[] {
  const own = imageOf(service);
  const { volumes = [] } = service.settings;
  return imageNeeds(service, sides).flatMap(({ image, how }): FieldDiff[] => {
    const here = get(sides.observed.images, image);
    const pending = { want: `(known after ${how === 'pull' ? 'pull' : 'build'})`, cause: 'image', mend: 'replace', pending: true } as const;
    const mounts = volumes.filter((mount) => isImageMount(mount) && mount.source === image);
    return [
      ...(image === own && isSame(here, have.imageId) ? [{ path: 'image', have: shortId(have.imageId), ...pending }] : []),
      ...mounts.flatMap(({ target }): FieldDiff[] => {
        const id = mountedId(target, have);
        return here && id !== undefined && isSame(here, id)
          ? [{ path: `volumes.${target}`, have: `image ${shortId(id)}`, ...pending }]
          : [];
      }),
    ];
  });
}

const isSame = (here: SeenImage | undefined, id: string): boolean => !here || here.id === id;

/** The one image that decides whether a container has to be replaced: undefined where there are several, which then all count. */
export function pendingImage(service: ServiceSpec, fields: readonly FieldDiff[], have: SeenContainer) {
  const [only, ...more] = fields;
  if (!only?.pending || more.length > 0) return undefined;
  const { settings } = service;
  if (only.path === 'image') return { reference: imageOf(service), id: have.imageId };
  const mount = settings.volumes?.find(({ target }) => `volumes.${target}` === only.path);
  const id = mount && mountedId(mount.target, have);
  return mount && id !== undefined ? { reference: mount.source, id } : undefined;
}
