import { expect, test } from 'vitest';
import { findBackup } from '../../src/commands/find-backup.ts';

const volumes = { data: { name: 'shop_data', key: 'data', external: false, driverOptions: {}, labels: {} } };

test.each([
  ['data', 'there is no whole backup of volume shop_data', 'stackctl volume backup takes one'],
  ['shop_data', 'there is no whole backup of volume shop_data', 'stackctl volume backup takes one'],
  ['20261122-184501-3f2a', 'there is no backup 20261122-184501-3f2a', 'stackctl volume list shows those that there are'],
])('a word that finds no backup says whether it is a volume: %s', (word, message, hint) => {
  expect(findBackup(word, [], { volumes })).toMatchObject({ ok: false, error: [{ message, hint }] });
});
