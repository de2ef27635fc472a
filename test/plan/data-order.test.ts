import { expect, it } from 'vitest';
import { seen, service, volume } from '../kit/builders.ts';
import { mount, planned } from './backup-kit.ts';
import { db, looked, rule, steps, web, type Case } from './data-kit.ts';

const empty = looked({ looked: 1, differ: 1, sample: ['.'] });
const mounts = { settings: { volumes: [{ type: 'volume', source: 'shop_data', target: '/d', read_only: false }] } } as const;

/** What a step waits for, of the work and of what is made. */
const waitsOf = (one: Case, id: string): string[] => {
  const [, after = ''] =
    steps(one)
      .find((line) => line.startsWith(`${id} `))
      ?.split(' < ') ?? [];
  return after.split(', ').filter((each) => /^(container\.create|volume\.own)/.test(each));
};

it.each<[string, Case, { own: string[]; web: string[] }]>([
  [
    'the first container brings what its image has, when it is made; the next one waits',
    { services: [db, web], machine: { containers: [] } },
    { own: ['container.create shop-db-1'], web: ['volume.own shop_data'] },
  ],
  [
    'so does one that is replaced',
    { services: [db, web], machine: { containers: [seen(db, { settings: { ...mounts.settings, user: 'nobody' } })] } },
    { own: ['container.create shop-db-1'], web: ['volume.own shop_data'] },
  ],
  [
    'one that stays has brought it, and those that are made wait',
    { services: [db, web], machine: { containers: [seen(db)] } },
    { own: [], web: ['volume.own shop_data'] },
  ],
  [
    'one that goes brings nothing',
    { services: [web], machine: { containers: [seen(service('a', mounts))] }, options: { removeOrphans: true } },
    { own: ['container.create shop-web-1'], web: [] },
  ],
])('in an empty volume %s', (_, one, expected) => {
  const filled: Case = { ...one, data: empty };
  expect({ own: waitsOf(filled, 'volume.own shop_data'), web: waitsOf(filled, 'container.create shop-web-1') }).toEqual(expected);
});

it('in one that holds something already, every container that is made waits', () => {
  const one: Case = { services: [db, web], machine: { containers: [] } };
  expect(['db', 'web'].map((name) => waitsOf(one, `container.create shop-${name}-1`))).toEqual([
    ['volume.own shop_data'],
    ['volume.own shop_data'],
  ]);
});

it('work in one place comes one after the other; what is done elsewhere does not wait for it', () => {
  const volumes = [volume('logs', { backup: { before: ['fix'], quiesce: 'stop' } })];
  const user = service('db', { settings: { volumes: [mount('shop_logs'), mount('shop_data')] } });
  const dataRules = [rule({ place: { kind: 'volume', name: 'shop_logs' } }), rule()];
  const data = { 'volume shop_data': looked(), 'volume shop_logs': looked() };
  const { steps: made } = planned({ policy: { before: ['fix'] }, volumes, services: [user], wanted: { dataRules }, machine: { data } });
  const waits = made
    .filter(({ id }) => id.startsWith('volume.own'))
    .map(({ id, after }) => [id, after.filter((each) => /backup/.test(each))]);
  expect(waits).toEqual([
    ['volume.own shop_logs', ['volume.backup shop_logs']],
    ['volume.own shop_data', ['volume.backup shop_data']],
  ]);
});
