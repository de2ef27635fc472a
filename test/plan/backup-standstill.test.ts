import { expect, it } from 'vitest';
import type { Mount } from '../../src/model/settings.ts';
import { seen, seenVolume, service, state, volume } from '../kit/builders.ts';
import { anew, argsText, db, hooks, mount, planned, reader, type Case } from './backup-kit.ts';
import { looked, rule } from './data-kit.ts';

/** How containers stand while the volume is copied. */
const order = (one: Case): string =>
  planned(one)
    .steps.map(({ id }) => id)
    .filter((id) => /^(container\.(stop|start|pause|unpause|restart) |volume.backup )/.test(id))
    .map((id) => id.replace(/^container\./, '').replace(/volume\.(backup) .*/, '$1'))
    .join(', ');

/** What is said of the copy, without what stands in the plans above. */
const copy = (one: Case): string => {
  const args = planned(one).steps.find(({ id }) => id === 'volume.backup shop_data')?.action.args;
  return argsText({ ...(args as object), volume: '', image: '', stack: '', images: '' }).replace('volume:,image:,', '');
};

const table = (cases: { readonly [name: string]: Case }, said: (one: Case) => string): string =>
  Object.entries(cases)
    .map(([name, one]) => `${name}: ${said(one)}`)
    .join('\n');

/** A plan that creates who has the volume from another service: everybody else stays. */
const more = { services: [db, service('new', { settings: { volumes_from: ['db'] } })] };
const [pause, none] = [{ quiesce: 'pause' }, { quiesce: 'none' }] as const;
const stands = (status: 'running' | 'restarting' | 'paused' | 'exited', policy: Case['policy'] = {}): Case => ({
  ...more,
  policy,
  containers: [seen(db, { state: state(status) })],
});

/** A service with these mounts, beside the one that writes. */
const with_ = (...volumes: Mount[]): Case => ({
  services: [...more.services, service('other', { settings: { volumes } })],
  containers: [seen(db), seen(service('other', { settings: { volumes } }))],
});
const folder: Mount = { type: 'bind', source: 'shop_data', target: '/f', read_only: false };
const [writes, reads] = [mount('shop_data'), mount('shop_data', true)];

