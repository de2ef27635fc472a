import { keyedHash } from '../lib/hash.ts';
import { fromEntries, mapValues } from '../lib/record.ts';
import { present } from '../lib/present.ts';
import type { Desired, ServiceSpec } from '../model/desired.ts';
import type { Mount } from '../model/settings.ts';
import type { PlanOptions } from '../plan/options.ts';
import type { Wanted } from '../platform/journal.ts';
import type { Stack } from '../spec/read-stack.ts';

/** What is kept of a stack to bring it about again. Files of the host are no part of it: only whether they are the same can be told. */
export function wantedOf(
  { desired, vault, profiles }: Pick<Stack, 'desired' | 'vault' | 'profiles'>,
  { targets, noDependencies }: Pick<PlanOptions, 'targets' | 'noDependencies'>,
): Wanted {
  const contents = Object.values(desired.services).flatMap(({ settings }) =>
    (settings.volumes ?? []).flatMap(({ source, content }) =>
      typeof content === 'string' ? [[source, keyedHash(vault.key, content)] as const] : [],
    ),
  );
  // What was built is an image by now: nothing is built again to go back to it
  const unbuilt = { ...desired, services: mapValues(desired.services, ({ build: _build, ...service }): ServiceSpec => service) };
  return {
    desired: {
      ...withMounts(unbuilt, ({ content, ...mount }) => (typeof content === 'object' ? { ...mount, content } : mount)),
      places: {},
    },
    profiles,
    contents: fromEntries(contents),
    targets,
    noDependencies,
  };
}

/** The same with other mounts. */
export function withMounts(desired: Desired, change: (mount: Mount) => Mount): Desired {
  const changed = (service: ServiceSpec): ServiceSpec => ({
    ...service,
    settings: present({ ...service.settings, volumes: service.settings.volumes?.map(change) }),
  });
  return { ...desired, services: mapValues(desired.services, changed) };
}
