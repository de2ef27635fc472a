import { describe, expect, it } from 'vitest';
import type { ServiceSpec } from '../../src/model/desired.ts';
import type { Settings } from '../../src/model/settings.ts';
import { facts, idOf, image, needs, network, seen, seenNetwork, service, state, volume, seenVolume } from '../kit/builders.ts';
import { problems, web, type World } from './problems-kit.ts';

/** The first line of each. */
const heads = (world: World): readonly string[] =>
  problems(world)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(' '));

describe('a service that others wait for to be healthy, and that has no health check', () => {
  const waiting = (condition: 'service_healthy' | 'service_started' | 'service_completed_successfully', on = 'web') =>
    service('api', { dependsOn: [needs(on, condition)] });
  const lines = ['services.web'];

  it('is told of, with what to do', () => {
    expect(problems({ services: [service('web'), waiting('service_healthy')], lines })).toBe(
      'warning no-health-check @services.web: others wait for web to be healthy, but it has no health check; it counts as ready once it runs stably\n' +
        '  declare a healthcheck, or x-stack.ready',
    );
  });

  it.each<readonly [string, readonly ServiceSpec[], NonNullable<World['machine']>]>([
    ['has one', [web({ healthcheck: { test: ['CMD', 'x'] } }), waiting('service_healthy')], {}],
    ['may have one: its image is not known', [service('web'), waiting('service_healthy')], { images: {} }],
    ['has to answer', [web({}, { ready: [{ kind: 'tcp', host: '127.0.0.1', port: 80 }] }), waiting('service_healthy')], {}],
    [
      'has to end',
      [service('web'), waiting('service_healthy'), service('job', { dependsOn: [needs('web', 'service_completed_successfully')] })],
      {},
    ],
    ['only has to start', [service('web'), waiting('service_started')], {}],
  ])('is not told of where it %s', (_why, services, machine) => {
    expect(heads({ services, machine })).toEqual([]);
  });
});

it('the place of what an engine without BuildKit or a field that it drops is about is that line', () => {
  const built = (more: object) => web({}, { build: { context: '/srv', dockerfile: '/srv/Dockerfile', args: {}, ...more } });
  const token = { sealed: 'x', shown: '' };
  const at = (lines: readonly string[], services: readonly ServiceSpec[], machine: World['machine'] = { builder: 'classic' }) =>
    heads({ services, lines, machine }).map((line) => /@(\S+):/.exec(line)?.[1]);
  const secrets = built({ secrets: { token } });
  expect(at(['services.web.build.secrets', 'services.web.build'], [secrets])).toEqual(['services.web.build.secrets']);
  expect(at(['services.web.build'], [secrets])).toEqual(['services.web.build']);
  expect(at(['services.web.build.ssh', 'services.web.build'], [built({ ssh: { default: '' } })])).toEqual(['services.web.build.ssh']);
  const dropping = { engine: { ...facts, drops: ['init'] } };
  expect(at(['services.web.init'], [web({ init: true })], dropping)).toEqual(['services.web.init']);
});

it('a mount is told of where the engine drops what it asks for, and nothing of what it does not ask for', () => {
  const machine = { engine: { ...facts, drops: ['volumes.recursive', 'volumes.image', 'volumes.subpath'] } };
  const mounted = (recursive?: 'disabled' | 'writable' | 'readonly') =>
    heads({
      services: [web({ volumes: [{ type: 'bind', source: '/x', target: '/x', read_only: true, ...(recursive && { recursive }) }] })],
      machine,
    }).length;
  expect([mounted(), mounted('disabled'), mounted('writable'), mounted('readonly')]).toEqual([0, 0, 1, 1]);
  expect(heads({ services: [service('web')], machine })).toEqual([]);
});

it('a container in a crash loop is told of, with what its log says of a port', () => {
  const one = service('web');
  const looping = { state: state('restarting', { restartCount: 9, exitCode: 1 }) };
  const found = (have: Parameters<typeof seen>[1]) => problems({ services: [one], machine: { containers: [seen(one, have)] } });
  expect(found(looping)).toBe(
    'warning crash-loop: container shop-web-1 is in a crash loop: 9 restarts, exit code 1\n  see its log: docker logs shop-web-1',
  );
  expect(found({ portComplaint: 'address in use', state: state('running', { restartCount: 9, exitCode: 1 }) })).toBe(
    'warning crash-loop: container shop-web-1 is in a crash loop: 9 restarts; its log says: address in use\n' +
      '  free the port that it wants (stackctl ports says who holds it)',
  );
  expect(found({})).toBe('');
});