it('stops or pauses whoever could write, and nobody else', () => {
  const cases = {
    'runs, and is to stop': stands('running'),
    'runs, and is to be paused': stands('running', pause),
    'goes on': stands('running', none),
    'between two starts': stands('restarting'),
    'is paused, and is to stop': stands('paused'),
    'is paused already': stands('paused', pause),
    'does not run': stands('exited', pause),
    'another one that reads': with_(reads),
    'another one that reads here, and writes there': with_({ ...reads, target: '/two' }, writes),
    'another one that reads, and writes to another volume': with_(reads, mount('shop_logs')),
    'another one that reads, and writes to a folder called so': with_(reads, folder),
    'another one that has a folder called so': with_(folder),
    'by way of another service': { services: [anew(db), more.services[1]!], containers: more.services.map((each) => seen(each)) },
    'has it under no name of its own': {
      ...more,
      containers: [seen(db), seen(service('other'), { anonymous: { '/d': 'shop_data' } })],
      services: [...more.services, service('other')],
    },
    'by way of another service that stays': {
      services: [...more.services, service('third', { settings: db.settings })],
      containers: more.services.map((each) => seen(each)),
    },
    'gets another limit, too': { ...stands('running'), containers: [seen(db, { settings: { restart: 'no' } })] },
    'gets another limit, too, and would be paused': {
      ...stands('running', pause),
      containers: [seen(db, { settings: { restart: 'no' } })],
    },
    'would be paused, and stands still for other work': {
      ...stands('running', pause),
      wanted: { dataRules: [rule()] },
      machine: { data: { 'volume shop_data': looked() } },
    },
    'is to read only, in a new container that would start first': {
      policy: pause,
      services: [{ ...reader, name: 'db', replicas: db.replicas, update: { ...db.update, order: 'start-first' as const } }],
      containers: [seen(db)],
    },
    'is replaced, and would be paused': { policy: pause, services: [anew(db)], containers: [seen(db)] },
  };
  expect(table(cases, order)).toMatchInlineSnapshot(`
    "runs, and is to stop: stop shop-db-1, backup, start shop-db-1, start shop-new-1
    runs, and is to be paused: pause shop-db-1, backup, unpause shop-db-1, start shop-new-1
    goes on: backup, start shop-new-1
    between two starts: stop shop-db-1, backup, start shop-db-1, start shop-new-1
    is paused, and is to stop: unpause shop-db-1, stop shop-db-1, backup, start shop-db-1, start shop-new-1
    is paused already: backup, unpause shop-db-1, start shop-new-1
    does not run: backup, start shop-db-1, start shop-new-1
    another one that reads: stop shop-db-1, backup, start shop-db-1, start shop-new-1
    another one that reads here, and writes there: stop shop-db-1, stop shop-other-1, backup, start shop-db-1, start shop-new-1, start shop-other-1
    another one that reads, and writes to another volume: stop shop-db-1, backup, start shop-db-1, start shop-new-1
    another one that reads, and writes to a folder called so: stop shop-db-1, backup, start shop-db-1, start shop-new-1
    another one that has a folder called so: stop shop-db-1, backup, start shop-db-1, start shop-new-1
    by way of another service: stop shop-new-1, stop shop-db-1, backup, start shop-db-1, start shop-new-1
    has it under no name of its own: stop shop-db-1, stop shop-other-1, backup, start shop-db-1, start shop-new-1, start shop-other-1
    by way of another service that stays: stop shop-new-1, stop shop-db-1, backup, start shop-db-1, start shop-new-1, start shop-third-1
    gets another limit, too: stop shop-db-1, backup, start shop-db-1, start shop-new-1
    gets another limit, too, and would be paused: pause shop-db-1, backup, unpause shop-db-1, start shop-new-1
    would be paused, and stands still for other work: stop shop-db-1, backup, start shop-db-1, start shop-new-1
    is to read only, in a new container that would start first: stop shop-db-1, backup, start shop-db-1
    is replaced, and would be paused: stop shop-db-1, backup, start shop-db-1"
  `);
});

it('says whether a rollback puts back what it holds, or why not', () => {
  const stranger = { id: 'f'.repeat(64), name: 'x', running: true, ports: [], volumes: ['shop_data'] };
  const other = (more: Parameters<typeof seenVolume>[1]): Case => ({
    ...stands('running'),
    machine: { volumes: [seenVolume('shop_data', more)] },
  });
  const cases = {
    'all stop': stands('running'),
    'of another stack': other({ stack: 'blog' }),
    'of another driver': other({ driver: 'nfs' }),
    external: { ...stands('running'), data: { external: true } },
    'another one is external': { ...stands('running'), volumes: [volume('logs', { external: true })] },
    'external, among others': { ...stands('running'), data: { external: true }, volumes: [volume('logs')] },
    'all go on': stands('running', none),
    'who is paused': stands('running', pause),
    'who is paused already': stands('paused', pause),
    'who would be paused is replaced': { policy: pause, services: [anew(db)], containers: [seen(db)] },
    'who would be paused is removed': {
      policy: { ...pause, before: ['remove'] },
      services: [service('web')],
      containers: [seen(db), seen(service('web'))],
    },
    'who would be paused stands still for other work': {
      ...stands('running', pause),
      wanted: { dataRules: [rule()] },
      machine: { data: { 'volume shop_data': looked() } },
    },
    'somebody is left paused': {
      containers: [seen(service('old', { settings: db.settings }), { files: ['/else.yaml'], state: state('paused') })],
    },
    'a stranger runs with it': { ...stands('running'), machine: { others: [stranger] } },
    'a stranger does not run': { ...stands('running'), machine: { others: [{ ...stranger, running: false }] } },
  } as const;
  const said = (one: Case) => planned(one).changes.find(({ verb }) => verb === 'backup')?.interrupts;
  expect(table(cases, (one) => String(said(one)))).toMatchInlineSnapshot(`
    "all stop: a rollback puts back what it holds now
    of another stack: a rollback does not take back what is written to it: it is not this stack's
    of another driver: a rollback does not take back what is written to it: it is not a plain one of the local driver
    external: a rollback does not take back what is written to it: it is not this stack's
    another one is external: a rollback puts back what it holds now
    external, among others: a rollback does not take back what is written to it: it is not this stack's
    all go on: a rollback does not take back what is written to it: the copy is taken while programs write to it
    who is paused: a rollback does not take back what is written to it: container shop-db-1 has it open, and is only paused
    who is paused already: a rollback does not take back what is written to it: container shop-db-1 has it open, and is only paused
    who would be paused is replaced: a rollback puts back what it holds now
    who would be paused is removed: a rollback puts back what it holds now
    who would be paused stands still for other work: a rollback puts back what it holds now
    somebody is left paused: a rollback does not take back what is written to it: container shop-old-1 has it open, and is only paused
    a stranger runs with it: a rollback does not take back what is written to it: container x, which is not of this stack, uses it
    a stranger does not run: a rollback puts back what it holds now"
  `);
});

