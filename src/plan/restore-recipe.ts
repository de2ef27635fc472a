import { volumeCreate, volumeDiscard } from '../actions/volume-create.ts';
import { volumeExchange } from '../actions/volume-exchange.ts';
import { volumeFill } from '../actions/volume-fill.ts';
import type { RestoreChange } from '../model/change.ts';
import { besideName } from './beside-name.ts';
import type { Sides } from './diff.ts';
import { hostUsers } from './host-users.ts';
import { nothing, type Recipe } from './recipes.ts';
import { besideSpec } from './volume-recipe.ts';

/**
 * A fresh volume is filled and held against what has to be in it while the services still run; then it is switched with the one that they
 * mount. What was there before is in the fresh one then, until every gate has passed.
 */
export function restoreRecipe({ place, work: { from } }: RestoreChange, { desired, observed }: Sides): Recipe {
  const { stack, helperImage: image } = desired;
  const volume = place.name;
  const fresh = besideName(volume, 'restored', observed);
  return {
    ...nothing,
    prepare: [
      volumeCreate({ stack, volume: besideSpec(fresh, volume) }),
      volumeFill({ volume: fresh, from, image, ...hostUsers(volume, desired) }),
    ],
    build: [volumeExchange({ volume, fresh, way: 'there', image })],
    discard: [volumeDiscard({ name: fresh })],
  };
}
