import { fromEntries, get, values } from '../lib/record.ts';
import { usualBackup, type BackupPolicy, type BackupTrigger } from '../model/backup-policy.ts';
import type { BackupChange, Change, ContainerChange, DataChange, FieldDiff } from '../model/change.ts';
import { placeText, type DataPlace, type VolumePlace } from '../model/data-place.ts';
import type { Backup } from '../model/backup.ts';
import type { Observed, SeenContainer } from '../model/observed.ts';
import { hasMounted, mountsPlace } from './data-users.ts';
import type { Sides } from './diff.ts';
import { volumeRenewals } from './volume-renewal.ts';

/** What this plan does besides. */
interface Doing {
  readonly containers: readonly Change[];
  readonly works: readonly DataChange[];
}

/** The backups that are declared to be taken before a plan does what this one does. A volume that is not there yet has nothing to lose. */
export function backupsBefore(doing: Doing, sides: Sides): BackupChange[] {
  return values(sides.desired.volumes).flatMap(({ name, backup }) => {
    const trigger = backup && get(sides.observed.volumes, name) && triggerOf(name, backup, { ...doing, sides });
    if (!trigger) return [];
    const change = backupOf(name, `x-stack.backup says so before ${triggerWords[trigger]}`, sides);
    return [isMadeAnew(name, sides) ? { ...change, work: { ...change.work, verify: true } } : change];
  });
}

const placeOf = (volume: string): VolumePlace => ({ kind: 'volume', name: volume });

/** It is removed, and another one is made in its place. */
export const isMadeAnew = (volume: string, sides: Sides): boolean => volumeRenewals(sides).some(({ have }) => have.name === volume);

const triggerWords: { readonly [trigger in BackupTrigger]: string } = {
  replace: 'a container with it is replaced',
  fix: 'its files are changed',
  remove: 'it, or a container with it, is removed',
  apply: 'an apply touches who uses it',
};

function triggerOf(
  volume: string,
  { before }: BackupPolicy,
  { containers, works, sides }: Doing & { readonly sides: Sides },
): BackupTrigger | undefined {
  const place = placeOf(volume);
  const users = containers.flatMap((change) => (change.of === 'container' && touches(change, place, sides) ? [change] : []));
  const isWorked = works.some((work) => placeText(work.place) === placeText(place));
  const happens: { readonly [trigger in BackupTrigger]: boolean } = {
    replace: users.some(({ verb }) => verb === 'replace'),
    fix: isWorked,
    remove: users.some(({ verb }) => verb === 'remove') || isMadeAnew(volume, sides),
    apply: users.length > 0 || isWorked,
  };
  return before.find((trigger) => happens[trigger]);
}

const touches = (change: ContainerChange, place: DataPlace, { desired }: Sides): boolean =>
  ('have' in change && hasMounted(change.have, place, desired)) ||
  ('want' in change && mountsPlace(change.want.service.settings, place, desired));

/** The backup of one volume, as its policy wants it, or as is usual. */
export function backupOf(volume: string, because: string, { desired }: Sides): BackupChange {
  const policy = values(desired.volumes).find(({ name }) => name === volume)?.backup ?? usualBackup;
  return {
    of: 'volume',
    verb: 'update',
    place: placeOf(volume),
    work: { kind: 'backup', policy },
    fields: [],
    because,
  };
}

type Seen = Pick<Sides, 'desired' | 'observed'>;

/** Containers that can write to the volume and are not stopped. */
export const writersOf = (volume: string, seen: Seen): SeenContainer[] =>
  holdersOf(volume, seen).filter((holder) => !onlyReads(holder, volume));

/** Containers that run with it and cannot write to it. */
export const readersOf = (volume: string, seen: Seen): SeenContainer[] =>
  holdersOf(volume, seen).filter((holder) => onlyReads(holder, volume));

const holdersOf = (volume: string, { desired, observed }: Seen): SeenContainer[] =>
  values(observed.containers).filter((seen) => isHolding(seen) && hasMounted(seen, placeOf(volume), desired));

const isHolding = ({ state: { status } }: SeenContainer): boolean => ['running', 'restarting', 'paused'].includes(status);

/** What it has by way of another container's volumes it may write to. */
function onlyReads({ settings }: SeenContainer, volume: string): boolean {
  const mounts = (settings.volumes ?? []).filter(({ type, source }) => type === 'volume' && source === volume);
  return mounts.length > 0 && mounts.every(({ read_only }) => read_only);
}

/** How a container stands while a volume of it is copied. */
export function stillFor(have: SeenContainer, { work, place }: Pick<BackupChange, 'work' | 'place'>, sides: Sides): FieldDiff[] {
  const { quiesce } = work.policy;
  if (quiesce === 'none' || !writersOf(place.name, sides).some(({ id }) => id === have.id)) return [];
  if (quiesce === 'pause' && have.state.status === 'paused') return [];
  const want = `it is copied while the container is ${quiesce === 'stop' ? 'stopped' : 'paused'}`;
  return [{ path: placeText(place), want, cause: 'data', mend: quiesce === 'stop' ? 'standstill' : 'pause' }];
}

export const isBackup = (change: Change): change is BackupChange =>
  change.of === 'volume' && change.verb === 'update' && change.work.kind === 'backup';

/** Whether these changes take a container out of the way of a copy: it is replaced, removed, or mended in one of these ways. */
export const isLetGo = ({ id }: SeenContainer, changes: readonly Change[], mends: readonly FieldDiff['mend'][]): boolean =>
  changes.some((change) => {
    if (change.of !== 'container' || !('have' in change) || change.have.id !== id) return false;
    if (change.verb === 'replace' || change.verb === 'remove') return true;
    return 'fields' in change && change.fields.some(({ mend }) => mends.includes(mend));
  });

/** What the containers were made of, as a backup says it. */
export function imagesIn({ containers, images }: Observed): Backup['images'] {
  return fromEntries(
    values(containers).map(
      ({ settings, imageId }) => [settings.image, { id: imageId, digests: get(images, imageId)?.digests ?? [] }] as const,
    ),
  );
}
