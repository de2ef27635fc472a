import { expect, it } from 'vitest';
import { walk, type Walk } from '../../src/apply/walk.ts';
import type { Step } from '../../src/model/plan.ts';

const step = (id: string, ...after: string[]): Step => ({
  id,
  stage: 'build',
  action: { kind: 'x', args: {} },
  after,
  because: 'x',
  onFailure: 'rollback',
});

/** A walk in which each step ends when it is told to; what runs at a moment, in the order in which it began. */
function walking(steps: readonly Step[], more: Partial<Walk> = {}) {
  const open = new Map<string, (good: boolean | Error) => void>();
  const ended = walk(steps, {
    limit: 9,
    mayStart: () => true,
    onlyWaits: ({ id }) => id.startsWith('wait'),
    run: ({ id }) => new Promise((resolve, reject) => open.set(id, (good) => (good instanceof Error ? reject(good) : resolve(good)))),
    ...more,
  });
  const end = async (id: string, good: boolean | Error = true): Promise<string[]> => {
    open.get(id)!(good);
    open.delete(id);
    for (let turn = 0; turn < 6; turn++) await Promise.resolve();
    return [...open.keys()];
  };
  return { ended, end, now: () => [...open.keys()] };
}

it('starts each step as soon as those before it have ended well, and no step twice', async () => {
  const { ended, end, now } = walking([step('a'), step('b', 'a', 'elsewhere'), step('c', 'a', 'b'), step('d')]);
  expect(now()).toEqual(['a', 'd']);
  expect(await end('a')).toEqual(['d', 'b']);
  expect(await end('b')).toEqual(['d', 'c']);
  expect(await end('d')).toEqual(['c']);
  expect(await end('c')).toEqual([]);
  await ended;
});

it('starts nothing after a step that did not end well', async () => {
  const { ended, end } = walking([step('a'), step('b', 'a'), step('c')]);
  expect(await end('a', false)).toEqual(['c']);
  await end('c');
  await ended;
});

it('has no more than so many at work at once; what only waits takes no place', async () => {
  const { end, now } = walking([step('a'), step('b'), step('c'), step('wait d'), step('wait e')], { limit: 2 });
  expect(now()).toEqual(['a', 'b', 'wait d', 'wait e']);
  expect(await end('wait d')).toEqual(['a', 'b', 'wait e']);
  expect(await end('a')).toEqual(['b', 'wait e', 'c']);
});

it('starts nothing new where it may not, and ends when what runs has ended', async () => {
  let may = true;
  const { ended, end } = walking([step('a'), step('b', 'a')], { mayStart: () => may });
  may = false;
  expect(await end('a')).toEqual([]);
  await ended;
});

it('a run that throws is thrown when all else that was under way has ended', async () => {
  const { ended, end } = walking([step('a'), step('b'), step('c', 'b')]);
  let isOver = false;
  ended.catch(() => (isOver = true));
  await end('a', new Error('the journal cannot be written'));
  expect(isOver).toBe(false);
  expect(await end('b')).toEqual([]);
  await expect(ended).rejects.toThrow('the journal cannot be written');
});
