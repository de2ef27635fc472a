import { get } from '../lib/record.ts';
import type { ServiceSpec } from '../model/desired.ts';
import { digestOf, imageOf } from '../model/image-of.ts';
import { imagesOf, isImageMount } from '../model/images-of.ts';
import type { Problem } from '../model/problem.ts';
import { fitsPlatform } from '../model/platform.ts';
import type { Sides } from './diff.ts';
import { imageNeeds, platformFor } from './image-refresh.ts';
import { place, type At } from './place.ts';

/** What stands in the way of the images of a service: its own, and those that it mounts. */
export function imageProblems(service: ServiceSpec, sides: Sides): Problem[] {
  return [...twoPlatforms(service, sides), ...imagesOf(service).flatMap((image) => problemsOf(image, service, sides))];
}

function problemsOf(image: string, service: ServiceSpec, sides: Sides): Problem[] {
  const { name, pullPolicy } = service;
  const seen = get(sides.observed.images, image);
  const at = placeOf(image, service, sides);
  if (seen?.inRegistry === 'unreachable') {
    const message = `the registry of ${image} cannot be reached; the local image is used`;
    return [{ code: 'registry-unreachable', severity: 'warning', message, ...at }];
  }
  if (service.pinned === image && seen?.registryDigest !== undefined) return [movedTag(service, seen.registryDigest, at)];
  if (service.pinned === image && !seen && digestOf(image) === undefined) {
    const message = `the image ${image}, which ${service.settings.image} is locked to, is not here, and no registry has it by its id`;
    return [
      { code: 'image-missing', severity: 'error', message, ...at, hint: 'load that image, or take over what is here with: stackctl lock' },
    ];
  }
  const isNeeded = imageNeeds(service, sides).some((need) => need.image === image);
  if (pullPolicy !== 'never' || isNeeded) return [];
  const hint = 'load or build the image, or let it be pulled';
  if (!seen) {
    const message = `image ${image} is not here, and pull_policy of ${name} is never`;
    return [{ code: 'image-missing', severity: 'error', message, ...at, hint }];
  }
  const platform = platformFor(image, sides.desired);
  if (fitsPlatform(seen, platform)) return [];
  const message = `image ${image} is here for ${seen.platform ?? ''}, not for ${platform ?? ''}, and pull_policy of ${name} is never`;
  return [{ code: 'image-missing', severity: 'error', message, ...at, hint }];
}

/** Only a person takes a moved tag over. */
function movedTag({ pinned = '', settings }: ServiceSpec, now: string, at: At): Problem {
  const message = `${settings.image} now means ${now}; stack.lock.yaml holds ${digestOf(pinned) ?? pinned}`;
  return { code: 'tag-moved', severity: 'warning', message, ...at, hint: 'stackctl lock takes it over' };
}

/** An engine has one image under a name: what one service pulls would be taken from the other. */
function twoPlatforms(service: ServiceSpec, { desired }: Sides): Problem[] {
  const { name, settings } = service;
  const { platform } = settings;
  const image = imageOf(service);
  const first = platformFor(image, desired);
  if (platform === undefined || first === undefined || fitsPlatform({ platform: first }, platform)) return [];
  const message = `${name} wants ${image} for ${platform}, and another service wants it for ${first}: an engine has one image of a name`;
  const hint = 'give one of them an image of its own, such as NAME@sha256:… of that platform';
  return [{ code: 'two-platforms', severity: 'error', message, ...place(desired, `services.${name}.platform`), hint }];
}

function placeOf(image: string, service: ServiceSpec, { desired }: Sides): At {
  const { name, settings } = service;
  if (image === imageOf(service)) return place(desired, `services.${name}.image`);
  const mount = (settings.volumes ?? []).find((each) => isImageMount(each) && each.source === image);
  return place(desired, `services.${name}.volumes.${mount?.target ?? ''}`);
}
