import { fromEntries, get } from '../lib/record.ts';
import type { Desired } from '../model/desired.ts';
import { ownDigest } from '../plan/own-digest.ts';
import type { Engine } from '../platform/engine.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { LockedImage, LockedImages } from '../spec/read-lock.ts';
import { builtImages } from './open-locked.ts';

interface Asking {
  readonly desired: Desired;
  readonly engine: Pick<Engine, 'glance' | 'remoteDigest'>;
  readonly signal: AbortSignal;
}

interface ResolvedLock {
  readonly images: LockedImages;
  /** What nobody can say anything of; what is only to be built here is not among them. */
  readonly missing: readonly string[];
}

/** What references mean now: as their registries say, else as the image says that is here. Asked side by side. */
export async function resolveLock(references: readonly string[], { desired, engine, signal }: Asking): Promise<ResolvedLock> {
  const built = builtImages(desired);
  const touches = references.map((name) => ({ kind: 'image', name }) as const);
  const here = touches.length > 0 ? (await engine.glance(touches, signal)).images : {};
  const answers = await Promise.all(
    references.map(async (image): Promise<readonly [string, LockedImage | undefined]> => {
      const remote = built.has(image) ? undefined : await engine.remoteDigest(image, signal).catch(unanswered);
      const seen = get(here, image);
      const digest = remote ?? (seen && ownDigest(image, seen.digests));
      if (digest !== undefined) return [image, { digest }];
      return [image, seen && { id: seen.id }];
    }),
  );
  return {
    images: fromEntries(answers.flatMap(([image, locked]) => (locked ? [[image, locked] as const] : []))),
    missing: answers.flatMap(([image, locked]) => (locked || built.has(image) ? [] : [image])),
  };
}

function unanswered(error: unknown): undefined {
  if (!(error instanceof EngineError)) throw error;
  return undefined;
}
