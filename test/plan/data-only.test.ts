import { expect, it } from 'vitest';
import { seen, service } from '../kit/builders.ts';
import { db, looked, made, problems, type Case } from './data-kit.ts';

it('a plan that only mends files says no word of what else is wrong', () => {
  const stranger = seen(service('old'), { files: ['/elsewhere/compose.yaml'] });
  const one: Case = { rule: { onDrift: 'report' }, machine: { containers: [seen(db), stranger] }, services: [db] };
  expect(problems(one)).toHaveLength(2);
  expect(problems({ ...one, options: { fix: ['volume shop_data'] } })).toEqual([]);
});

it('a folder is known by its path, also where only some changes are wanted', () => {
  const place = { kind: 'bind', path: '/srv' } as const;
  const user = service('web', { settings: { volumes: [{ type: 'bind', source: '/srv', target: '/d', read_only: false }] } });
  const one: Case = { rule: { place }, machine: { data: { 'folder /srv': looked() } }, services: [user] };
  const changed = (...only: string[]) =>
    made({ ...one, options: only.length > 0 ? { only } : {} }).changes.map(({ of, name }) => `${of} ${name}`);
  const both = ['folder /srv', 'container shop-web-1'];
  expect([changed(), changed(...both)]).toEqual([both, both]);
  expect(changed('container shop-web-1', 'volume /srv')).toEqual(['container shop-web-1']);
});
