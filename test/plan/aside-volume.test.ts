import { expect, it } from 'vitest';
import { sha256 } from '../../src/lib/hash.ts';
import { asideVolume } from '../../src/plan/aside-volume.ts';
import { seenVolume } from '../kit/builders.ts';

const beside = (name: string, place: string) => ({
  name,
  key: '',
  external: false,
  driverOptions: {},
  labels: { 'io.stackctl.aside': place },
});
const taken = (...names: string[]) => ({ volumes: Object.fromEntries(names.map((name) => [name, seenVolume(name)])) });

it('is named after the place, and says which one it is', () => {
  expect(asideVolume({ kind: 'volume', name: 'shop_data' }, 'shop', taken('shop_data'))).toEqual(beside('shop_data.before', 'shop_data'));
  const digest = sha256('/srv/data').slice(0, 12);
  expect(asideVolume({ kind: 'bind', path: '/srv/data' }, 'shop', taken())).toEqual(beside(`shop_folder-${digest}.before`, '/srv/data'));
});

it('takes a name that nobody has, and the last one when all are taken', () => {
  const names = ['d.before', ...Array.from({ length: 8 }, (_, i) => `d.before${String(i + 2)}`), 'd.before10'];
  const chosen = names.map((_, count) => asideVolume({ kind: 'volume', name: 'd' }, 's', taken(...names.slice(0, count))).name);
  expect(chosen).toEqual(names);
  expect(asideVolume({ kind: 'volume', name: 'd' }, 's', taken(...names)).name).toBe('d.before10');
});