describe('an image', () => {
  const pages = { volumes: [{ type: 'image', source: 'pages:1', target: '/pages', read_only: true }] } as Partial<Settings>;
  const lines = ['services.web.platform', 'services.api.platform', 'services.web.volumes./pages', 'services.web.volumes./data'];

  it('that is not here is no problem where it is built, or may be pulled', () => {
    const never = { pullPolicy: 'never' } as const;
    const build = { context: '/srv', dockerfile: '/srv/Dockerfile', args: {} };
    expect(heads({ services: [web({}, never)] })).toEqual([]);
    expect(heads({ services: [web({}, { ...never, build })], machine: { images: {} } })).toEqual([]);
    expect(heads({ services: [service('web')], machine: { images: {} } })).toEqual([]);
    expect(heads({ services: [web(pages, { ...never, build })], machine: { images: {} } })).toEqual([
      expect.stringContaining('image pages:1 is not here'),
    ]);
  });

  it('that is mounted is told of at its mount', () => {
    const data = { type: 'volume' as const, source: 'pages:1', target: '/data', read_only: false };
    const other = { type: 'image' as const, source: 'other:1', target: '/other', read_only: true };
    const services = [web({ volumes: [data, other, ...(pages.volumes ?? [])] }, { pullPolicy: 'never' })];
    const found = heads({ services, machine: { images: { 'nginx:1': image('nginx:1'), 'other:1': image('other:1') } }, lines });
    expect(found).toEqual([expect.stringContaining('@services.web.volumes./pages: image pages:1')]);
  });

  it('of one name can be here for one platform only', () => {
    const of = (platform?: string) => ({ settings: platform === undefined ? {} : { platform } });
    const both = (one?: string, two?: string) => heads({ services: [service('api', of(one)), service('web', of(two))], lines }).length;
    expect([
      both(),
      both('linux/amd64'),
      both(undefined, 'linux/amd64'),
      both('linux/amd64', 'linux/amd64'),
      both('linux/amd64', 'linux/arm64'),
    ]).toEqual([0, 0, 0, 0, 1]);
    expect(heads({ services: [service('api', of('linux/amd64')), service('web', of('linux/arm64'))], lines })[0]).toContain(
      '@services.web.platform',
    );
  });

  it('that a tag means now is told of only where the file is locked to another one', () => {
    const digest = `sha256:${'ab'.repeat(32)}`;
    const moved = { ...image('nginx:1'), registryDigest: 'sha256:new' };
    const found = (pinned?: string) =>
      heads({
        services: [web({}, pinned === undefined ? {} : { pinned })],
        machine: { images: { 'nginx:1': moved, [`nginx@${digest}`]: moved } },
      });
    expect(found()).toEqual([]);
    expect(found(`nginx@${digest}`)).toEqual([expect.stringContaining(`stack.lock.yaml holds ${digest}`)]);
  });
});

describe('a port that a program wants on the network of the host', () => {
  const host = (name: string) => service(name, { settings: { network_mode: 'host', expose: ['8091/tcp'] } });
  const listener = { protocol: 'tcp', address: '0.0.0.0', port: 8091, inode: '1', user: 'root', holders: [] } as const;
  const published = web({ ports: [{ target: 80, protocol: 'tcp', host_ip: '', published: '8091' }] });
  const found = (services: readonly ServiceSpec[], containers: readonly ReturnType<typeof seen>[]) =>
    heads({ services, machine: { containers, listeners: [listener] } }).filter((line) => line.includes('port-taken')).length;

  it('may be its own where it runs, and nobody may look whose it is', () => {
    const own = seen(host('web'));
    const stopped = seen(host('web'), { state: state('exited', { exitCode: 1 }) });
    expect([found([host('web')], [own]), found([host('web')], [stopped]), found([host('web')], [])]).toEqual([0, 1, 1]);
    expect(found([host('web'), service('api')], [seen(service('api'))])).toBe(1);
    expect(found([published], [seen(published, { settings: { ports: [] } })])).toBe(1);
    const process = {
      pid: 1,
      startTicks: 1,
      user: 'root',
      executable: '/x',
      command: 'x',
      commandHash: '0',
      startedAt: '',
      ofEngine: false,
    };
    const held = { ...listener, holders: [process] };
    expect(heads({ services: [host('web')], machine: { containers: [own], listeners: [held] } })).toHaveLength(1);
  });

  it('is declared, not published, by those who want it twice', () => {
    expect(heads({ services: [host('api'), host('web')] })).toEqual(['error port-twice: port 8091/tcp is declared by both api and web']);
  });
});

