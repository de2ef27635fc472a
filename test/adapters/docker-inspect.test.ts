import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { answerOf, type Answer } from '../../src/adapters/docker-answer.ts';
import { ownership, seenContainer, type Reading } from '../../src/adapters/docker-inspect.ts';
import type { EngineFacts, SeenContainer } from '../../src/model/observed.ts';
import { createVault } from '../../src/model/vault.ts';

const vault = createVault('00'.repeat(16));
const facts: EngineFacts = {
  id: 'e',
  kind: 'docker',
  version: '',
  apiVersion: '1.41',
  host: 'machine',
  address: { kind: 'unix', path: '/var/run/docker.sock' },
  defaultLogDriver: 'json-file',
  defaults: { ipc: 'private', runtime: 'runc', cgroup: 'host' },
  drops: [],
};
const reading: Reading = { vault, facts, peerOf: () => undefined };

const recorded = (name: string): unknown => JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8'));

function seenFrom(answer: Answer, given = reading): SeenContainer {
  const owner = ownership(answer.inside('Config').textMap('Labels'));
  if (!owner) throw new Error('no container of a service');
  return seenContainer(answer, owner, given);
}

/** What compose.yaml declared when these answers were recorded, made by docker compose 2.40. */
const declared = {
  network_priority: 'adprec_back',
  image: 'stk/busybox:1',
  command: ['sleep', '600'],
  entrypoint: ['/bin/busybox'],
  user: '0:0',
  working_dir: '/w',
  stop_signal: 'SIGINT',
  stop_grace_period: 15_000,
  hostname: 'h1',
  labels: { 'com.example.a': 'x' },
  restart: 'on-failure:3',
  resources: { cpus: 0.5, memory: 67_108_864, memory_reservation: 33_554_432, pids: 100 },
  cap_add: ['NET_ADMIN', 'SYS_TIME'],
  cap_drop: ['MKNOD'],
  read_only: true,
  ulimits: { nofile: { soft: 1000, hard: 2000 } },
  extra_hosts: ['a:10.0.0.1', 'b:10.0.0.2'],
  dns: ['1.1.1.1'],
  init: true,
  shm_size: 33_554_432,
  logging: { driver: 'json-file', options: { 'max-size': '1m' } },
  networks: { adprec_back: { aliases: ['w2', 'web'] }, adprec_default: { aliases: ['web'] } },
  ports: [
    { target: 80, protocol: 'tcp', host_ip: '127.0.0.1', published: '21001' },
    { target: 81, protocol: 'udp', host_ip: '', published: '21002' },
    { target: 82, protocol: 'tcp', host_ip: '', published: '' },
  ],
  volumes: [
    { type: 'volume', source: '', target: '/anon', read_only: false },
    { type: 'bind', source: '/tmp/adp/bind', target: '/bind', read_only: true },
    { type: 'bind', source: '/tmp/adp/bind', target: '/bind2', read_only: false },
    { type: 'volume', source: 'adprec_data', target: '/data', read_only: false },
    { type: 'volume', source: 'adprec_data', target: '/data2', read_only: true },
    { type: 'tmpfs', source: '', target: '/t1', read_only: false, size: 1_048_576, mode: 0o700 },
    { type: 'tmpfs', source: '', target: '/t2', read_only: false, size: 2_097_152, mode: 0o755 },
    { type: 'tmpfs', source: '', target: '/t3', read_only: false },
  ],
};
const check = { test: ['CMD-SHELL', 'true'], interval: 30_000, start_period: 5000 };
const variables = { A: '1', PASSWORD: vault.text('PASSWORD', 'hunter2') };

describe('a container that Compose made', () => {
  test('on Docker 28.5', () => {
    const seen = seenFrom(answerOf(recorded('compose-web-docker-28.5'), 'container'));
    expect(seen.settings).toEqual({ ...declared, environment: variables, healthcheck: { ...check, start_interval: 1000 } });
    expect(seen).toMatchObject({
      name: 'adprec-web-1',
      service: 'web',
      number: 1,
      files: ['/tmp/adp/compose.yaml'],
      workingDir: '/tmp/adp',
    });
    expect(Object.keys(seen.anonymous)).toEqual(['/anon']);
    expect('run' in seen || 'applied' in seen).toBe(false);
  });

  test('on Docker 20.10, with the variables of its image', () => {
    const seen = seenFrom(answerOf(recorded('compose-web-docker-20.10'), 'container'));
    expect(seen.settings).toEqual({
      ...declared,
      environment: { ...variables, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      healthcheck: check,
    });
  });

  test.each(['28.5', '20.10'])('shows nothing that nobody declared, Docker %s', (version) => {
    const { environment: _, ...settings } = seenFrom(answerOf(recorded(`compose-db-docker-${version}`), 'container')).settings;
    expect(settings).toEqual({ image: 'stk/busybox:1', command: ['sleep', '600'], networks: { adprec_default: { aliases: ['db'] } } });
  });
});

/** The recorded answer with some fields changed, by path. */
function changed(...changes: readonly (readonly [path: string, value: unknown])[]): Answer {
  const answer: unknown = recorded('compose-web-docker-28.5');
  for (const [path, value] of changes) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const inner = keys.reduce<unknown>((found, key) => Reflect.get(Object(found), key), answer);
    Reflect.set(Object(inner), last, value);
  }
  return answerOf(answer, 'container');
}

