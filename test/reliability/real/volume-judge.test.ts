import { expect, test } from 'vitest';
import { sideOf, wrongContents } from './volume-judge.ts';

const contents = { before: ['top', 'a 0:0', 'stale'], after: ['top', 'a 1000:1000'] };

test.each<[string, readonly string[], 'before' | 'after' | undefined, boolean]>([
  ['as before', contents.before, 'before', true],
  ['as after', contents.after, 'after', true],
  ['either, where nobody knows', contents.before, undefined, true],
  ['either, where nobody knows', contents.after, undefined, true],
  ['after, where it has to be as before', contents.after, 'before', false],
  ['before, where it has to be as after', contents.before, 'after', false],
  ['half of it done', ['top', 'a 1000:1000', 'stale'], undefined, false],
  ['a file that is gone', ['top'], undefined, false],
  ['a file more', [...contents.after, 'b'], 'after', false],
  ['another order of what is there', contents.before.toReversed(), 'before', false],
])('content %s', (_what, now, side, isWell) => {
  expect(wrongContents(contents, now, side).length === 0).toBe(isWell);
});

test.each<[number | null, number, number, 'before' | 'after' | undefined]>([
  [0, 1, 2, 'after'],
  [1, 1, 1, 'before'],
  [3, 1, 1, 'before'],
  [130, 1, 1, 'before'],
  // It was killed, or says itself that something is left: the containers tell which side it is
  [null, 1, 2, 'after'],
  [null, 1, 1, 'before'],
  [4, 1, 1, 'before'],
])('a run that ended with %s, from version %s to %s', (exitCode, from, to, side) => {
  expect(sideOf({ exitCode }, { version: 2 }, { from, to })).toBe(side);
});

test('where no container is replaced only the content tells', () => {
  expect(sideOf({ exitCode: null }, { version: 1 }, { from: 1, to: 1 })).toBeUndefined();
});
