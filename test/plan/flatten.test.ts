import { describe, expect, it } from 'vitest';
import type { DeviceRequest, HealthCheck, Mount, Port, Resources, Settings } from '../../src/model/settings.ts';
import { flatten } from '../../src/plan/flatten.ts';
import { limitPaths } from '../../src/plan/flatten-resources.ts';

const flat = (settings: Partial<Settings>) => flatten({ image: 'nginx:1', ...settings });

describe('what says the same is the same', () => {
  it.each<readonly [string, Partial<Settings>, ReturnType<typeof flat>]>([
    ['nothing', {}, {}],
    ['names that stand elsewhere', { container_name: 'x' }, {}],
    ['texts and lists without anything in them', { user: '', dns: [], init: false }, {}],
    ['an empty variable is one', { environment: { A: '' } }, { 'environment.A': '' }],
    [
      'an empty label is one',
      { labels: { a: '' }, annotations: { b: '' }, sysctls: { c: '' } },
      { 'labels.a': '', 'annotations.b': '', 'sysctls.c': '' },
    ],
    ['an empty option of a log is one', { logging: { driver: '', options: { a: '' } } }, { 'logging.options.a': '' }],
    [
      'an empty variable of a hook is one',
      { post_start: [{ command: ['a'], environment: { A: '' } }] as never },
      { 'post_start.0.command': ['a'], 'post_start.0.environment.A': '' },
    ],
    ['a variable that is taken away', { environment: { A: null } }, {}],
    [
      'an empty variable of the eleventh hook',
      { pre_stop: [...Array.from({ length: 10 }, () => ({})), { environment: { A: '' } }] as never },
      { 'pre_stop.10.environment.A': '' },
    ],
    ['but not an option of the storage that only sounds like a label', { storage_opt: { 'labels.x': '' } }, {}],
    ['but not an option of the storage', { storage_opt: { size: '', x: '1' } }, { 'storage_opt.x': '1' }],
    [
      'capabilities in any order, written in any way',
      { cap_add: ['sys_x', 'CAP_NET_ADMIN', 'A_CAP_B'], cap_drop: ['b', 'a'] },
      { cap_add: ['A_CAP_B', 'NET_ADMIN', 'SYS_X'], cap_drop: ['A', 'B'] },
    ],
    ['no restart policy and "no"', { restart: 'no' }, {}],
    ['a grace period in whole seconds', { stop_grace_period: 1001 }, { stop_grace_period: 2000 }],
    ['a score of nothing', { oom_score_adj: 0 }, {}],
    ['a score', { oom_score_adj: -5 }, { oom_score_adj: -5 }],
    [
      'a limit on both sides, and one that differs',
      { ulimits: { a: { soft: 1, hard: 1 }, b: { soft: 1, hard: 2 } } },
      { 'ulimits.a': 1, 'ulimits.b': '1:2' },
    ],
    ['an address of hardware', { mac_address: { a: '02' } }, { 'mac_address.a': '02' }],
    ['a profile by what stands in it', { seccomp: '{}' }, { 'security_opt.seccomp': 'profile 44136fa355b3' }],
  ])('%s', (_what, settings, expected) => expect(flat(settings)).toEqual(expected));
});

it('an engine writes down by itself that a container close to its host has no label', () => {
  const of = (more: Partial<Settings>, security_opt = ['label=disable']) => flat({ security_opt, ...more })['security_opt'];
  expect([of({ privileged: true }), of({ pid: 'host' }), of({ ipc: 'host' })]).toEqual([undefined, undefined, undefined]);
  expect([of({}), of({ privileged: false }), of({ pid: 'x', ipc: 'y' })]).toEqual([
    ['label=disable'],
    ['label=disable'],
    ['label=disable'],
  ]);
  expect([of({ privileged: true }, ['apparmor=x']), of({ pid: 'host' }, ['label=disable', 'x'])]).toEqual([
    ['apparmor=x'],
    ['label=disable', 'x'],
  ]);
});

it('what is published is exposed by that', () => {
  const port = (target: number, protocol: Port['protocol']): Port => ({ target, protocol, host_ip: '', published: '' });
  const exposed = (ports?: readonly Port[]) => flat({ expose: ['80/tcp', '81/tcp'], ...(ports && { ports }) })['expose'];
  expect([exposed(), exposed([port(80, 'tcp')]), exposed([port(80, 'udp')])]).toEqual([
    ['80/tcp', '81/tcp'],
    ['81/tcp'],
    ['80/tcp', '81/tcp'],
  ]);
});

describe('a health check', () => {
  it.each<readonly [string, HealthCheck, ReturnType<typeof flat>]>([
    ['has what is said of it', { test: ['CMD', 'a'], interval: 5 }, { 'healthcheck.test': ['CMD', 'a'], 'healthcheck.interval': 5 }],
    ['has what 0 stands for by itself', { test: ['CMD', 'a'], retries: 0 }, { 'healthcheck.test': ['CMD', 'a'] }],
    ['that is switched off is none', { test: ['NONE'], interval: 5 }, {}],
    ['may be of the image', { interval: 5 }, { 'healthcheck.interval': 5 }],
  ])('%s', (_what, healthcheck, expected) => expect(flat({ healthcheck })).toEqual(expected));
});

