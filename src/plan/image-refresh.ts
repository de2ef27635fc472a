import { get } from '../lib/record.ts';
import type { FieldDiff } from '../model/change.ts';
import type { ServiceSpec } from '../model/desired.ts';
import type { Observed, SeenContainer } from '../model/observed.ts';
import type { Sides } from './diff.ts';
import type { PlanOptions } from './options.ts';

/** What has to happen to a service's image before its containers can be made: undefined if it is here and may stay. */
export function imageNeed(service: ServiceSpec, observed: Observed, options: PlanOptions): 'build' | 'pull' | undefined {
  const here = get(observed.images, service.settings.image);
  if (service.build) return !here || options.build || service.pullPolicy === 'build' ? 'build' : undefined;
  if (!here) return service.pullPolicy === 'never' ? undefined : 'pull';
  return here.inRegistry === 'newer' ? 'pull' : undefined;
}

/** The image may turn out to be another one after the build or pull: its containers are replacements until that is known. */
export function refreshes(service: ServiceSpec, have: SeenContainer, { observed, options }: Sides): FieldDiff[] {
  const need = imageNeed(service, observed, options);
  const here = get(observed.images, service.settings.image);
  if (!need || !here || here.id !== have.imageId) return [];
  return [{ path: 'image', have: here.id.replace('sha256:', '').slice(0, 12), want: `(known after ${need})`, cause: 'image', mend: 'replace', pending: true }];
}