test.each<[string, unknown]>([
  ['Id', 'abc'],
  ['Id', null],
  ['Image', 7],
  ['State', 'running'],
  ['State.Status', 'happy'],
  ['State.ExitCode', '0'],
  ['RestartCount', true],
  ['Config.Env', 'A=1'],
  ['Config.Env', [1]],
  ['Config.Labels', ['x']],
  ['Config.Cmd', { a: 1 }],
  ['Config.Image', ''],
  ['HostConfig', []],
  ['HostConfig.Binds', 5],
  ['HostConfig.Memory', '64m'],
  ['HostConfig.Memory', Number.NaN],
  ['HostConfig.Privileged', 'no'],
  ['HostConfig.PortBindings', []],
  ['HostConfig.RestartPolicy', 'no'],
  ['Mounts', {}],
  ['NetworkSettings.Networks', 3],
])('%s = %j is a garbled answer, never a default', (path, value) => {
  expect(() => seenFrom(changed([path, value]))).toThrow(expect.objectContaining({ code: 'garbled' }));
});

test('aliases: what Docker below API 1.45 and Compose add is not declared', () => {
  const id = 'ab12'.repeat(16);
  const aliases = (list: readonly string[], hostname: string): unknown => {
    const answer = changed(['Id', id], ['Config.Hostname', hostname], ['NetworkSettings.Networks.adprec_default.Aliases', list]);
    return seenFrom(answer).settings.networks?.['adprec_default']?.aliases;
  };
  expect(aliases(['adprec-web-1', 'web', 'ab12ab12ab12', 'h1'], 'h1')).toEqual(['web']);
  expect(aliases(['web', 'h1', 'ab12ab12ab12'], 'h1')).toEqual(['h1', 'web']);
  expect(aliases(['web', 'h1'], 'h1')).toEqual(['h1', 'web']);
  expect(aliases(['web', 'ab12ab12ab12'], 'ab12ab12ab12')).toEqual(['web']);
});

test('a shared network namespace is named by its service, within the stack only', () => {
  const answer = changed(['HostConfig.NetworkMode', 'container:feed'], ['NetworkSettings.Networks', {}]);
  expect(seenFrom(answer).settings).toMatchObject({ network_mode: 'container:feed' });
  expect(
    seenFrom(answer, { ...reading, peerOf: (id) => (id === 'feed' ? { called: 'service:db', mounts: [] } : undefined) }).settings,
  ).toMatchObject({
    network_mode: 'service:db',
  });
  const host = seenFrom(changed(['HostConfig.NetworkMode', 'host'], ['Config.Hostname', 'machine'])).settings;
  expect(host).toMatchObject({ network_mode: 'host' });
  expect('hostname' in host || 'networks' in host).toBe(false);
});

test('a stopped container has no health, but its last probe', () => {
  const health = {
    Status: 'unhealthy',
    FailingStreak: 0,
    Log: [
      { ExitCode: 1, Output: 'first' },
      { ExitCode: 0, Output: 'last' },
    ],
  };
  const stopped = seenFrom(changed(['State.Status', 'exited'], ['State.Health', health])).state;
  expect(stopped).toMatchObject({ status: 'exited', startedAt: '', lastProbe: { exitCode: 0, output: 'last' } });
  expect('health' in stopped).toBe(false);
  const running = (FailingStreak: number) =>
    seenFrom(changed(['State.Status', 'running'], ['State.Health', { ...health, FailingStreak }])).state.health;
  // After a pause an engine says so without a look
  expect([running(3), running(0)]).toEqual(['unhealthy', 'starting']);
});

test('a label of another version says nothing about what was applied', () => {
  const applied = { version: 1, key: '00'.repeat(16), hashes: { image: 'ff' } };
  const withLabel = (value: unknown): unknown =>
    seenFrom(changed(['Config.Labels', { ...labels, 'io.stackctl.applied': JSON.stringify(value) }])).applied;
  const labels = answerOf(recorded('compose-web-docker-28.5'), 'container').inside('Config').textMap('Labels');
  expect(withLabel(applied)).toEqual(applied);
  for (const other of [{ ...applied, version: 2 }, { ...applied, key: 'x' }, { ...applied, hashes: { a: 1 } }, [], 'x', null])
    expect(withLabel(other)).toBeUndefined();
});

test('an anonymous volume that was taken over stays anonymous', () => {
  const name = '0a'.repeat(32);
  const answer = changed(
    ['HostConfig.Mounts', [{ Type: 'volume', Source: name, Target: '/anon' }]],
    ['HostConfig.Tmpfs', null],
    ['Mounts', [{ Type: 'volume', Name: name, Source: '/x', Destination: '/anon', RW: true }]],
  );
  expect(seenFrom(answer)).toMatchObject({
    anonymous: { '/anon': name },
    settings: { volumes: [{ type: 'volume', source: '', target: '/anon', read_only: false }] },
  });
});
