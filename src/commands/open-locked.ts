import { dirname, join } from 'node:path';
import { get, mapValues, names } from '../lib/record.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Desired, ServiceSpec } from '../model/desired.ts';
import { digestOf, withDigest } from '../model/image-of.ts';
import type { Problem } from '../model/problem.ts';
import { place } from '../plan/place.ts';
import { readLock, type LockedImages } from '../spec/read-lock.ts';
import type { Invocation } from './command.ts';
import { openStack, type OpenStack } from './open-stack.ts';
import type { SavedPlan } from './plan-file.ts';
import { isError } from './screen.ts';

/** Like openStack, with every image that stack.lock.yaml knows pinned to it. With --frozen: Problems for what it does not know. */
export async function openLocked(invocation: Invocation, source?: SavedPlan['source']): Promise<Result<OpenStack, readonly Problem[]>> {
  const opened = await openStack(invocation, source);
  if (!opened.ok) return opened;
  const { setup, request } = opened.value;
  const lock = await readLock(lockFileOf(request.files), invocation.io.cwd);
  if (!lock.ok) return lock;
  const problems = invocation.flags.frozen ? frozenProblems(setup.stack.desired, lock.value) : [];
  if (problems.some(isError)) return fail(problems);
  const desired = pinnedBy(lock.value ?? {}, setup.stack.desired);
  const stack = { ...setup.stack, desired, warnings: [...setup.stack.warnings, ...problems] };
  return ok({ ...opened.value, setup: { ...setup, stack } });
}

/** It lies next to the first stack file. */
export const lockFileOf = ([first = '']: readonly string[]): string => join(dirname(first), 'stack.lock.yaml');

/** What is built here is built from the files here: no lock says what comes of it. */
export function pinnedBy(images: LockedImages, desired: Desired): Desired {
  const built = builtImages(desired);
  const pin = (service: ServiceSpec): ServiceSpec => {
    const { image } = service.settings;
    const locked = built.has(image) ? undefined : get(images, image);
    if (!locked) return service;
    return { ...service, pinned: 'digest' in locked ? withDigest(image, locked.digest) : locked.id };
  };
  return { ...desired, services: mapValues(desired.services, pin) };
}

export const builtImages = ({ services }: Desired): ReadonlySet<string> =>
  new Set(Object.values(services).flatMap(({ build, settings }) => (build ? [settings.image] : [])));

/** What --frozen refuses: no lock file, an image without an entry. An entry that nothing uses is only told. */
export function frozenProblems(desired: Desired, images: LockedImages | undefined): Problem[] {
  const hint = 'run stackctl lock, look at what it changes, and commit it';
  if (!images) {
    const message = '--frozen wants every image to be locked, and there is no stack.lock.yaml beside the stack file';
    return [{ code: 'lock-missing', severity: 'error', message, hint }];
  }
  const built = builtImages(desired);
  const unlocked = names(desired.services).flatMap((name): Problem[] => {
    const image = desired.services[name]?.settings.image ?? '';
    if (built.has(image) || digestOf(image) !== undefined || get(images, image)) return [];
    const message = `stack.lock.yaml does not have the image ${image} of ${name}, and --frozen wants every image to be locked`;
    return [{ code: 'lock-incomplete', severity: 'error', message, ...place(desired, `services.${name}.image`), hint }];
  });
  const used = new Set(Object.values(desired.services).map(({ settings }) => settings.image));
  const unused = names(images)
    .filter((image) => !used.has(image) && desired.inactiveServices.length === 0)
    .map((image): Problem => {
      return { code: 'lock-unused', severity: 'warning', message: `stack.lock.yaml has ${image}, which no service uses any more`, hint };
    });
  return [...unlocked, ...unused];
}
