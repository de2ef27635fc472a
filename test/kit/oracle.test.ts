import { describe, expect, it } from 'vitest';
import { changedSince } from '../../src/apply/changed-since.ts';
import { mapValues, omit } from '../../src/lib/record.ts';
import type { Observed, SeenContainer } from '../../src/model/observed.ts';
import type { Settings } from '../../src/model/settings.ts';
import { desired, idOf, image, network, observed, seen, seenNetwork, seenVolume, service, state, volume } from './builders.ts';
import { lostData, notAsBefore, temporary } from './ends.ts';
import { withoutHooks } from './failing-runs.ts';
import { memoryEngine } from './memory-engine.ts';
import { complaints } from './satisfies.ts';

/** Settings in which every field that an oracle compares says something. */
const settings: Partial<Settings> = {
  environment: { LEVEL: '1' },
  labels: { tier: 'back' },
  command: ['serve', '--all'],
  entrypoint: ['/entry'],
  user: 'app',
  working_dir: '/srv',
  stop_signal: 'SIGTERM',
  restart: 'always',
  ports: [{ target: 80, protocol: 'tcp', host_ip: '', published: '8001' }],
  healthcheck: { test: ['CMD', 'check'] },
  resources: { memory: 64 },
  volumes: [
    { type: 'volume', source: 'shop_data', target: '/data', read_only: false },
    { type: 'bind', source: '/srv/app.conf', target: '/etc/app.conf', read_only: true, content: 'new' },
  ],
  networks: { shop_default: { aliases: ['web'] } },
  pid: 'service:db',
  ipc: 'service:db',
  volumes_from: ['db'],
  post_start: [{ command: ['hook', 'up'] }],
  pre_stop: [{ command: ['hook', 'down'] }],
};
const web = service('web', { settings });
const db = service('db', { settings: { ipc: 'shareable' } });
const wanted = desired({ services: [db, web], volumes: [volume('data')], networks: [network('default')] });
const there = seen(web, { anonymous: { '/cache': 'a1' } });
const name = there.name;

const world = observed({
  containers: [seen(db), there],
  networks: [
    seenNetwork('shop_default', { driverOptions: { mtu: '1400' }, attachable: false, labels: { a: '1' } }),
    seenNetwork('shop_gone'),
  ],
  volumes: [seenVolume('shop_data', { driverOptions: { type: 'nfs' }, labels: { a: '1' } })],
});

type Change = readonly [what: string, changed: Observed];

const withWeb = (change: (seen: SeenContainer) => SeenContainer, to: Observed = world): Observed => ({
  ...to,
  containers: mapValues(to.containers, (each) => (each.name === name ? change(each) : each)),
});
const webWith = (what: string, more: Partial<SeenContainer>): Change => [what, withWeb((each) => ({ ...each, ...more }))];

/** Another value of the same type, whatever it is. */
function other(value: unknown): unknown {
  if (typeof value === 'string') return `${value}x`;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (Array.isArray(value)) return value.length > 0 ? [other(value[0]), ...value.slice(1)] : ['x'];
  return Object.fromEntries([
    ...Object.entries(value as object).map(([key, each]) => [key, other(each)]),
    ...(Object.keys(value as object).length > 0 ? [] : [['x', 'y']]),
  ]);
}

/** Fields that are no part of what an engine shows of a container. */
const inner = ['content'];

const settingsOf = (fields: readonly string[]): Change[] =>
  fields.map((field) => [
    `settings.${field}`,
    withWeb((each) => ({ ...each, settings: { ...each.settings, [field]: other(each.settings[field as keyof Settings]) } })),
  ]);

const container: readonly Change[] = [
  webWith('id', { id: idOf('another') }),
  webWith('state', { state: state('exited') }),
  webWith('a pause', { state: state('paused') }),
  ['a container that is gone', { ...world, containers: omit(world.containers, name) }],
  ['a container that is new', { ...world, containers: { ...world.containers, more: seen(service('more')) } }],
];

const things: readonly Change[] = [
  ['a network that is gone', { ...world, networks: omit(world.networks, 'shop_gone') }],
  ['a network that is new', { ...world, networks: { ...world.networks, more: seenNetwork('more') } }],
  [
    'a network that was made again',
    { ...world, networks: { ...world.networks, shop_gone: seenNetwork('shop_gone', { id: idOf('again') }) } },
  ],
  ['a volume that is gone', { ...world, volumes: {} }],
  ['a volume that is new', { ...world, volumes: { ...world.volumes, more: seenVolume('more') } }],
];

const fieldsOf = (of: 'networks' | 'volumes', key: string): Change[] =>
  Object.keys(world[of][key]!).map((field) => [
    `${field} of ${of}`,
    { ...world, [of]: { ...world[of], [key]: { ...world[of][key], [field]: other(world[of][key]![field as 'name']) } } },
  ]);

