import { describe, expect, it } from 'vitest';
import type { SeenContainer } from '../../src/model/observed.ts';
import type { Settings } from '../../src/model/settings.ts';
import { compare } from '../../src/plan/compare.ts';
import { facts, idOf, image, observed, seen, seenNetwork, service } from '../kit/builders.ts';

type Have = Partial<Omit<SeenContainer, 'settings'>> & { readonly settings?: Partial<Settings> };

interface Case {
  readonly want?: Partial<Settings>;
  readonly have?: Have;
  readonly on?: Parameters<typeof observed>[0];
  /** As of a container that Compose made: nothing says what was applied. */
  readonly byCompose?: true;
}

const networks = [seenNetwork('shop_default'), seenNetwork('shop_back')];

function fieldsOf({ want = {}, have = {}, on, byCompose }: Case) {
  const wanted = service('web', { settings: want });
  const { settings, ...more } = have;
  const { edited, ...made } = seen(wanted, more);
  const shown: SeenContainer = { ...made, settings: { ...made.settings, ...settings }, ...(!byCompose && { edited }) };
  return compare({ service: wanted, replica: wanted.replicas[0]! }, shown, observed({ networks, ...on }));
}

const text = (leaf: unknown = '-'): string => (typeof leaf === 'string' ? leaf : JSON.stringify(leaf));
const said = (one: Case): readonly string[] =>
  fieldsOf(one).map(({ path, have, want, cause, mend }) => `${path}: ${text(have)} -> ${text(want)} (${cause}, ${mend})`);

const mac = { mac_address: { shop_default: '02:00:00:00:00:01' } };

describe('what an engine chooses by itself', () => {
  it.each<readonly [string, Case]>([
    ['memory for its processes', { have: { settings: { ipc: 'shareable' } } }],
    ['a runtime', { have: { settings: { runtime: 'nvidia' } } }],
    ['a control group', { have: { settings: { cgroup: 'private' } } }],
    ['an address of hardware', { have: { settings: mac } }],
    ['the network that comes first', { have: { settings: { network_priority: 'shop_default' } } }],
    ['an address of hardware, of what does not run', { want: mac, have: { settings: { mac_address: {} } } }],
  ])('is not held against it: %s', (_what, one) => expect(said(one)).toEqual([]));

  it.each<readonly [string, Case, readonly string[]]>([
    [
      'declared and different',
      { want: { ipc: 'shareable' }, have: { settings: { ipc: 'host' } } },
      ['ipc: host -> shareable (drift, replace)'],
    ],
    [
      'declared and not there',
      { want: { runtime: 'nvidia' }, have: { settings: { runtime: '' } } },
      ['runtime: - -> nvidia (drift, replace)'],
    ],
    [
      'another address of hardware',
      { want: mac, have: { settings: { mac_address: { shop_default: '02:00:00:00:00:09' } } } },
      ['mac_address.shop_default: 02:00:00:00:00:09 -> 02:00:00:00:00:01 (drift, replace)'],
    ],
    [
      'declared once, and not any more',
      { have: { settings: { cgroup: 'private' }, edited: ['cgroup'] } },
      ['cgroup: private -> - (file, replace)'],
    ],
    ['the memory of another container', { have: { settings: { ipc: 'container:db' } } }, ['ipc: container:db -> - (drift, replace)']],
    ['the memory of another service', { have: { settings: { ipc: 'service:db' } } }, ['ipc: service:db -> - (drift, replace)']],
  ])('is, where somebody chose it: %s', (_what, one, expected) => expect(said(one)).toEqual(expected));

  it('only what is called like that is another container’s', () => {
    expect(said({ have: { settings: { ipc: 'x-service:db' } } })).toEqual([]);
    expect(said({ have: { settings: { runtime: 'service:db' } } })).toEqual([]);
  });
});

it('a default of the engine that is spelled out says nothing', () => {
  const plain = { driver: facts.defaultLogDriver, options: {} };
  expect(said({ want: { logging: plain }, have: { settings: {} } })).toEqual([]);
  expect(said({ want: {}, have: { settings: { logging: plain, shm_size: 64 * 1024 * 1024 } } })).toEqual([]);
  expect(said({ want: { logging: { ...plain, driver: 'local' } }, have: { settings: { logging: plain } } })).toEqual([
    'logging.driver: - -> local (drift, replace)',
  ]);
  const options = { 'max-size': '1m' };
  expect(
    said({ want: { logging: { options } as unknown as typeof plain }, have: { settings: { logging: { ...plain, options } } } }),
  ).toEqual([]);
  expect(said({ want: { logging: { ...plain, options } }, have: { settings: { logging: { driver: 'local', options } } } })).toEqual([
    'logging.driver: local -> json-file (drift, replace)',
  ]);
});

describe('hooks', () => {
  const hook = { command: ['a'] };

  it.each(['post_start', 'pre_stop'] as const)('of %s are compared where something says which ones a container has', (field) => {
    const one: Case = { want: { [field]: [hook] }, have: { settings: { [field]: [] } } };
    expect(said(one)).toEqual([`${field}.0.command: - -> ["a"] (drift, replace)`]);
    expect(said({ ...one, byCompose: true })).toEqual([]);
  });
});

