import { volumeCreate, volumeDiscard } from '../actions/volume-create.ts';
import { volumeOwn } from '../actions/volume-own.ts';
import { volumeRemoveFiles } from '../actions/volume-remove-files.ts';
import { present } from '../lib/present.ts';
import { get } from '../lib/record.ts';
import type { DataChange, OwnWork } from '../model/change.ts';
import type { DataPlace } from '../model/data-place.ts';
import type { Desired } from '../model/desired.ts';
import { imageOf } from '../model/image-of.ts';
import { asideVolume } from './aside-volume.ts';
import { isBackup } from './backup-changes.ts';
import { backupRecipe } from './backup-recipe.ts';
import type { Sides } from './diff.ts';
import { nothing, type Recipe } from './recipes.ts';
import { isRestore } from './restore-changes.ts';
import { restoreRecipe } from './restore-recipe.ts';

/** Work in a place: what it needs for its way back is kept in a volume beside it until every gate has opened. */
export function dataRecipe(change: DataChange, sides: Sides): Recipe {
  if (isBackup(change)) return backupRecipe(change, sides);
  return isRestore(change) ? restoreRecipe(change, sides) : ownRecipe(change.place, change.work, sides);
}

function ownRecipe(place: DataPlace, work: OwnWork, { desired, observed }: Sides): Recipe {
  const { stack, helperImage: helper } = desired;
  const volume = asideVolume(place, stack, observed);
  const { userns, mode, depth } = work.rule;
  const common = present({ place, helper, aside: volume.name, userns });
  const owned = present({ ...common, owner: ownerOf(work, desired), mode, depth });
  return {
    ...nothing,
    prepare: [volumeCreate({ stack, volume })],
    // What goes keeps the owner that it has: it comes back as another file, which no record of owners would know
    build: [
      ...(work.removes.length > 0 ? [volumeRemoveFiles({ ...common, files: work.removes })] : []),
      ...(work.owns ? [volumeOwn(owned)] : []),
    ],
    discard: [volumeDiscard({ name: volume.name })],
  };
}

/** By ids where they are known; else by the image, which is there when the step runs. */
function ownerOf({ rule: { owner }, ids }: OwnWork, desired: Desired): Parameters<typeof volumeOwn>[0]['owner'] {
  if (ids) return { ids };
  if (!owner) return { ids: {} };
  if (owner.by === 'ids') return { ids: present({ uid: owner.uid, gid: owner.gid }) };
  const service = get(desired.services, owner.service);
  if (!service) throw new Error(`The owner of files is that of a service that is not there: ${owner.service}`);
  const image = imageOf(service);
  if (owner.by === 'names') return present({ image, user: owner.user, group: owner.group, withGroup: false });
  return present({ image, user: service.settings.user, withGroup: true });
}
