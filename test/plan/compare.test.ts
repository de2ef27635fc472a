import { describe, expect, it } from 'vitest';
import type { SeenContainer } from '../../src/model/observed.ts';
import type { Settings } from '../../src/model/settings.ts';
import { compare } from '../../src/plan/compare.ts';
import { facts, idOf, image, observed, seen, seenNetwork, service } from '../kit/builders.ts';

const machine = observed({ networks: [seenNetwork('shop_default'), seenNetwork('shop_back')] });

type Have = Partial<Omit<SeenContainer, 'settings'>> & { readonly settings?: Partial<Settings> };

/** What differs: "path: before -> after (cause, mend)". */
function differs(want: Partial<Settings>, have: Have, on = machine): string[] {
  const wanted = service('web', { settings: want });
  const { settings, ...more } = have;
  const made = seen(wanted, more);
  const fields = compare({ service: wanted, replica: wanted.replicas[0]! }, { ...made, settings: { ...made.settings, ...settings } }, on);
  return fields.map(({ path, have: before, want: after, cause, mend }) => `${path}: ${text(before)} -> ${text(after)} (${cause}, ${mend})`);
}

const text = (leaf: unknown): string => (leaf === undefined ? '-' : typeof leaf === 'string' ? leaf : JSON.stringify(leaf));
const check = { test: ['CMD', 'a'], interval: 1000 };
const port = (published: string, more = {}) => ({ target: 80, protocol: 'tcp' as const, host_ip: '', published, ...more });
const mount = { type: 'volume' as const, source: 'shop_data', target: '/data', read_only: false };
const sealed = (value: string) => ({ sealed: value, shown: '(sensitive)' });

describe('the same in other words is equal', () => {
  it.each<readonly [string, Partial<Settings>, Partial<Settings>]>([
    ['all as declared', {}, {}],
    ['the order of environment keys', { environment: { A: '1', B: '2' } }, { environment: { PATH: '/bin', B: '2', A: '1' } }],
    ['"no" and no restart policy', { restart: 'no' }, {}],
    ['capabilities with and without CAP_', { cap_add: ['NET_ADMIN'] }, { cap_add: ['CAP_NET_ADMIN'] }],
    ['no list and an empty one', {}, { cap_drop: [] }],
    ['false and absent', { privileged: false, read_only: false }, {}],
    [
      'a sealed value shown otherwise',
      { environment: { KEY: sealed('s') } },
      { environment: { PATH: '/bin', KEY: { sealed: 's', shown: '***' } } },
    ],
    ['what the image brings', {}, { command: ['serve'], environment: { PATH: '/bin' } }],
    ['a variable taken away that the image does not have', { environment: { GONE: null } }, {}],
    ['the order of mounts', { volumes: [mount, { ...mount, target: '/a' }] }, { volumes: [{ ...mount, target: '/a' }, mount] }],
    ['the full name of an image', { image: 'nginx:1' }, { image: 'docker.io/library/nginx:1' }],
  ])('%s', (_name, want, have) => {
    expect(differs(want, { settings: have })).toEqual([]);
  });
});

