import { present } from '../lib/present.ts';
import { mapValues, get } from '../lib/record.ts';
import type { Revision } from '../apply/revisions.ts';
import type { Desired, ServiceSpec } from '../model/desired.ts';
import { digestOf, imageOf, withDigest } from '../model/image-of.ts';
import { imagesOf, isImageMount } from '../model/images-of.ts';
import type { Observed } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';
import { ownDigest } from '../plan/own-digest.ts';
import type { Engine } from '../platform/engine.ts';
import type { KnownImage } from '../platform/journal.ts';
import { withMounts } from './wanted.ts';

interface RestoredImages {
  readonly desired: Desired;
  readonly problems: readonly Problem[];
}

/**
 * What a revision wanted, with every service pinned to the very image that it had then: no tag is resolved again. One that is gone is
 * pulled by its digest; a Problem where no registry has it.
 */
export async function restoreImages(
  { number, wanted, images }: Pick<Revision, 'number' | 'wanted' | 'images'>,
  engine: Pick<Engine, 'glance' | 'remoteDigest'>,
  signal: AbortSignal,
): Promise<RestoredImages> {
  const { desired } = wanted;
  const names = [...new Set(Object.values(desired.services).flatMap(imagesOf))];
  const exact = new Map(names.map((name) => [name, namesOf(name, get(images, name))]));
  const touches = [...new Set([...exact.values()].flat())].map((name) => ({ kind: 'image', name }) as const);
  const seen = touches.length > 0 ? (await engine.glance(touches, signal)).images : {};
  const found = new Map(
    await Promise.all(names.map(async (name) => [name, await find(exact.get(name) ?? [], seen, { engine, signal })] as const)),
  );
  // What is wanted is settled: nobody need ask a registry for something newer
  const pin = (service: ServiceSpec): ServiceSpec => ({
    ...service,
    ...present({ pinned: found.get(imageOf(service)) }),
    pullPolicy: service.pullPolicy === 'never' ? 'never' : 'missing',
  });
  return {
    desired: withMounts({ ...desired, services: mapValues(desired.services, pin) }, (mount) =>
      isImageMount(mount) ? { ...mount, source: found.get(mount.source) ?? mount.source } : mount,
    ),
    problems: names.flatMap((name) => (found.get(name) === undefined ? [gone(name, number, get(images, name))] : [])),
  };
}

/** The names that mean just this image for ever: by digest, which any engine can pull, and by id, which only this one knows. */
function namesOf(name: string, known: KnownImage | undefined): string[] {
  if (digestOf(name) !== undefined) return [name, ...(known ? [known.id] : [])];
  if (!known) return [];
  const digest = ownDigest(name, known.digests);
  return [...(digest === undefined ? [] : [withDigest(name, digest)]), known.id];
}

interface Asking {
  readonly engine: Pick<Engine, 'remoteDigest'>;
  readonly signal: AbortSignal;
}

/** The first that is here, else the one that its registry says it has. */
async function find(exact: readonly string[], seen: Observed['images'], { engine, signal }: Asking): Promise<string | undefined> {
  const here = exact.find((name) => get(seen, name) !== undefined);
  const pulled = exact.find((name) => digestOf(name) !== undefined);
  if (here !== undefined || pulled === undefined) return here;
  return engine.remoteDigest(pulled, signal).then(
    () => pulled,
    () => undefined,
  );
}

function gone(name: string, number: number, known: KnownImage | undefined): Problem {
  const what = known === undefined ? 'nobody wrote down which one it was' : `it was ${known.digests[0] ?? known.id}`;
  const why = known?.digests.length === 0 ? 'it was built or loaded here, so no registry has it' : 'its registry does not give it';
  return {
    code: 'image-gone',
    severity: 'error',
    message: `the image ${name} of run ${number} is not here any more (${what})${known === undefined ? '' : `, and ${why}`}`,
    hint: 'bring that very image back (docker load, docker pull), or go back to another run',
  };
}
