import { describe, expect, it } from 'vitest';
import { shownText } from '../../src/model/text.ts';
import { webOf } from './stack-folder.ts';

const at = (port: object) => ({ protocol: 'tcp', host_ip: '', published: '', ...port });
const mount = (rest: object) => ({ type: 'volume', source: '', read_only: false, ...rest });

describe('each key in all its forms', () => {
  it.each<[string, object]>([
    ['image: nginx:1', { image: 'nginx:1' }],
    ['build: .', { image: 'shop-web' }],
    ['command: echo "a b" c', { command: ['echo', 'a b', 'c'] }],
    ['command: [echo, "a b"]', { command: ['echo', 'a b'] }],
    ['command: []', { command: [] }],
    ['entrypoint: /e -x', { entrypoint: ['/e', '-x'] }],
    ['entrypoint: ""', { entrypoint: [] }],
    [
      'environment: {A: 1, B: yes, C: 1.50, D: true, E: "", F: }',
      { environment: { A: '1', B: 'yes', C: '1.5', D: 'true', E: '', F: null } },
    ],
    ['environment: [A=1, B=, C, D=a=b, FROM]', { environment: { A: '1', B: '', C: null, D: 'a=b', FROM: 'outside' } }],
    ['labels: {a: 1, b: }', { labels: { a: '1', b: '' } }],
    ['labels: [a=1, b]', { labels: { a: '1', b: '' } }],
    ['restart: no', { restart: 'no' }],
    ['restart: on-failure:3', { restart: 'on-failure:3' }],
    ['stop_grace_period: 1m30s', { stop_grace_period: 90_000 }],
    ['stop_signal: SIGINT', { stop_signal: 'SIGINT' }],
    ['user: "1000:1000"', { user: '1000:1000' }],
    ['working_dir: /x', { working_dir: '/x' }],
    ['cap_add: [NET_ADMIN, cap_sys_admin, CAP_NET_ADMIN]', { cap_add: ['NET_ADMIN', 'SYS_ADMIN'] }],
    ['cap_drop: [ALL]', { cap_drop: ['ALL'] }],
    ['read_only: true', { read_only: true }],
    ['read_only: "yes"', { read_only: true }],
    ['init: ${NO:-false}', { init: false }],
    ['privileged: on', { privileged: true }],
    ['shm_size: 64m', { shm_size: 67_108_864 }],
    ['shm_size: 1000', { shm_size: 1000 }],
    ['hostname: h', { hostname: 'h' }],
    ['dns: 1.1.1.1', { dns: ['1.1.1.1'] }],
    ['dns: [9.9.9.9, 1.1.1.1]', { dns: ['9.9.9.9', '1.1.1.1'] }],
    [
      'extra_hosts: ["b:1.2.3.4", "a=[::1]", "c:::2", "g:host-gateway"]',
      { extra_hosts: ['a:::1', 'b:1.2.3.4', 'c:::2', 'g:host-gateway'] },
    ],
    ['extra_hosts: {a: 1.2.3.4, b: [1.1.1.1, 2.2.2.2]}', { extra_hosts: ['a:1.2.3.4', 'b:1.1.1.1', 'b:2.2.2.2'] }],
    [
      'ulimits: {nproc: 5, nofile: {soft: 1, hard: "2"}, core: -1}',
      { ulimits: { nproc: { soft: 5, hard: 5 }, nofile: { soft: 1, hard: 2 }, core: { soft: -1, hard: -1 } } },
    ],
    [
      'logging: {driver: syslog, options: {tag: x, max-file: 3}}',
      { logging: { driver: 'syslog', options: { tag: 'x', 'max-file': '3' } } },
    ],
    ['logging: {options: {a: b}}', { logging: { driver: '', options: { a: 'b' } } }],
    ['network_mode: host', { network_mode: 'host' }],
    [
      'tmpfs: "/run:uid=1000,noexec,size=1m,ro"',
      {
        volumes: [{ type: 'tmpfs', source: '', target: '/run', read_only: true, size: 1_048_576, options: ['noexec', 'uid=1000'] }],
      },
    ],
    ['network_mode: none', { network_mode: 'none' }],
    ['network_mode: bridge\nmac_address: "02:42:0A:D5:01:CC"', { network_mode: 'bridge', mac_address: { bridge: '02:42:0a:d5:01:cc' } }],
  ])('%s', async (yaml, settings) => {
    expect((await webOf(yaml, '', { environment: { FROM: 'outside' } })).settings).toMatchObject(settings);
  });
});