describe('how it stood before', () => {
  it('is as it was when nothing differs, in whatever order', () => {
    const turned = { ...world, containers: Object.fromEntries(Object.entries(world.containers).toReversed()) };
    expect(notAsBefore(world, turned)).toEqual([]);
  });

  it.each<Change>([
    ...container,
    webWith('name', { name: 'shop-web-1.aside' }),
    webWith('image', { imageId: 'sha256:other' }),
    ...settingsOf(Object.keys(there.settings)),
    ...things,
    ...fieldsOf('networks', 'shop_default'),
    ...fieldsOf('volumes', 'shop_data'),
  ])('differs by %s', (_what, changed) => {
    expect(notAsBefore(world, changed)).not.toEqual([]);
  });

  it.each<Change>([...container, ...settingsOf(Object.keys(there.settings).filter((field) => !inner.includes(field))), ...things])(
    'is seen by the product to differ by %s',
    async (_what, changed) => {
      const abandon = new AbortController().signal;
      const left = await changedSince(world, { kept: [], restored: [] }, { look: async () => changed, abandon });
      expect(left).not.toEqual([]);
    },
  );
});

describe('what is wanted', () => {
  it('is there when all is', () => {
    expect(complaints(world, wanted)).toEqual([]);
  });

  const judged = ['command', 'environment', 'labels', 'user', 'ports', 'networks', 'pid', 'ipc', 'volumes_from', 'restart', 'resources'];
  it.each<Change>([
    ['a container that is gone', { ...world, containers: omit(world.containers, name) }],
    ['a container that is left over', { ...world, containers: { ...world.containers, more: seen(service('more')) } }],
    ['a network that is missing', { ...world, networks: {} }],
    ['a volume that is missing', { ...world, volumes: {} }],
    ['an image that is missing', { ...world, images: {} }],
    ['an image that is another', { ...world, images: { ...world.images, 'nginx:1': image('nginx:0') } }],
    webWith('the service it is of', { service: 'db' }),
    webWith('its number', { number: 2 }),
    webWith('that it ended', { state: state('exited') }),
    webWith('that it failed', { state: state('exited', { exitCode: 1 }) }),
    webWith('that it was never started', { state: state('created') }),
    webWith('that it is paused', { state: state('paused') }),
    webWith('that it is unhealthy', { state: state('running', { health: 'unhealthy' }) }),
    webWith('a file that it has not read again', { edited: ['content./etc/app.conf'] }),
    ...settingsOf([...judged, 'healthcheck', 'volumes', 'post_start', 'pre_stop']),
    [
      'the network it was on before',
      withWeb((each) => ({ ...each, settings: { ...each.settings, networks: { shop_default: { aliases: ['web'], id: idOf('gone') } } } })),
    ],
  ])('misses %s', (_what, changed) => {
    expect(complaints(changed, wanted)).not.toEqual([]);
  });

  it('misses inner files that are those from before', () => {
    const files = [{ kind: 'secret' as const, name: 'key', target: '/run/secrets/key', content: 'x', uid: 0, gid: 0, mode: 0o444 }];
    const withFiles = desired({ services: [db, service('web', { settings: { ...settings, files } })], volumes: [volume('data')] });
    expect(complaints(world, withFiles)).toEqual([]);
    expect(
      complaints(
        withWeb((each) => ({ ...each, edited: ['files'] })),
        withFiles,
      ),
    ).not.toEqual([]);
  });
});

describe('what no end may have', () => {
  it.each(['shop-web-1.next', 'shop-web-1.next2', `shop-web-1.before-${idOf('x').slice(0, 12)}`])('is the name %s', (left) => {
    const changed = { ...world, containers: { ...world.containers, [left]: { ...there, name: left } } };
    expect(temporary(changed, world)).toEqual([`${left} is left`]);
    expect(temporary(changed, changed)).toEqual([]);
  });

  it('is a volume that is gone, with a name or without', () => {
    expect(lostData(world, world)).toEqual([]);
    expect(lostData(world, { ...world, volumes: {} })).toEqual(['volume shop_data is gone']);
    expect(
      lostData(
        world,
        withWeb((each) => ({ ...each, anonymous: { '/cache': 'b2' } })),
      ),
    ).toEqual([`${name} has another volume at /cache`]);
  });

  it('is one that runs and was started without its hooks', async () => {
    const engine = memoryEngine(withWeb((each) => ({ ...each, state: state('exited') })));
    const never = new AbortController().signal;
    await engine.startContainer(there.id, never);
    expect(withoutHooks(engine, { desired: wanted })).toEqual([`${name} runs without its hook "up"`]);
    await engine.exec(there.id, { command: ['hook', 'up'] }, never);
    expect(withoutHooks(engine, { desired: wanted })).toEqual([]);
  });
});
