import { expect, test } from 'vitest';
import { naturally } from '../../src/spec/natural-order.ts';

test.each([
  ['V2', 'V10'],
  ['A_B', 'AB'],
  ['_A', 'A'],
  ['a1', 'a1b'],
  ['a', 'b'],
  ['A', 'a'],
  ['a-1', 'ab'],
  ['1a', '1_'],
  ['a_1', 'a1'],
  ['a-1', 'a1'],
])('%s comes before %s', (first, second) => {
  expect([second, first].sort(naturally)).toEqual([first, second]);
});
