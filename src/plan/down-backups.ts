import { imagePull } from '../actions/image-pull.ts';
import { volumeBackup } from '../actions/volume-backup.ts';
import { volumeRoom } from '../actions/volume-room.ts';
import { get, values } from '../lib/record.ts';
import type { Action } from '../model/action.ts';
import type { Change } from '../model/change.ts';
import type { SeenVolume } from '../model/observed.ts';
import { backupOf, imagesIn } from './backup-changes.ts';
import type { Sides } from './diff.ts';
import { hostUsers } from './host-users.ts';

/** What `down --volumes` does before a volume goes whose `backup.before` names its removal. */
export interface DownBackups {
  readonly changes: readonly Change[];
  /** Before anything is touched. */
  readonly first: readonly Action[];
  /** Once nobody has it any more; without it the volume stays. By the volume's name. */
  readonly copies: ReadonlyMap<string, Action>;
}

const pullMs = 10 * 60_000;

export function downBackups(volumes: readonly SeenVolume[], sides: Sides): DownBackups {
  const { desired, observed } = sides;
  const copied = volumes.filter(({ name }) =>
    values(desired.volumes).some((spec) => spec.name === name && spec.backup?.before.includes('remove')),
  );
  const image = desired.helperImage;
  const changes = copied.map(({ name }) => backupOf(name, 'x-stack.backup says so before it is removed', sides));
  const looks = copied.map(({ name }) => ({ volume: name, image, ...hostUsers(name, desired) }));
  const pulls = copied.length > 0 && !get(observed.images, image) ? [imagePull({ image, timeoutMs: pullMs })] : [];
  const order = { stack: desired.stack, quiet: 'stopped', users: [], images: imagesIn(observed), verify: true } as const;
  return {
    changes,
    first: [...pulls, ...(looks.length > 0 ? [volumeRoom({ volumes: looks })] : [])],
    copies: new Map(looks.map((look) => [look.volume, volumeBackup({ ...order, ...look })])),
  };
}