describe('a mount, as people read it', () => {
  const text = (more: Partial<Mount>) =>
    flat({ volumes: [{ type: 'bind', source: '/srv', target: '/a', read_only: false, ...more }] })['volumes./a'];

  it.each<readonly [string, Partial<Mount>]>([
    ['bind /srv', {}],
    ['bind /srv (read-only)', { read_only: true }],
    ['anonymous volume', { type: 'volume', source: '' }],
    ['volume data', { type: 'volume', source: 'data' }],
    ['tmpfs', { type: 'tmpfs', source: '' }],
    ['tmpfs (size=64, mode=1777, noexec, uid=1)', { type: 'tmpfs', source: '', size: 64, mode: 0o1777, options: ['noexec', 'uid=1'] }],
    ['tmpfs (mode=0)', { type: 'tmpfs', source: '', mode: 0 }],
    ['bind /srv (rshared, selinux=z, recursive=disabled)', { propagation: 'rshared', selinux: 'z', recursive: 'disabled' }],
    ['volume data (nocopy, subpath=a)', { type: 'volume', source: 'data', nocopy: true, subpath: 'a' }],
    ['volume data (subpath=)', { type: 'volume', source: 'data', subpath: '' }],
  ])('%s', (expected, more) => expect(text(more)).toBe(expected));
});

it('an attachment is told with its addresses and options, in any order', () => {
  const text = (attachment: NonNullable<Settings['networks']>[string]) => flat({ networks: { a: attachment } })['networks.a'];
  expect(text({ aliases: [] })).toBe('');
  expect(text({ aliases: ['b', 'a'], ipv4_address: '10.0.0.2', ipv6_address: '' })).toBe('a, b at 10.0.0.2');
  expect(text({ aliases: ['a'], ipv6_address: 'fd::2', link_local_ips: ['169.254.0.3', '169.254.0.2'] })).toBe(
    'a at fd::2, 169.254.0.2, 169.254.0.3',
  );
  expect(text({ aliases: ['a'], gw_priority: 7, driver_opts: { c: '3', a: '1', b: '2' } })).toBe('a gw_priority=7 a=1 b=2 c=3');
  expect(text({ aliases: ['a'], gw_priority: 0 })).toBe('a');
});

describe('a limit', () => {
  it('stands where the file declares it', () => {
    const all = Object.fromEntries(Object.keys(limitPaths).map((key, i) => [key, i + 1])) as Resources;
    expect(flat({ resources: all })).toEqual({
      'deploy.resources.limits.cpus': 1,
      'deploy.resources.limits.memory': 2,
      'deploy.resources.limits.pids': 3,
      'deploy.resources.reservations.memory': 4,
      memswap_limit: 5,
      cpu_shares: 6,
      cpu_period: 7,
      cpu_quota: 8,
      cpu_rt_period: 9,
      cpu_rt_runtime: 10,
      cpuset: 11,
      'blkio_config.weight': 12,
    });
  });

  it('of 0 is none where the engine has it so by itself', () => {
    const all = Object.fromEntries(Object.keys(limitPaths).map((key) => [key, 0])) as Resources;
    expect(Object.keys(flat({ resources: all }))).toEqual([
      'deploy.resources.limits.cpus',
      'deploy.resources.limits.memory',
      'deploy.resources.limits.pids',
      'deploy.resources.reservations.memory',
      'cpuset',
    ]);
  });

  it('of the swap says nothing where it is twice the memory, as the engine has it by itself', () => {
    const swap = (memswap_limit: number, memory?: number) =>
      flat({ resources: { memswap_limit, ...(memory !== undefined && { memory }) } })['memswap_limit'];
    expect([swap(128, 64), swap(127, 64), swap(-1), swap(0, 64)]).toEqual([undefined, 127, -1, undefined]);
    expect(flat({ resources: { memory: 64, memory_reservation: 128 } })).toHaveProperty(['deploy.resources.reservations.memory'], 128);
  });

  it('of a device stands with its path', () => {
    expect(flat({ blkio_config: { device_read_bps: { '/dev/a': 1 }, device_write_iops: { '/dev/b': 2 } } })).toEqual({
      'blkio_config.device_read_bps./dev/a': 1,
      'blkio_config.device_write_iops./dev/b': 2,
    });
  });
});

describe('a device', () => {
  it('is told with what may be done with it', () => {
    expect(flat({ devices: [{ source: '/dev/a', target: '/dev/b', permissions: 'rw' }] })).toEqual({ 'devices./dev/b': '/dev/a (rw)' });
  });

  const request: DeviceRequest = { driver: '', count: 0, ids: [], capabilities: [], options: {} };
  it.each<readonly [string, Partial<DeviceRequest>]>([
    ['0', {}],
    ['2', { count: 2 }],
    ['all', { count: -1 }],
    ['a,b', { ids: ['a', 'b'] }],
    ['nvidia all [gpu, utility] x=1 y=2', { driver: 'nvidia', count: -1, capabilities: ['gpu', 'utility'], options: { x: '1', y: '2' } }],
  ])('is asked for as %s', (text, more) => {
    expect(flat({ device_requests: [{ ...request, ...more }] })).toEqual({ 'device_requests.0': text });
  });
});
