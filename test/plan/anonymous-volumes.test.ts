import { expect, it } from 'vitest';
import type { SeenContainer } from '../../src/model/observed.ts';
import { plan } from '../../src/plan/plan.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { desired, file, idOf, image, observed, seen, service, volume } from '../kit/builders.ts';

const hidden = idOf('hidden');
const before = service('db', { settings: { volumes: [{ type: 'volume', source: '', target: '/data', read_only: false }] } });
const named = service('db', { settings: { volumes: [{ type: 'volume', source: 'shop_data', target: '/data', read_only: false }] } });
const machine = observed({ containers: [seen(before, { anonymous: { '/data': hidden } })] });
const wanted = desired({ services: [named], volumes: [volume('data')], places: { 'services.db.volumes.0': { file, line: 7, column: 9 } } });
const made = (allowDestroy: readonly string[] = [], want = wanted) => plan(want, machine, { ...plainOptions, allowDestroy });

it('what is in an anonymous volume is never left behind without a word', () => {
  const [problem, ...more] = made().problems;
  expect(more).toEqual([]);
  expect(problem).toMatchObject({ code: 'anonymous-volume-left', severity: 'error', at: { line: 7 } });
  expect(problem?.message).toContain(hidden);
  expect(problem?.hint).toMatch(new RegExp(`--allow-destroy volume/${hidden.slice(0, 12)}$`));
  expect(made().steps).toEqual([]);
});

it('a person may say that it may be, by its name or the beginning of that', () => {
  for (const name of [hidden, hidden.slice(0, 12)]) expect(made([`volume/${name}`]).problems).toEqual([]);
  expect(made([`volume/${hidden.slice(0, 11)}`]).problems.map(({ code }) => code)).toEqual(['unknown-volume', 'anonymous-volume-left']);
  expect(made([`volume/${idOf('other')}`]).problems).toHaveLength(2);
});

it.each([
  ['what is mounted there', ['services.db', 'services.db.volumes', 'services.db.volumes.0', 'services.db.volumes.1'], 3],
  ['the mounts', ['services.db', 'services.db.volumes', 'services.db.volumes.0'], 1],
  ['the service', ['services.db', 'services.db.volumes.0'], 0],
])('it is told at %s', (_, paths, line) => {
  const other = { type: 'volume', source: 'shop_data', target: '/other', read_only: false } as const;
  const two = service('db', { settings: { volumes: [other, ...(named.settings.volumes ?? [])] } });
  const places = Object.fromEntries(paths.map((path, i) => [path, { file, line: i, column: 1 }]));
  expect(made([], desired({ services: [two], volumes: [volume('data')], places })).problems).toMatchObject([{ at: { line } }]);
});

it('of the volumes of another container nothing is left behind', () => {
  const web = service('web');
  const anonymous = { '/data': hidden };
  const took = seen(web, { settings: { volumes_from: ['db'] }, anonymous });
  const codes = (...containers: readonly SeenContainer[]) =>
    plan(desired({ services: [before, web] }), observed({ containers })).problems.map(({ code }) => code);
  expect(codes(took, seen(before, { anonymous }))).toEqual([]);
  expect(codes(took, seen(before, { anonymous: { '/data': idOf('own') } }))).toEqual(['anonymous-volume-left']);
});

it('nothing is said where it goes on to the new container, or where the container stays', () => {
  const again = service('db', { settings: { ...before.settings, labels: { a: 'b' } } });
  const moved = made([], desired({ services: [again] }));
  expect(moved.problems).toEqual([]);
  expect(moved.steps.find(({ action }) => action.kind === 'container.create')?.action.args).toMatchObject({
    inherits: { '/data': hidden },
  });
  expect(made([], desired({ services: [before] })).changes).toEqual([]);
});

it('an image that has no volume there any more leaves it behind too', () => {
  const bare = service('db', { settings: { image: 'db:2' } });
  const there = observed({
    images: { 'nginx:1': image('nginx:1'), 'db:2': image('db:2') },
    containers: [seen(before, { anonymous: { '/data': hidden } })],
  });
  expect(plan(desired({ services: [bare] }), there).problems.map(({ code }) => code)).toEqual(['anonymous-volume-left']);
});