describe('ports', () => {
  it.each<[string, object[]]>([
    ['80', [{ target: 80 }]],
    ['"80"', [{ target: 80 }]],
    ['8080:80', [{ target: 80, published: '8080' }]],
    ['"22:22"', [{ target: 22, published: '22' }]],
    ['"53:53/udp"', [{ target: 53, published: '53', protocol: 'udp' }]],
    ['"127.0.0.1:8080:80"', [{ target: 80, published: '8080', host_ip: '127.0.0.1' }]],
    ['"127.0.0.1::80"', [{ target: 80, host_ip: '127.0.0.1' }]],
    ['"[::1]:8080:80/tcp"', [{ target: 80, published: '8080', host_ip: '::1' }]],
    ['"3000-3001"', [{ target: 3000 }, { target: 3001 }]],
    [
      '"9090-9091:80-81"',
      [
        { target: 80, published: '9090' },
        { target: 81, published: '9091' },
      ],
    ],
    ['"8000-9000:80"', [{ target: 80, published: '8000-9000' }]],
    ['"0:80"', [{ target: 80 }]],
    ['{target: 80}', [{ target: 80 }]],
    [
      '{target: "80", published: 8080, host_ip: 0.0.0.0, protocol: udp, mode: host}',
      [{ target: 80, published: '8080', host_ip: '0.0.0.0', protocol: 'udp' }],
    ],
    ['{target: 80, published: "8000-8010"}', [{ target: 80, published: '8000-8010' }]],
  ])('%s', async (port, expected) => {
    expect((await webOf(`ports: [${port}]`)).settings.ports).toEqual(expected.map(at));
  });

  it('are in one order, each once', async () => {
    const { settings } = await webOf('ports: ["443:443", "80:80", {target: 80, published: 80}, "127.0.0.1:80:80"]');
    expect(settings.ports?.map(({ host_ip, target }) => `${host_ip}:${target}`)).toEqual(['127.0.0.1:80', ':80', ':443']);
  });
});

describe('mounts', () => {
  const volumes = 'volumes: {data: , given: {name: other}, ext: {external: true}}';
  it.each<[string, object]>([
    ['/anon', { target: '/anon' }],
    ['data:/d', { source: 'shop_data', target: '/d' }],
    ['data:/d:ro', { source: 'shop_data', target: '/d', read_only: true }],
    ['given:/d/', { source: 'other', target: '/d' }],
    ['ext:/d:rw', { source: 'ext', target: '/d' }],
    ['./x:/x', { type: 'bind', source: '/work/x', target: '/x' }],
    ['../up:/x:ro,cached', { type: 'bind', source: '/up', target: '/x', read_only: true }],
    ['/abs:/x', { type: 'bind', source: '/abs', target: '/x' }],
    ['~/h:/x', { type: 'bind', source: '/home/me/h', target: '/x' }],
    ['~:/x', { type: 'bind', source: '/home/me', target: '/x' }],
    ['{type: volume, source: data, target: /d, read_only: true}', { source: 'shop_data', target: '/d', read_only: true }],
    ['{type: bind, source: ./x, target: /x, bind: {create_host_path: true}}', { type: 'bind', source: '/work/x', target: '/x' }],
    ['{type: tmpfs, target: /t, tmpfs: {size: 1m, mode: 0o1777}}', { type: 'tmpfs', target: '/t', size: 1_048_576, mode: 0o1777 }],
  ])('%s', async (volume, expected) => {
    const web = await webOf(`volumes: [${volume.startsWith('{') ? volume : `"${volume}"`}]`, volumes, {
      projectDirectory: '/work',
      projectName: 'shop',
      environment: { HOME: '/home/me' },
    });
    expect(web.settings.volumes).toEqual([mount(expected)]);
  });

  it('reads tmpfs, and lets the last of one target win', async () => {
    expect((await webOf('tmpfs: /run')).settings.volumes).toEqual([mount({ type: 'tmpfs', target: '/run' })]);
    expect((await webOf('tmpfs: [/a, "/b:size=64m,mode=700"]')).settings.volumes).toEqual([
      mount({ type: 'tmpfs', target: '/a' }),
      mount({ type: 'tmpfs', target: '/b', size: 67_108_864, mode: 0o700 }),
    ]);
    expect((await webOf('volumes: [/x, "/a:/y", "/b:/y:ro"]')).settings.volumes).toEqual([
      mount({ target: '/x' }),
      mount({ type: 'bind', source: '/b', target: '/y', read_only: true }),
    ]);
  });
});

