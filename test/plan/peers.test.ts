import { describe, expect, it } from 'vitest';
import type { ServiceSpec } from '../../src/model/desired.ts';
import type { OtherContainer } from '../../src/model/observed.ts';
import type { Settings } from '../../src/model/settings.ts';
import { definitionOf } from '../../src/actions/index.ts';
import { planDown } from '../../src/plan/plan-down.ts';
import { borrowedBy } from '../../src/plan/peers.ts';
import { plainOptions, type PlanOptions } from '../../src/plan/options.ts';
import { plan } from '../../src/plan/plan.ts';
import { desired, idOf, needs, observed, seen, service, state } from '../kit/builders.ts';

const store: OtherContainer = { id: idOf('store'), name: 'store', running: true, ports: [] };
const db = service('db', { settings: { ipc: 'shareable' } });
const web = (settings: Partial<Settings>): ServiceSpec => service('web', { settings });

interface On {
  readonly services: readonly ServiceSpec[];
  readonly machine?: Parameters<typeof observed>[0];
  readonly options?: Partial<PlanOptions>;
}

const planned = ({ services, machine = {}, options }: On) =>
  plan(desired({ services }), observed({ others: [store], ...machine }), { ...plainOptions, ...options });

const fieldsOf = (on: On): string[] =>
  planned(on).changes.flatMap(({ service: name, verb, fields }) => [
    `${name ?? ''} ${verb}`,
    ...fields.map(({ path, want, cause }) => `  ${path} ${JSON.stringify(want)} ${cause}`),
  ]);

const kinds: readonly (readonly [keyof Settings, Partial<Settings>])[] = [
  ['network_mode', { network_mode: 'service:db' }],
  ['pid', { pid: 'service:db' }],
  ['ipc', { ipc: 'service:db' }],
  ['volumes_from', { volumes_from: ['db'] }],
  ['links', { network_mode: 'bridge', links: ['db:db'] }],
];

describe.each(kinds)('%s of another service', (field, settings) => {
  const guest = web(settings);

  it('comes after it, and goes before it', () => {
    const ids = planned({ services: [guest, db] }).steps.map(({ id }) => id);
    expect(ids.indexOf('container.create shop-web-1')).toBeGreaterThan(ids.indexOf('container.start shop-db-1'));
    const down = planDown(desired({ services: [guest, db] }), observed({ containers: [seen(db), seen(guest)] })).steps.map(({ id }) => id);
    expect(down.indexOf('container.stop shop-db-1')).toBeGreaterThan(down.indexOf('container.stop shop-web-1'));
  });

  it('goes with it when it is made anew', () => {
    const containers = [seen(db, { settings: { user: 'nobody' } }), seen(guest)];
    expect(fieldsOf({ services: [guest, db], machine: { containers } })).toEqual([
      'db replace',
      '  user undefined drift',
      'web replace',
      expect.stringMatching(new RegExp(`^  ${field} "(service:)?db \\(made (or started )?anew\\)" drift$`)),
    ]);
  });

  it('goes with it when it starts anew, unless only its volumes are shared', () => {
    const containers = [seen(db, { state: state('exited', { exitCode: 1 }) }), seen(guest)];
    const verbs = planned({ services: [guest, db], machine: { containers } }).changes.map(({ verb }) => verb);
    expect(verbs).toEqual(field === 'volumes_from' ? ['start'] : ['start', 'replace']);
  });

  it('is seen to have been left behind by one that somebody started anew', () => {
    const containers = [seen(db, { state: state('running', { startedAt: '2026-08-01T10:00:00.5Z' }) }), seen(guest)];
    const fields = fieldsOf({ services: [guest, db], machine: { containers } });
    expect(fields).toEqual(['volumes_from', 'links'].includes(field) ? [] : ['web replace', `  ${field} "service:db" drift`]);
  });

  it('is quiet when nothing changed', () => {
    expect(fieldsOf({ services: [guest, db], machine: { containers: [seen(db), seen(guest)] } })).toEqual([]);
  });
});

it('names its peers for the engine', () => {
  const guest = web({ pid: 'service:db', volumes_from: ['container:store:ro', 'db'], links: ['db:db'], external_links: ['store:far'] });
  const create = planned({ services: [guest, db] }).steps.find(({ id }) => id === 'container.create shop-web-1')!;
  expect(create.action.args).toMatchObject({
    joins: { 'service:db': 'shop-db-1', 'container:store': 'store' },
    links: ['shop-db-1:db', 'shop-db-1:db-1', 'shop-db-1:shop-db-1', 'store:far'],
    dependsOn: 'db:service_started:false',
  });
  const { guard } = definitionOf(create.action);
  const images = observed({}).images;
  expect(guard(create.action.args, observed({ images, containers: [seen(db)] }), 'run')).toBe(
    'container store, with which it shares, is not there',
  );
  expect(guard(create.action.args, observed({ images, containers: [seen(db)], others: [store] }), 'run')).toBeUndefined();
});

it('takes an id for the container that it is of', () => {
  const guest = web({ pid: `container:${store.id.slice(0, 12)}` });
  expect(fieldsOf({ services: [guest], machine: { containers: [seen(guest, { settings: { pid: 'container:store' } })] } })).toEqual([]);
});