describe('what a service shares', () => {
  const lines = ['services.web.volumes_from.0', 'services.web.volumes_from.1', 'services.web.volumes_from', 'services.web.network_mode'];
  const at = (settings: Partial<Settings>, more: Partial<World> & { readonly beside?: readonly ServiceSpec[] } = {}) =>
    heads({ ...more, services: [web(settings), ...(more.beside ?? [])], lines }).map((line) =>
      /^\w+ (\S+) @(\S+):/.exec(line)?.slice(1).join(' '),
    );

  it('is told of at the entry that names it', () => {
    expect(at({ volumes_from: ['container:x', 'container:y:ro'] })).toEqual([
      'peer-missing services.web.volumes_from.0',
      'peer-missing services.web.volumes_from.1',
    ]);
    expect(at({ volumes_from: ['container:web', 'db'] }, { beside: [service('db', { replicas: 0 })] })).toEqual([
      'peer-missing services.web.volumes_from.0',
      'peer-missing services.web.volumes_from.1',
    ]);
    expect(at({ network_mode: 'container:x', volumes_from: ['container:x'] })).toEqual([
      'peer-missing services.web.network_mode',
      'peer-missing services.web.volumes_from.0',
    ]);
  });

  it('is there where its container is, also when it is not part of the plan', () => {
    const beside = [service('db')];
    const options = { targets: ['web'], noDependencies: true };
    expect(at({ network_mode: 'service:db' }, { beside, options, machine: { containers: [seen(service('db'))] } })).toEqual([]);
    expect(at({ network_mode: 'service:db' }, { beside, options })).toEqual(['peer-missing services.web.network_mode']);
    // Of a service that is not declared now
    expect(at({ network_mode: 'service:db' })).toEqual(['peer-missing services.web.network_mode']);
    expect(at({ network_mode: 'service:db' }, { machine: { containers: [seen(service('db'), { files: ['/b.yaml'] })] } })).toEqual([
      undefined,
    ]);
  });

  it('is a container that the stack makes, where one of its replicas is called so', () => {
    expect(at({ network_mode: 'container:shop-db-2' }, { beside: [service('db', { replicas: 2 })] })).toEqual([
      'peer-of-stack services.web.network_mode',
    ]);
  });

  it('is no problem in a link to a service that has containers, or to one that is nowhere', () => {
    expect(at({ links: ['db', 'gone'] }, { beside: [service('db')] })).toEqual([]);
  });
});

describe('a network or a volume', () => {
  it('that differs in what has a line of its own is told of there, else at its own line', () => {
    const at = (lines: readonly string[]) =>
      heads({
        wanted: {
          networks: [network('default', { driver: 'macvlan' })],
          volumes: [volume('data', { driver: 'nfs' }), volume('more', { labels: { a: '1' } })],
        },
        machine: { volumes: [seenVolume('shop_data'), seenVolume('shop_more')] },
        lines,
      }).map((line) => /@(\S+):/.exec(line)?.[1]);
    expect(at(['networks.default', 'volumes.data', 'volumes.more'])).toEqual(['networks.default', 'volumes.data', 'volumes.more']);
    expect(
      at(['networks.default.driver', 'networks.default', 'volumes.data.driver', 'volumes.data', 'volumes.more.labels.a', 'volumes.more']),
    ).toEqual(['networks.default.driver', 'volumes.data.driver', 'volumes.more.labels.a']);
  });

  it('keeps each label that is not as declared', () => {
    const wanted = { networks: [network('default', { labels: { a: '1', b: '2' } })] };
    expect(heads({ wanted, machine: { networks: [seenNetwork('shop_default')] } })).toEqual([
      'warning network-differs: network shop_default keeps no labels.a instead of 1, no labels.b instead of 2: an engine cannot change a network that is there',
    ]);
  });

  it('has one thing that is wrong and one that is only stale', () => {
    const wanted = { networks: [network('default', { internal: true, labels: { a: '1' } })] };
    expect(heads({ wanted, machine: { networks: [seenNetwork('shop_default', { id: idOf('n') })] } })).toEqual([
      expect.stringContaining('internal false instead of true, no labels.a instead of 1'),
    ]);
  });
});