describe('health checks', () => {
  it.each<[string, object]>([
    ['{test: curl -f localhost}', { test: ['CMD-SHELL', 'curl -f localhost'] }],
    ['{test: [CMD, a, b]}', { test: ['CMD', 'a', 'b'] }],
    ['{test: [CMD-SHELL, a || b]}', { test: ['CMD-SHELL', 'a || b'] }],
    ['{test: [NONE]}', { test: ['NONE'] }],
    ['{disable: true}', { test: ['NONE'] }],
    [
      '{interval: 5s, timeout: 1s, retries: "4", start_period: 1m, start_interval: 100ms}',
      { interval: 5000, timeout: 1000, retries: 4, start_period: 60_000, start_interval: 100 },
    ],
  ])('%s', async (yaml, expected) => expect((await webOf(`healthcheck: ${yaml}`)).settings.healthcheck).toEqual(expected));
});

describe('networks', () => {
  it.each<[string, string, object]>([
    ['image: i', '', { shop_default: { aliases: ['web'] } }],
    ['networks: [a, b]', 'networks: {a: , b: {name: other}}', { shop_a: { aliases: ['web'] }, other: { aliases: ['web'] } }],
    ['networks: {a: {aliases: [z, b, z]}}', 'networks: {a: {external: true}}', { a: { aliases: ['b', 'web', 'z'] } }],
    ['networks: {a: }', 'networks: {a: {external: {name: old}}}', { old: { aliases: ['web'] } }],
    ['networks: []', 'networks: {default: {name: proxy}}', { proxy: { aliases: ['web'] } }],
  ])('%s with %s', async (yaml, rest, expected) => expect((await webOf(yaml, rest)).settings.networks).toEqual(expected));
});

it('reads the resources that one engine can carry out', async () => {
  const web = await webOf('deploy: {resources: {limits: {cpus: "0.50", memory: 50M, pids: 100}, reservations: {memory: 20m}}}');
  expect(web.settings.resources).toEqual({ cpus: 0.5, memory: 52_428_800, memory_reservation: 20_971_520, pids: 100 });
});

it('says nothing of what is not declared', async () => {
  expect((await webOf('image: i')).settings).toEqual({ image: 'i', networks: { shop_default: { aliases: ['web'] } } });
});

it('seals what is sensitive by its name or its content', async () => {
  const { settings } = await webOf(
    `environment: {DB_PASSWORD: geheim, URL: "postgres://me:geheim@db", MINE: geheim, PLAIN: x, API_KEY: ""}
labels: {token: geheim}
command: [run, "http://me:geheim@x"]
logging: {driver: x, options: {splunk-token: geheim}}`,
    'x-stack: {sensitive: [MI*]}',
  );
  const { environment = {}, labels = {}, command = [], logging } = settings;
  expect(JSON.stringify(settings)).not.toContain('geheim');
  expect(Object.entries(environment).map(([key, value]) => `${key}=${value === null ? '' : shownText(value)}`)).toEqual([
    'DB_PASSWORD=(sensitive)',
    'URL=postgres://me:(sensitive)@db',
    'MINE=(sensitive)',
    'PLAIN=x',
    'API_KEY=',
  ]);
  expect([labels['token'], command[1], logging?.options['splunk-token']].map((text) => shownText(text ?? ''))).toEqual([
    '(sensitive)',
    'http://me:(sensitive)@x',
    '(sensitive)',
  ]);
});