describe('each field that differs is said, with what mends it', () => {
  it.each<readonly [string, Partial<Settings>, Partial<Settings>, readonly string[]]>([
    ['command', { command: ['a'] }, { command: ['b'] }, ['command: ["b"] -> ["a"] (drift, replace)']],
    ['entrypoint', { entrypoint: ['a'] }, { entrypoint: [], command: [] }, ['entrypoint: - -> ["a"] (drift, replace)']],
    [
      'environment changed',
      { environment: { A: '1' } },
      { environment: { PATH: '/bin', A: '2' } },
      ['environment.A: 2 -> 1 (drift, replace)'],
    ],
    ['environment added', { environment: { A: '' } }, { environment: { PATH: '/bin' } }, ['environment.A: - ->  (drift, replace)']],
    ['environment removed', {}, { environment: { PATH: '/bin', A: '2' } }, ['environment.A: 2 -> - (drift, replace)']],
    ['environment of the image overwritten', {}, { environment: { PATH: '/else' } }, ['environment.PATH: /else -> /bin (drift, replace)']],
    [
      'a sensitive value',
      { environment: { KEY: sealed('new') } },
      { environment: { PATH: '/bin', KEY: sealed('old') } },
      [`environment.KEY: ${text(sealed('old'))} -> ${text(sealed('new'))} (drift, replace)`],
    ],
    ['label', { labels: { a: '1' } }, { labels: {} }, ['labels.a: - -> 1 (drift, replace)']],
    [
      'port changed',
      { ports: [port('8001')] },
      { ports: [port('8002')] },
      ['ports.8001:80/tcp: - -> 8001:80/tcp (drift, replace)', 'ports.8002:80/tcp: 8002:80/tcp -> - (drift, replace)'],
    ],
    [
      'port on one address',
      { ports: [port('8001', { host_ip: '127.0.0.1' })] },
      { ports: [] },
      ['ports.127.0.0.1:8001:80/tcp: - -> 127.0.0.1:8001:80/tcp (drift, replace)'],
    ],
    [
      'mount read-only',
      { volumes: [mount] },
      { volumes: [{ ...mount, read_only: true }] },
      ['volumes./data: volume shop_data (read-only) -> volume shop_data (drift, replace)'],
    ],
    ['mount removed', {}, { volumes: [mount] }, ['volumes./data: volume shop_data -> - (drift, replace)']],
    ['network mode', { network_mode: 'host' }, { network_mode: 'none' }, ['network_mode: none -> host (drift, replace)']],
    [
      'health check',
      { healthcheck: check },
      { healthcheck: { ...check, interval: 2000 } },
      ['healthcheck.interval: 2000 -> 1000 (drift, replace)'],
    ],
    [
      'health check not declared any more',
      {},
      { healthcheck: { test: ['CMD', 'a'] } },
      ['healthcheck.test: ["CMD","a"] -> - (drift, replace)'],
    ],
    ['restart policy', { restart: 'always' }, { restart: 'on-failure:3' }, ['restart: on-failure:3 -> always (drift, update)']],
    ['restart policy not declared any more', { restart: 'no' }, { restart: 'always' }, ['restart: always -> - (drift, update)']],
    ['limit', { resources: { memory: 64 } }, { resources: { memory: 32 } }, ['deploy.resources.limits.memory: 32 -> 64 (drift, update)']],
    ['limit that is new', { resources: { cpus: 0.5 } }, { resources: {} }, ['deploy.resources.limits.cpus: - -> 0.5 (drift, update)']],
    ['limit not declared any more', {}, { resources: { pids: 5 } }, ['deploy.resources.limits.pids: 5 -> - (drift, replace)']],
    ['user', { user: '1000' }, { user: '' }, ['user: - -> 1000 (drift, replace)']],
    ['working folder', { working_dir: '/a' }, { working_dir: '/b' }, ['working_dir: /b -> /a (drift, replace)']],
    [
      'stop signal and grace',
      { stop_signal: 'SIGINT', stop_grace_period: 1000 },
      { stop_signal: '', stop_grace_period: 2000 },
      ['stop_grace_period: 2000 -> 1000 (drift, replace)', 'stop_signal: - -> SIGINT (drift, replace)'],
    ],
    [
      'capabilities',
      { cap_add: ['NET_ADMIN'], cap_drop: ['ALL'] },
      { cap_add: [], cap_drop: [] },
      ['cap_add: - -> ["NET_ADMIN"] (drift, replace)', 'cap_drop: - -> ["ALL"] (drift, replace)'],
    ],
    [
      'flags',
      { read_only: true, privileged: true, init: true },
      { read_only: false, privileged: false, init: false },
      ['init: - -> true (drift, replace)', 'privileged: - -> true (drift, replace)', 'read_only: - -> true (drift, replace)'],
    ],
    ['ulimits', { ulimits: { nofile: { soft: 1, hard: 2 } } }, { ulimits: {} }, ['ulimits.nofile: - -> 1:2 (drift, replace)']],
    [
      'hosts and dns',
      { extra_hosts: ['a:1.1.1.1'], dns: ['9.9.9.9'] },
      { extra_hosts: [], dns: [] },
      ['dns: - -> ["9.9.9.9"] (drift, replace)', 'extra_hosts: - -> ["a:1.1.1.1"] (drift, replace)'],
    ],
    [
      'shared memory and host name',
      { shm_size: 1, hostname: 'a' },
      { shm_size: 2, hostname: 'b' },
      ['hostname: b -> a (drift, replace)', 'shm_size: 2 -> 1 (drift, replace)'],
    ],
    [
      'log driver',
      { logging: { driver: 'local', options: { 'max-size': '1m' } } },
      { logging: { driver: 'local', options: {} } },
      ['logging.options.max-size: - -> 1m (drift, replace)'],
    ],
    [
      'aliases',
      { networks: { shop_default: { aliases: ['web', 'www'] } } },
      { networks: { shop_default: { aliases: ['web'], id: idOf('network shop_default') } } },
      ['networks.shop_default: web -> web, www (drift, networks)'],
    ],
    [
      'one network more',
      { networks: { shop_default: { aliases: ['web'] }, shop_back: { aliases: [] } } },
      { networks: { shop_default: { aliases: ['web'], id: idOf('network shop_default') } } },
      ['networks.shop_back: - ->  (drift, networks)'],
    ],
    ['image', { image: 'nginx:1' }, { image: 'nginx:0' }, ['image: nginx:0 -> nginx:1 (file, replace)']],
  ])('%s', (...[, want, have, expected]) => {
    expect(differs(want, { settings: have })).toEqual(expected);
  });
});

