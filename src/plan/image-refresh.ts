import { get, names } from '../lib/record.ts';
import type { FieldDiff } from '../model/change.ts';
import type { BuildSpec, Desired, ServiceSpec } from '../model/desired.ts';
import type { SeenContainer } from '../model/observed.ts';
import type { Sides } from './diff.ts';

/** What has to happen to a service's image before its containers can be made: undefined if it is here and may stay. */
export function imageNeed(service: ServiceSpec, { desired, observed, options }: Sides): BuildSpec | 'pull' | undefined {
  const here = get(observed.images, service.settings.image);
  const { build, pullPolicy } = builderOf(service, desired);
  if (build) return !here || options.build || pullPolicy === 'build' ? build : undefined;
  if (!here) return pullPolicy === 'never' ? undefined : 'pull';
  return here.inRegistry === 'newer' ? 'pull' : undefined;
}

/** Several services may use the image that one of them builds. */
function builderOf(service: ServiceSpec, { services }: Desired): ServiceSpec {
  if (service.build) return service;
  const builder = names(services).find(
    (name) => get(services, name)?.build && get(services, name)?.settings.image === service.settings.image,
  );
  return (builder !== undefined && get(services, builder)) || service;
}

/** The image may turn out to be another one after the build or pull: its containers are replacements until that is known. */
export function refreshes(service: ServiceSpec, have: SeenContainer, sides: Sides): FieldDiff[] {
  const need = imageNeed(service, sides);
  const here = get(sides.observed.images, service.settings.image);
  if (!need || (here && here.id !== have.imageId)) return [];
  const want = `(known after ${need === 'pull' ? 'pull' : 'build'})`;
  return [{ path: 'image', have: have.imageId.replace('sha256:', '').slice(0, 12), want, cause: 'image', mend: 'replace', pending: true }];
}