it('does not start beside the one that it replaces', () => {
  const guest = service('web', { settings: { pid: 'service:db' }, update: { ...db.update, order: 'start-first' } });
  const [change] = planned({
    services: [guest, db],
    machine: { containers: [seen(db), seen(guest, { settings: { user: 'nobody' } })] },
  }).changes;
  expect(change).toMatchObject({ verb: 'replace', because: expect.stringContaining('it shares the processes of another service') });
});

describe('links', () => {
  const raw = ['shop-db-1:db', 'shop-db-1:db-1', 'shop-db-1:shop-db-1'];
  const linked = service('web', { settings: { links: ['db:db'] }, dependsOn: [needs('db', 'service_started', { restart: true })] });
  const on = (links: readonly string[], name = 'shop_default') => ({
    networks: { [name]: { aliases: ['web'], links, id: idOf(`network ${name}`) } },
  });

  it('a container that is made anew under its name is linked still', () => {
    const containers = [seen(db, { settings: { user: 'nobody' } }), seen(linked, { settings: on(raw) })];
    expect(fieldsOf({ services: [linked, db], machine: { containers } }).slice(2)).toEqual([
      'web update',
      '  depends_on.db.restart true drift',
    ]);
  });

  it('to a name that is not the linked service’s any more', () => {
    const containers = [seen(db), seen(linked, { settings: on(raw.map((link) => link.replace('shop-db-1:', 'old-db:'))) })];
    expect(fieldsOf({ services: [linked, db], machine: { containers } })).toEqual(['web replace', '  links ["db:db"] file']);
  });
});

describe('refuses', () => {
  it.each<readonly [string, On, string]>([
    [
      'a container that is not there',
      { services: [web({ pid: 'container:stoer' })] },
      'error peer-missing: there is no container stoer (did you mean "store"?)',
    ],
    [
      'one in a list',
      { services: [web({ volumes_from: ['container:none:ro'] })] },
      'error peer-missing: there is no container none (start it first: it is not made by this stack)',
    ],
    [
      'a container of its own',
      { services: [web({ ipc: 'container:shop-db-1' }), db] },
      'error peer-of-stack: web names the container shop-db-1, which this stack makes itself (write "service:db", so that both go together)',
    ],
    [
      'one that does not run',
      { services: [web({ network_mode: 'container:store' })], machine: { others: [{ ...store, running: false }] } },
      'error peer-not-running: web shares with the container store, which does not run (start it first)',
    ],
    [
      'memory that is kept to itself',
      { services: [web({ ipc: 'service:db' }), service('db')] },
      'error ipc-not-shareable: web cannot share the memory of db, whose ipc is private (write "ipc: shareable" in db)',
    ],
    [
      'a service without containers',
      { services: [web({ pid: 'service:db' }), service('db', { replicas: 0 })] },
      'error peer-missing: web shares with db, of which no container is wanted (let db have at least one container)',
    ],
    [
      'a link to a service without containers',
      { services: [web({ links: ['db:db'] }), service('db', { replicas: 0 })] },
      'error peer-missing: web is linked to db, of which no container is wanted (let db have at least one container, or take the link out)',
    ],
    [
      'a service that is left out',
      { services: [web({ pid: 'service:db' }), db], options: { targets: ['web'], noDependencies: true } },
      'error peer-missing: web shares with db, which is not there and not part of this run (let db come up with it)',
    ],
    [
      'a link to nobody, with a warning',
      { services: [web({ external_links: ['stoer:far'] })] },
      'warning peer-missing: there is no container stoer (did you mean "store"?)',
    ],
    [
      'a link to nobody on the engine’s own network',
      { services: [web({ network_mode: 'bridge', external_links: ['stoer:far'] })] },
      'error peer-missing: there is no container stoer (did you mean "store"?)',
    ],
    [
      'nothing of a stopped one whose volumes are used',
      { services: [web({ volumes_from: ['container:store'] })], machine: { others: [{ ...store, running: false }] } },
      '',
    ],
  ])('%s', (_what, on, problem) => {
    const texts = planned(on).problems.map(({ severity, code, message, hint }) => `${severity} ${code}: ${message} (${hint ?? ''})`);
    expect(texts.join()).toBe(problem);
  });
});

it('what it can write to by way of others is told when it is made', () => {
  const mounts = (...names: string[]) =>
    names.map((source) => ({ type: 'volume' as const, source, target: `/${source}`, read_only: source.endsWith('ro') }));
  const lender = service('db', { settings: { volumes: mounts('shop_data', 'shop_logs_ro') } });
  const services = [lender, service('logs', { settings: { volumes: mounts('shop_logs') } })];
  const borrows = (...volumes_from: string[]) =>
    borrowedBy(volumes_from.length > 0 ? { image: 'x', volumes_from } : { image: 'x' }, desired({ services }));
  expect(borrows('db')).toEqual({ borrows: ['shop_data'] });
  expect(borrows('db:rw', 'logs')).toEqual({ borrows: ['shop_data', 'shop_logs'] });
  for (const none of [[], ['db:ro'], ['container:db'], ['gone']]) expect(borrows(...none)).toStrictEqual({});
});
