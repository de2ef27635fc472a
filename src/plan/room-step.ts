import { volumeRoom, type RoomLook } from '../actions/volume-room.ts';
import type { Change } from '../model/change.ts';
import type { Step } from '../model/plan.ts';
import { isBackup } from './backup-changes.ts';
import type { Sides } from './diff.ts';
import { hostUsers } from './host-users.ts';
import { idOf } from './part.ts';

/** All backups of a plan need room at the same time, and so does what a rollback makes of them. Waits for the image of the helper. */
export function roomSteps(changes: readonly Change[], { desired }: Sides, helper: readonly Step[]): Step[] {
  const backups = changes.filter(isBackup);
  if (backups.length === 0) return [];
  const volumes = backups.map(({ place: { name }, work }): RoomLook => ({
    volume: name,
    image: desired.helperImage,
    ...hostUsers(name, desired),
    ...(work.rewind?.possible && { rewinds: true }),
  }));
  const action = volumeRoom({ volumes });
  const [{ because }] = backups as [Change];
  return [{ id: idOf(action), stage: 'prepare', action, after: helper.map(({ id }) => id), because, onFailure: 'rollback' }];
}
