import { volumeBackup, type BackupHooks } from '../actions/volume-backup.ts';
import { volumeCreate, volumeDiscard } from '../actions/volume-create.ts';
import { volumeKeep } from '../actions/volume-keep.ts';
import { get } from '../lib/record.ts';
import type { Quiet } from '../model/backup.ts';
import type { BackupPolicy } from '../model/backup-policy.ts';
import type { BackupChange } from '../model/change.ts';
import { imagesIn, readersOf, writersOf } from './backup-changes.ts';
import { besideName } from './beside-name.ts';
import type { Sides } from './diff.ts';
import { hostUsers } from './host-users.ts';
import { nothing, refOf, type Recipe } from './recipes.ts';
import { containersOf } from './services.ts';
import { besideSpec } from './volume-recipe.ts';

/**
 * A copy while nobody writes: once its users have let go, and before any of them comes up. Where they are to go on, it is taken before
 * anything else is touched. What a rollback needs to put the copy back is made before; it goes, with older copies, when every gate has opened.
 */
export function backupRecipe({ place, work }: BackupChange, { desired, observed }: Sides): Recipe {
  const volume = place.name;
  const { policy, rewind, verify } = work;
  const look = { volume, image: desired.helperImage, ...hostUsers(volume, desired) };
  const hooks = hooksOf(policy, { desired, observed });
  const writers = writersOf(volume, { desired, observed });
  const aside = rewind?.possible ? besideName(volume, 'restored', observed) : undefined;
  const copy = volumeBackup({
    ...look,
    stack: desired.stack,
    quiet: writers.length === 0 ? 'stopped' : quietOf(policy),
    users: writers.map(refOf),
    images: imagesIn(observed),
    ...(hooks && { hooks }),
    ...(verify && { verify }),
    ...(aside !== undefined && { rewind: { aside, readers: readersOf(volume, { desired, observed }).map(refOf) } }),
  });
  const goesOn = policy.quiesce === 'none';
  return {
    ...nothing,
    prepare: [
      ...(goesOn ? [copy] : []),
      ...(aside === undefined ? [] : [volumeCreate({ stack: desired.stack, volume: besideSpec(aside, volume) })]),
    ],
    build: goesOn ? [] : [copy],
    discard: [
      ...(aside === undefined ? [] : [volumeDiscard({ name: aside })]),
      ...(policy.keep === undefined ? [] : [volumeKeep({ engine: observed.engine.id, stack: desired.stack, volume, keep: policy.keep })]),
    ],
  };
}

function quietOf({ quiesce, hooks }: BackupPolicy): Quiet {
  if (quiesce === 'stop') return 'stopped';
  if (quiesce === 'pause') return 'paused';
  return hooks ? 'hook' : 'running';
}

/** Of a service that does not run nothing is to be asked: its files are as it left them. */
function hooksOf({ hooks, quiesce }: BackupPolicy, { desired, observed }: Pick<Sides, 'desired' | 'observed'>): BackupHooks | undefined {
  if (!hooks || quiesce !== 'none') return undefined;
  const container = containersOf(hooks.service, observed).find(({ state }) => state.status === 'running');
  const withinMs = get(desired.services, hooks.service)?.timeouts.readyMs ?? usualHookMs;
  return container && { container: refOf(container), pre: hooks.pre, post: hooks.post, withinMs };
}

const usualHookMs = 600_000;