it('says of the copy how they stood, and what its way back needs', () => {
  const hooked = { quiesce: 'none', hooks } as const;
  const exempt = service('db', { settings: { ...db.settings, userns_mode: 'host' } });
  const cases = {
    'all stop': stands('running'),
    'all are paused': stands('running', pause),
    'they go on': stands('running', none),
    'with hooks': stands('running', hooked),
    'nobody runs': stands('exited', none),
    'nobody runs that could be asked': stands('exited', hooked),
    'hooks of a service that is not active': { ...stands('running', hooked), services: [reader], wanted: { inactiveServices: ['db'] } },
    'hooks, and a stop': stands('running', { hooks }),
    'one that reads': with_(reads),
    'one that reads, and does not run': { ...with_(reads), containers: [seen(db), seen(reader, { state: state('exited') })] },
    'ids of the host': { services: [exempt], containers: [] },
    'the name of the volume beside it is taken': {
      containers: [],
      machine: { volumes: ['', '.restored'].map((end) => seenVolume(`shop_data${end}`)) },
    },
  } as const;
  expect(table(cases, copy)).toMatchInlineSnapshot(`
    "all stop: {stack:,quiet:stopped,users:[{name:shop-db-1,id:43842d}],images:,rewind:{aside:shop_data.restored,readers:[]}}
    all are paused: {stack:,quiet:paused,users:[{name:shop-db-1,id:43842d}],images:}
    they go on: {stack:,quiet:running,users:[{name:shop-db-1,id:43842d}],images:}
    with hooks: {stack:,quiet:hook,users:[{name:shop-db-1,id:43842d}],images:,hooks:{container:{name:shop-db-1,id:43842d},pre:[{command:[dump]}],post:[{command:[rm,dump]}],withinMs:2000}}
    nobody runs: {stack:,quiet:stopped,users:[],images:}
    nobody runs that could be asked: {stack:,quiet:stopped,users:[],images:}
    hooks of a service that is not active: {stack:,quiet:hook,users:[{name:shop-db-1,id:43842d}],images:,hooks:{container:{name:shop-db-1,id:43842d},pre:[{command:[dump]}],post:[{command:[rm,dump]}],withinMs:600000}}
    hooks, and a stop: {stack:,quiet:stopped,users:[{name:shop-db-1,id:43842d}],images:,rewind:{aside:shop_data.restored,readers:[]}}
    one that reads: {stack:,quiet:stopped,users:[{name:shop-db-1,id:43842d}],images:,rewind:{aside:shop_data.restored,readers:[{name:shop-other-1,id:a9bde2}]}}
    one that reads, and does not run: {stack:,quiet:stopped,users:[{name:shop-db-1,id:43842d}],images:,rewind:{aside:shop_data.restored,readers:[]}}
    ids of the host: {userns:host,stack:,quiet:stopped,users:[],images:,rewind:{aside:shop_data.restored,readers:[]}}
    the name of the volume beside it is taken: {stack:,quiet:stopped,users:[],images:,rewind:{aside:shop_data.restored2,readers:[]}}"
  `);
});
