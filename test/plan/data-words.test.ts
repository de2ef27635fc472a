import { describe, expect, it } from 'vitest';
import type { DataRule } from '../../src/model/data-rule.ts';
import type { LookedData } from '../../src/model/seen-data.ts';
import { differText, octal, ownBecause, ownerText, ownFields, wantedText } from '../../src/plan/data-words.ts';

const rule = (more: Partial<DataRule>): DataRule => ({
  place: { kind: 'volume', name: 'shop_data' },
  path: 'volumes.data.x-stack',
  onDrift: 'fix',
  removeBeforeStart: [],
  ...more,
});
const looked = (more: Partial<LookedData> = {}): LookedData => ({
  wanted: {},
  root: { uid: 5, gid: 6, mode: 0o750 },
  looked: 10,
  isWhole: true,
  differ: 3,
  sample: [],
  files: {},
  refused: [],
  ...more,
});
const ids = { by: 'ids', uid: 7 } as const;
const imageUser = { by: 'image-user', service: 'db' } as const;
const named = { by: 'names', user: 'db', service: 'db' } as const;

describe('how many entries differ', () => {
  it.each<[Partial<LookedData>, string]>([
    [{}, '3 of 10 entries differ'],
    [{ sample: ['a'] }, '3 of 10 entries differ, such as a'],
    [{ sample: ['a', 'b'] }, '3 of 10 entries differ, such as a and b'],
    [{ sample: ['a', 'b', 'c'] }, '3 of 10 entries differ, such as a, b and c'],
    [{ isWhole: false, sample: ['a'] }, '3 of the first 10 entries differ, such as a'],
    // The root is no example of what lies in it
    [{ looked: 1, differ: 1, sample: ['.'] }, '1 of 1 entry differs'],
  ])('%o is "%s"', (more, words) => {
    expect(differText(looked(more))).toBe(words);
    expect(ownBecause(looked(more), false)).toBe(words);
  });

  it('is not known of what nobody looked into', () => {
    expect(ownBecause({ unknown: 'known when the step runs' }, false)).toBe('declared, and looked at when the step runs');
    expect(ownBecause(undefined, true)).toBe('a new volume belongs to root, or to whom its image says');
    expect(ownBecause(looked(), true)).toBe('a new volume belongs to root, or to whom its image says');
  });
});

describe('an owner', () => {
  it.each<[DataRule['owner'], string, string]>([
    [ids, '5', '7'],
    [{ ...ids, gid: 8 }, '5:6', '7:8'],
    [imageUser, '5:6', 'image-user'],
    [named, '5', 'db'],
    [{ ...named, group: 'staff' }, '5:6', 'db:staff'],
  ])('declared as %o is shown with its group where that is spoken of', (owner, have, want) => {
    const one = rule({ ...(owner && { owner }) });
    expect([ownerText({ uid: 5, gid: 6, mode: 0 }, one), wantedText(one, undefined)]).toEqual([have, want]);
  });

  it('that is declared by a name is told by its ids as soon as they are known', () => {
    expect(wantedText(rule({ owner: imageUser }), { uid: 9, gid: 10 })).toBe('9:10 (image-user)');
    expect(wantedText(rule({ owner: named }), { uid: 9 })).toBe('9 (db)');
    expect(wantedText(rule({ owner: { ...named, group: 'staff' } }), { uid: 9, gid: 10 })).toBe('9:10 (db:staff)');
    expect(wantedText(rule({ owner: named }), { gid: 10 })).toBe('db');
    expect(wantedText(rule({ owner: ids }), { uid: 7, gid: 8 })).toBe('7');
  });

  it('that is not declared is no text, and what is there is told without a group', () => {
    expect([wantedText(rule({}), { uid: 9 }), ownerText({ uid: 5, gid: 6, mode: 0 }, rule({}))]).toEqual(['', '5']);
  });
});

describe('what a plan shows of a place', () => {
  const field = { cause: 'data', mend: 'update' };

  it('is what is declared: owner, mode, or both', () => {
    expect(ownFields(rule({ owner: ids }), looked())).toEqual([{ ...field, path: 'owner', have: '5', want: '7' }]);
    expect(ownFields(rule({ mode: 'u=rwX' }), looked())).toEqual([{ ...field, path: 'mode', have: '0750', want: 'u=rwX' }]);
    expect(ownFields(rule({ owner: ids, mode: '0700' }), looked()).map(({ path }) => path)).toEqual(['owner', 'mode']);
    expect(ownFields(rule({}), looked())).toEqual([]);
  });

  it('says since when it will be known', () => {
    const both = rule({ owner: ids, mode: '0700' });
    expect(ownFields(both, undefined).map(({ have }) => have)).toEqual(['(known after create)', '(known after create)']);
    expect(ownFields(both, { unknown: 'known when the step runs' }).map(({ have }) => have)).toEqual([
      '(known when the step runs)',
      '(known when the step runs)',
    ]);
    expect(ownFields(both, { wrong: 'x' })[0]?.have).toBe('(known after create)');
  });

  it('has a mode with four digits', () => expect([0, 0o7, 0o755, 0o4755].map(octal)).toEqual(['0000', '0007', '0755', '4755']));
});