describe('why it differs', () => {
  const have = { settings: { user: 'nobody', restart: 'on-failure:3' } };
  it.each<readonly [string, Pick<SeenContainer, 'edited'>, readonly string[]]>([
    ['the label says that the file changed', { edited: ['user', 'restart'] }, ['file', 'file']],
    ['the label says that the file did not change', { edited: [] }, ['drift', 'drift']],
    ['one of each', { edited: ['user'] }, ['drift', 'file']],
  ])('%s', (_name, edited, causes) => {
    const fields = differs({ user: '1000' }, { ...have, ...edited });
    expect(fields.map((each) => /\((\w+),/.exec(each)?.[1])).toEqual(causes);
  });

  it('without a label, what can only be set when it is made comes from the file', () => {
    const wanted = service('web', { settings: { user: '1000' } });
    const { edited: _edited, ...made } = seen(wanted, { settings: { user: 'nobody' } });
    const fields = compare(
      { service: wanted, replica: wanted.replicas[0]! },
      { ...made, settings: { ...made.settings, restart: 'no' } },
      machine,
    );
    expect(fields.map(({ path, cause }) => `${path} ${cause}`)).toEqual(['restart drift', 'user file']);
  });

  it('the tag means another image now', () => {
    const newer = { ...image('nginx:1'), id: `sha256:${idOf('newer')}` };
    const old = image('nginx:1');
    const fields = differs({}, {}, { ...machine, images: { 'nginx:1': newer, [old.id]: old } });
    expect(fields).toEqual([`image: ${old.id.slice(7, 19)} -> ${newer.id.slice(7, 19)} (image, replace)`]);
  });

  it('a network that was made again under its name is another network', () => {
    const again = { ...machine, networks: { ...machine.networks, shop_default: seenNetwork('shop_default', { id: idOf('again') }) } };
    expect(differs({}, {}, again)).toEqual([
      `networks.shop_default: network ${idOf('network shop_default').slice(0, 12)} -> network ${idOf('again').slice(0, 12)} (drift, replace)`,
    ]);
    const { shop_default: _gone, ...left } = machine.networks;
    expect(differs({}, {}, { ...machine, networks: left })).toEqual([
      `networks.shop_default: network ${idOf('network shop_default').slice(0, 12)} -> a new network (drift, replace)`,
    ]);
  });
});

describe('contents and inner files, which the engine does not show', () => {
  const content = {
    ...mount,
    type: 'bind' as const,
    source: '/srv/app.conf',
    target: '/etc/app.conf',
    read_only: true,
    content: sealed('x'),
  };
  const secret = { kind: 'secret' as const, name: 'key', target: '/run/secrets/key', content: sealed('y'), uid: 0, gid: 0, mode: 0o400 };
  it.each([
    ['recreate', 'replace'],
    ['restart', 'restart'],
    ['signal:SIGHUP', 'signal'],
  ] as const)('a changed content with %s is mended by %s', (onConfigChange, mend) => {
    const wanted = service('web', { onConfigChange, settings: { volumes: [content] } });
    const fields = compare({ service: wanted, replica: wanted.replicas[0]! }, seen(wanted, { edited: ['content./etc/app.conf'] }), machine);
    expect(fields.map(({ path, cause, mend: how }) => [path, cause, how])).toEqual([['content./etc/app.conf', 'content', mend]]);
  });

  it('is left alone when that is asked for, and when it did not change', () => {
    const ignoring = service('web', { onConfigChange: 'ignore', settings: { volumes: [content] } });
    expect(
      compare({ service: ignoring, replica: ignoring.replicas[0]! }, seen(ignoring, { edited: ['content./etc/app.conf'] }), machine),
    ).toEqual([]);
    expect(differs({ volumes: [content], files: [secret] }, {})).toEqual([]);
  });

  it('inner files are told apart by the label alone, also when the last one is not declared any more', () => {
    expect(differs({ files: [secret] }, { edited: ['files'] })).toEqual([
      'secrets.key: (unknown) -> /run/secrets/key 0:0 0400 (file, replace)',
    ]);
    expect(differs({}, { edited: ['files'] })).toEqual(['secrets and configs: (unknown) -> - (file, replace)']);
  });
});

it('says nothing of what this engine drops, nor of the image when it is not here', () => {
  const dropping = { ...machine, engine: { ...facts, drops: ['healthcheck.start_interval'] } };
  expect(differs({ healthcheck: { ...check, start_interval: 5 } }, { settings: { healthcheck: check } }, dropping)).toEqual([]);
  expect(differs({ user: '1' }, { settings: { environment: { FROM_IMAGE: '1' }, user: '1' } }, { ...machine, images: {} })).toEqual([]);
});

it('a container under another name is renamed', () => {
  expect(differs({}, { name: 'shop_web_1' })).toEqual(['container_name: shop_web_1 -> shop-web-1 (drift, rename)']);
});
