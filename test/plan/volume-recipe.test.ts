import { expect, it } from 'vitest';
import { plainOptions } from '../../src/plan/options.ts';
import { volumeRecipe } from '../../src/plan/volume-recipe.ts';
import { desired, observed, seenVolume } from '../kit/builders.ts';

it.each<[string, Parameters<typeof seenVolume>[1], object]>([
  ['whichever run that was, if that is known', { run: '7' }, { name: 'shop_left', run: '7' }],
  ['if not, whoever made it', {}, { name: 'shop_left' }],
])('what a run left for its own way back is thrown away: %s', (_, more, args) => {
  const have = seenVolume('shop_left', { leftover: true, ...more });
  const sides = { desired: desired(), observed: observed(), options: plainOptions };
  const recipe = volumeRecipe({ of: 'volume', verb: 'remove', have, because: 'of a test' }, sides);
  expect(recipe).toStrictEqual({ prepare: [], letGo: [], build: [], discard: [{ kind: 'volume.discard', args }] });
});
