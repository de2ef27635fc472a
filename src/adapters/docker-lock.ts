import { hostname } from 'node:os';
import { anySignal } from '../lib/any-signal.ts';
import { canonical } from '../lib/canonical.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { Acquired, LockHolder, SharedLockKeeper } from '../platform/lock.ts';
import { answerOf } from './docker-answer.ts';
import { call, lookMs } from './docker-call.ts';
import type { DockerUntil } from './docker-client.ts';
import type { Fence } from './docker-fence.ts';
import { fullId } from './docker-inspect.ts';
import { heldLock } from './docker-lock-held.ts';
import { lockImage, makeLockImage } from './docker-lock-image.ts';
import { isAlive } from './is-alive.ts';
import { holderLabel, isLeftBehind, seenLock, takenWithinMs, lockName, removed, removeLock, type SeenLock } from './docker-lock-seen.ts';

export interface LockLink {
  readonly docker: DockerUntil;
  readonly fence: Fence;
}

/**
 * A lock that all hosts see: a container whose name is the lock's. Its program ends with its standard input, which is a connection of
 * the holder's, so that the engine takes the container away when the holder has gone, however it went (measured: 0.1 s).
 */
export const dockerLock = (link: LockLink): SharedLockKeeper => ({
  async acquire(name, holder, patience): Promise<Acquired> {
    for (;;) {
      const id = await create(link.docker, name, holder);
      if (id !== undefined) return { lock: heldLock(link, id) };
      const seen = await seenLock(link.docker, name);
      if (seen && isGone(seen)) await removeLock(link.docker, seen.id);
      else if (seen) {
        const isFree = await removed(link.docker, seen.id, untilLeftBehind(seen, patience));
        if (!isFree && patience.aborted) return { heldBy: seen.holder };
      } else if (patience.aborted) return { heldBy: undefined };
    }
  },
  async standing(name, patience) {
    const seen = await seenLock(link.docker, name);
    const stays = seen && !isGone(seen) && !(await removed(link.docker, seen.id, patience));
    return stays ? { heldBy: seen.holder, takeAway: () => removeLock(link.docker, seen.id) } : undefined;
  },
});

/** On this host it can be seen whether the holder is still there, also where the engine cannot tell. */
const isGone = (seen: SeenLock): boolean =>
  isLeftBehind(seen) || (seen.status === 'created' && seen.holder?.host === hostname() && !isAlive(seen.holder.pid));

/** One that is being taken is looked at again when it has been for too long: nobody says when a process has died that takes it. */
const untilLeftBehind = (seen: SeenLock, patience: AbortSignal): AbortSignal =>
  seen.status === 'created' && !seen.byNameOnly ? anySignal([patience, AbortSignal.timeout(takenWithinMs(seen))]) : patience;

/** The new container's id; undefined: the name is taken. */
async function create(docker: DockerUntil, name: string, holder: LockHolder): Promise<string | undefined> {
  try {
    return await createOnce(docker, name, holder);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (error.code === 'conflict') return undefined;
    const made = error.unknownOutcome ? await seenLock(docker, name) : undefined;
    if (made && canonical(made.holder) === canonical(holder)) return made.id;
    if (error.code !== 'not-found') throw error;
  }
  await makeLockImage(docker, AbortSignal.timeout(lookMs));
  return create(docker, name, holder);
}

const createOnce = (docker: DockerUntil, name: string, holder: LockHolder): Promise<string> =>
  call({ what: 'take the lock', signal: AbortSignal.timeout(lookMs) }, async (until) => {
    const { id } = await docker(until).createContainer({
      name: lockName(name),
      Image: lockImage,
      Cmd: ['/hold'],
      OpenStdin: true,
      StdinOnce: true,
      AttachStdin: true,
      StopSignal: 'SIGKILL',
      User: '65534:65534',
      Labels: { [holderLabel]: JSON.stringify(holder) },
      HostConfig: {
        AutoRemove: true,
        NetworkMode: 'none',
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        LogConfig: { Type: 'none', Config: {} },
      },
    });
    return fullId(answerOf({ Id: id }, 'created container'));
  });