describe('a difference comes from the file where the label says so', () => {
  it.each<readonly [string, Case, string]>([
    ['a command by an entrypoint', { have: { settings: { command: ['x'] }, edited: ['entrypoint'] } }, 'command file replace'],
    ['a command by itself', { have: { settings: { command: ['x'] }, edited: ['command'] } }, 'command file replace'],
    ['but nothing else by an entrypoint', { have: { settings: { user: 'x' }, edited: ['entrypoint'] } }, 'user drift replace'],
    [
      'a limit',
      { want: { resources: { pids: 5 } }, have: { settings: { resources: { pids: 6 } }, edited: ['resources'] } },
      'deploy.resources.limits.pids file update',
    ],
    [
      'no limit',
      { want: { resources: { pids: 5 } }, have: { settings: { resources: { pids: 6 } }, edited: ['deploy'] } },
      'deploy.resources.limits.pids drift update',
    ],
    [
      'the first network',
      { want: { network_priority: 'a' }, have: { settings: { network_priority: 'b' }, edited: ['network_priority'] } },
      'network_priority file replace',
    ],
    [
      'the first network by the networks',
      { want: { network_priority: 'a' }, have: { settings: { network_priority: 'b' }, edited: ['networks'] } },
      'network_priority file replace',
    ],
    [
      'a profile by what stands in it',
      { want: { seccomp: '{"a":1}' }, have: { settings: { seccomp: '{}' }, edited: ['seccomp'] } },
      'security_opt.seccomp content replace',
    ],
    [
      'a profile that is new',
      { want: { seccomp: '{"a":1}' }, have: { settings: { seccomp: '' }, edited: ['seccomp'] } },
      'security_opt.seccomp file replace',
    ],
    [
      'a profile that somebody changed',
      { want: { seccomp: '{"a":1}' }, have: { settings: { seccomp: '{}' } } },
      'security_opt.seccomp drift replace',
    ],
    ['a name', { have: { name: 'x', edited: ['container_name'] } }, 'container_name file rename'],
    [
      'a limit of what Compose made: somebody changed it',
      { want: { resources: {} }, have: { settings: { resources: { pids: 6 } } }, byCompose: true },
      'deploy.resources.limits.pids drift replace',
    ],
  ])('%s', (_what, one, expected) =>
    expect(fieldsOf({ ...one, want: one.want ?? {} }).map(({ path, cause, mend }) => `${path} ${cause} ${mend}`)).toEqual([expected]),
  );

  it('a profile that is not declared any more', () => {
    const wanted = service('web');
    const have = seen(wanted, { settings: { seccomp: '{}' }, edited: ['seccomp'] });
    const [field] = compare({ service: wanted, replica: wanted.replicas[0]! }, have, observed());
    expect(field).toMatchObject({ path: 'security_opt.seccomp', cause: 'file' });
    expect(field).not.toHaveProperty('want');
  });

  it('a platform, and nothing that only sounds like it', () => {
    expect(said({ want: { platform: 'linux/arm64' }, have: { edited: ['platform'] } })).toEqual([
      'platform: (unknown) -> linux/arm64 (file, replace)',
    ]);
    expect(said({ have: { edited: ['platform'] } })).toEqual(['platform: (unknown) -> - (file, replace)']);
    expect(said({ want: { platform: 'linux/arm64', labels: { platform: 'x' } }, have: { settings: { labels: {} } } })).toEqual([
      'labels.platform: - -> x (drift, replace)',
    ]);
    expect(said({ want: { labels: { 'configs.x': '1' } }, have: { settings: { labels: {} } } })).toEqual([
      'labels.configs.x: - -> 1 (drift, replace)',
    ]);
  });
});

describe('networks', () => {
  it('are given a new address of hardware only by a new container', () => {
    const one: Case = { want: mac, have: { settings: { networks: {}, ...mac } } };
    expect(said(one)).toEqual(['networks.shop_default: - -> web (drift, replace)']);
    expect(said({ want: mac, have: { settings: { environment: { PATH: '/bin', X: '1' } } } })).toEqual([
      'environment.X: 1 -> - (drift, replace)',
    ]);
  });

  it('that are other ones are said once, and the rest beside them', () => {
    const again = [seenNetwork('shop_default', { id: idOf('again') }), seenNetwork('shop_back')];
    const attached = { shop_default: { aliases: ['other'], id: idOf('network shop_default') } };
    const one: Case = { have: { settings: { networks: attached, user: 'x' } }, on: { networks: again } };
    expect(fieldsOf(one).map(({ path, mend }) => `${path} ${mend}`)).toEqual(['user replace', 'networks.shop_default replace']);
  });
});

describe('what a container was made from', () => {
  const old = image('nginx:1');
  const newer = { ...image('nginx:1', { environment: { PATH: '/new' } }), id: `sha256:${idOf('newer')}` };

  it('is its own image where that is here, else the one of that name', () => {
    expect(fieldsOf({ on: { images: { 'nginx:1': newer, [old.id]: old } } }).map(({ path }) => path)).toEqual(['image']);
    expect(fieldsOf({ on: { images: { 'nginx:1': newer } } }).map(({ path }) => path)).toEqual(['image', 'environment.PATH']);
  });

  it('is not known where no image is here: then only what is declared is compared', () => {
    const one: Case = { want: { user: '1' }, have: { settings: { user: '2', working_dir: '/x' } }, on: { images: {} } };
    expect(said(one)).toEqual(['user: 2 -> 1 (drift, replace)']);
  });
});

it('a sealed value inside a list is known by its seal', () => {
  const sealed = (shown: string, seal = 's') => ['serve', { sealed: seal, shown }];
  expect(said({ want: { command: sealed('***') }, have: { settings: { command: sealed('(sensitive)') } } })).toEqual([]);
  expect(said({ want: { command: sealed('***', 'new') }, have: { settings: { command: sealed('***') } } })).toHaveLength(1);
});
