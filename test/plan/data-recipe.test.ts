import { expect, it } from 'vitest';
import type { DataRule } from '../../src/model/data-rule.ts';
import { service } from '../kit/builders.ts';
import { argsText } from './backup-kit.ts';
import { looked, made, type Case } from './data-kit.ts';

const mounts = { volumes: [{ type: 'volume', source: 'shop_data', target: '/d', read_only: false }] } as const;
const db = service('db', { settings: mounts });
const asSomebody = service('db', { settings: { ...mounts, user: '70' } });

/** What is done in places with data, with all that is said of it. */
const work = (one: Case): string[] =>
  made(one).steps.flatMap(({ action: { kind, args } }) => (kind.startsWith('volume.') ? [`${kind} ${argsText(args)}`] : []));
const unknown = { unknown: 'known when the step runs' };
const aside =
  'volume.create {stack:shop,volume:{name:shop_data.before,key:,external:false,driverOptions:{},labels:{io.stackctl.aside:shop_data}}}';
const common = 'place:{kind:volume,name:shop_data},helper:stackctl/helper:1,aside:shop_data.before';

const names = { by: 'names', user: 'postgres', service: 'db' } as const;

it.each<[string, Case, string]>([
  ['ids', { rule: { owner: { by: 'ids', uid: 7, gid: 8 } } }, '{ids:{uid:7,gid:8}}'],
  ['one id', { rule: { owner: { by: 'ids', uid: 7 } } }, '{ids:{uid:7}}'],
  ['a name of the image', { rule: { owner: names } }, '{image:nginx:1,user:postgres,withGroup:false}'],
  ['two names', { rule: { owner: { ...names, group: 'dba' } } }, '{image:nginx:1,user:postgres,group:dba,withGroup:false}'],
  ['who the image runs as', { rule: { owner: { by: 'image-user', service: 'db' } } }, '{image:nginx:1,withGroup:true}'],
  [
    'who the service runs as',
    { rule: { owner: { by: 'image-user', service: 'db' } }, services: [asSomebody] },
    '{image:nginx:1,user:70,withGroup:true}',
  ],
  ['ids that somebody has looked up', { rule: { owner: names }, data: looked({ wanted: { uid: 5 } }) }, '{ids:{uid:5}}'],
])('files get their owner by %s', (_, one, owner) => {
  expect(work({ data: unknown, services: [db], ...one })).toEqual([
    aside,
    `volume.own {${common},owner:${owner}}`,
    'volume.discard {name:shop_data.before}',
  ]);
});

it('mode, depth, the ids of the host; and files go before owners change', () => {
  const rule: Partial<DataRule> = { mode: '0750', depth: 1, userns: 'host', removeBeforeStart: ['a', 'b'] };
  expect(work({ data: unknown, services: [db], rule })).toEqual([
    aside,
    `volume.remove-files {${common},userns:host,files:[a,b]}`,
    `volume.own {${common},userns:host,owner:{ids:{uid:1000,gid:1000}},mode:0750,depth:1}`,
    'volume.discard {name:shop_data.before}',
  ]);
});

it('only a mode, and only files', () => {
  expect(work({ data: unknown, services: [db], rule: { mode: '0700' }, isOwned: false })[1]).toBe(
    `volume.own {${common},owner:{ids:{}},mode:0700}`,
  );
  const onlyFiles = work({
    data: looked({ differ: 0, files: { a: 1 } }),
    services: [asSomebody],
    rule: { removeBeforeStart: ['a'] },
    machine: { containers: [] },
  });
  expect(onlyFiles).toEqual([aside, `volume.remove-files {${common},files:[a]}`, 'volume.discard {name:shop_data.before}']);
});

it('the service of an owner has to be there', () => {
  expect(() => work({ data: unknown, services: [db], rule: { owner: { ...names, service: 'gone' } } })).toThrow('is not there: gone');
});
