import { describe, expect, it } from 'vitest';
import type { Drift } from '../../src/model/drift.ts';
import { decide, noteTried, type Tries } from '../../src/watch/heal-policy.ts';

const limits = { firstMs: 5_000, longestMs: 600_000, most: 5 };
const drift = (name: string, of: Drift['of'] = 'container'): Drift => ({
  of,
  name,
  stands: 'down',
  because: '',
  fields: [],
  edited: false,
});
const web = drift('web');

const look = (nowMs: number, mendable: readonly Drift[], more: { readonly drifted?: readonly Drift[]; readonly group?: string } = {}) => ({
  drifted: more.drifted ?? mendable,
  mendable,
  group: ({ name }: Drift) => more.group ?? name,
  nowMs,
});
const none: Tries = new Map();
const healed = (at: readonly number[], drifts: readonly Drift[] = [web]): Tries =>
  at.reduce((tries, nowMs) => noteTried(tries, drifts, nowMs), none);

describe('what to mend', () => {
  it('is mended at once the first time', () => {
    expect(decide(none, look(0, [web]), limits)).toMatchObject({ heal: [web], givenUp: [] });
  });

  it.each([
    [1, 4_999, 1],
    [1, 5_000, undefined],
    [2, 9_000, 1_000],
    [3, 19_999, 1],
    [4, 40_000, undefined],
  ])('waits after %i heals: at %i ms for %s', (count, nowMs, waitMs) => {
    const decision = decide(healed(Array.from({ length: count }, () => 0)), look(nowMs, [web]), limits);
    expect(decision.waitMs).toBe(waitMs);
    expect(decision.heal).toEqual(waitMs === undefined ? [web] : []);
  });

  it('waits no longer than the longest pause', () => {
    const many = { ...limits, most: 100 };
    expect(decide(healed(Array.from({ length: 30 }, () => 0)), look(0, [web]), many).waitMs).toBe(600_000);
  });

  it('waits with whoever must be mended together with it, and for nobody else', () => {
    const db = drift('db');
    expect(decide(healed([0]), look(1, [web, db]), limits).heal).toEqual([db]);
    expect(decide(healed([0]), look(1, [web, db], { group: 'one' }), limits).heal).toEqual([]);
  });

  it('is never a network alone', () => {
    const network = drift('shop_default', 'network');
    expect(decide(none, look(0, [network]), limits).heal).toEqual([]);
    expect(decide(none, look(0, [network, web]), limits).heal).toEqual([network, web]);
  });
});

describe('giving up', () => {
  const five = healed([0, 1, 2, 3, 4]);

  it('comes after so many in a row that did not hold', () => {
    expect(decide(healed([0, 1, 2, 3]), look(100_000, [web]), limits).givenUp).toEqual([]);
    expect(decide(five, look(100_000, [web]), limits)).toMatchObject({ givenUp: [web], heal: [] });
  });

  it('does not come over one that was put right', () => {
    expect(decide(five, look(100_000, []), limits).givenUp).toEqual([]);
  });

  it('forgets what has held', () => {
    const well = decide(five, look(5, []), limits).tries;
    expect(decide(well, look(600_003, [web]), limits).givenUp).toEqual([web]);
    expect(decide(well, look(600_004, [web]), limits)).toMatchObject({ givenUp: [], heal: [web] });
  });

  it('does not take what never came right for what has held', () => {
    const still = decide(five, look(5, [web]), limits).tries;
    expect(decide(still, look(900_000, [web]), limits).givenUp).toEqual([web]);
  });

  it('does not take what is left alone now for what has held', () => {
    const left = decide(healed([0]), look(5, [], { drifted: [web] }), limits).tries;
    expect(decide(left, look(900_000, [web]), limits).tries.get('container web')?.count).toBe(1);
  });
});
