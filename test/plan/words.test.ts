import { describe, expect, it } from 'vitest';
import type { ContainerChange } from '../../src/model/change.ts';
import type { Step } from '../../src/model/plan.ts';
import { causeOf } from '../../src/plan/cause-of.ts';
import { declaredPools } from '../../src/plan/declared-pools.ts';
import { droppedProblem, isDropped } from '../../src/plan/dropped.ts';
import { differences, fingerprint, standing } from '../../src/plan/fingerprint.ts';
import { sortSteps } from '../../src/plan/graph.ts';
import { fullImageName } from '../../src/plan/image-name.ts';
import { ownDigest } from '../../src/plan/own-digest.ts';
import { place } from '../../src/plan/place.ts';
import { nameOf, resourceOf } from '../../src/plan/resource-of.ts';
import { shortId } from '../../src/plan/short-id.ts';
import { stopGraceOf } from '../../src/plan/stop-grace.ts';
import { stoppedHow } from '../../src/plan/stopped-how.ts';
import { desired, facts, image, network, observed, seen, seenNetwork, seenVolume, service, state } from '../kit/builders.ts';

const step = (id: string, ...after: string[]): Step => ({
  id,
  stage: 'build',
  action: { kind: 'x', args: {} },
  after,
  because: 'x',
  onFailure: 'rollback',
});

describe('the order of steps', () => {
  const order = (...steps: Step[]): string =>
    sortSteps(steps)
      .map(({ id }) => id)
      .join(' ');

  it('has each after what it waits for, and keeps the order it was given in else', () => {
    expect(order(step('c', 'b'), step('d'), step('b', 'a', 'elsewhere'), step('a'))).toBe('a b c d');
    expect(order(step('b', 'a'), step('c', 'a', 'b'), step('a'))).toBe('a b c');
  });

  it('is none in a circle', () => {
    expect(() => order(step('a', 'b'), step('b', 'c'), step('c', 'b'))).toThrow('Steps wait for each other in a circle: a, b, c, b');
  });
});

it.each([
  ['redis', 'docker.io/library/redis:latest'],
  ['redis:7', 'docker.io/library/redis:7'],
  ['ann/redis', 'docker.io/ann/redis:latest'],
  ['quay.io/redis', 'quay.io/redis:latest'],
  ['host:5000/redis', 'host:5000/redis:latest'],
  ['localhost/redis:7', 'localhost/redis:7'],
  ['local.host', 'docker.io/library/local.host:latest'],
  ['redis@sha256:00', 'docker.io/library/redis@sha256:00'],
  ['redis:7@sha256:00', 'docker.io/library/redis:7@sha256:00'],
  ['sha256:abc', 'sha256:abc'],
])('the image %s is in full %s', (short, full) => expect(fullImageName(short)).toBe(full));

it('the digest of an image is that of its own repository', () => {
  const digests = [`ann/redis@sha256:${'aa'.repeat(32)}`, `redis@sha256:${'bb'.repeat(32)}`, `host:5000/redis@sha256:${'cc'.repeat(32)}`];
  const of = (reference: string) => ownDigest(reference, digests)?.slice(0, 9);
  expect(['redis:7', 'docker.io/library/redis', 'host:5000/redis:7', 'ann/redis@sha256:1', 'bob/redis'].map(of)).toEqual([
    'sha256:bb',
    'sha256:bb',
    'sha256:cc',
    'sha256:aa',
    undefined,
  ]);
});

it('ids are shown as the engine shows them', () => {
  expect([shortId('sha256:0123456789abcdef'), shortId('0123456789abcdef'), shortId('x sha256:1')]).toEqual([
    '0123456789ab',
    '0123456789ab',
    'x sha256:1',
  ]);
});

it('how a container stands that does not run', () => {
  const how = (...args: Parameters<typeof state>) => stoppedHow(seen(service('web'), { state: state(...args) }));
  expect([
    how('exited', { exitCode: 137 }),
    how('created'),
    how('created', { error: 'no such file' }),
    how('paused', { error: 'x' }),
  ]).toEqual(['stopped, exit code 137', 'created, never started', 'created, its start failed: no such file', 'paused']);
});

it('a container gets the time to stop that was asked for, else that of its service, else that it was made with', () => {
  const have = seen(service('web'), { settings: { stop_grace_period: 3 } });
  const grace = (stopMs?: number, stopGraceMs?: number, of = have) => {
    const { timeouts } = service('web');
    const web = service('web', { timeouts: { ...timeouts, ...(stopMs !== undefined && { stopMs }) } });
    return stopGraceOf(of, { desired: desired({ services: [web] }), options: { ...(stopGraceMs !== undefined && { stopGraceMs }) } });
  };
  expect([grace(2, 0), grace(0), grace(), grace(undefined, undefined, seen(service('web')))]).toEqual([0, 0, 3, undefined]);
  expect(stopGraceOf(seen(service('gone')), { desired: desired(), options: {} })).toBeUndefined();
});

it('a problem points to the first of its places that a file declares', () => {
  const at = { file: 'compose.yaml', line: 1, column: 1 };
  const wanted = desired({ places: { b: at } });
  expect([place(wanted, 'a', 'b'), place(wanted, 'a'), place(wanted, 'constructor')]).toEqual([{ at }, {}, {}]);
});

it('an engine drops a field, or all that is below it', () => {
  const engine = { ...facts, drops: ['a.b', 'c'] };
  expect(['a.b', 'a.b.c', 'a', 'a.bc', 'c.d', 'd.c'].filter((path) => isDropped(path, engine))).toEqual(['a.b', 'a.b.c', 'c.d']);
  expect(droppedProblem('a of web', facts, {})).toEqual({
    code: 'dropped-by-engine',
    severity: 'error',
    message: 'a of web has no effect: this engine (docker 28.5.2, API 1.51) drops it',
    hint: 'take it out, or use a newer engine',
  });
});

describe('what a plan was made from', () => {
  const world = observed({ containers: [seen(service('web'))], networks: [seenNetwork('shop_default')], volumes: [seenVolume('data')] });

  it('is told apart by each resource, in words', () => {
    expect(Object.keys(fingerprint(world)).sort()).toEqual([
      'container shop-web-1',
      'engine',
      expect.stringMatching(/^image nginx:1$/) as unknown,
      expect.stringMatching(/^image sha256:/) as unknown,
      'network shop_default',
      'volume data',
    ]);
    expect(Object.values(fingerprint(world)).every((hash) => /^[0-9a-f]{16}$/.test(hash))).toBe(true);
    const now = observed({
      containers: [seen(service('web'), { state: state('exited') }), seen(service('db'))],
      networks: [],
      volumes: [seenVolume('data', { driver: 'nfs' })],
      images: { 'nginx:1': image('other') },
    });
    expect(differences(fingerprint(world), fingerprint(now)).filter((each) => !each.includes('sha256'))).toEqual([
      'container shop-db-1 is new',
      'container shop-web-1 has changed',
      'image nginx:1 has changed',
      'network shop_default is gone',
      'volume data has changed',
    ]);
  });

  it('does not change with health, counters and times', () => {
    const of = (...args: Parameters<typeof state>) => standing(seen(service('web'), { state: state(...args) }));
    expect(of('restarting', { restartCount: 7, health: 'unhealthy', startedAt: 'now' })).toEqual(of('running'));
    expect(of('paused')).not.toEqual(of('running'));
    expect(of('running')).toMatchObject({ name: 'shop-web-1', runs: 'running', id: seen(service('web')).id, imageId: image('nginx:1').id });
  });
});

describe('a change', () => {
  const web = service('web');
  const want = { service: web, replica: web.replicas[0]! };
  const have = seen(web, { name: 'old' });
  const fields = (...causes: ('file' | 'image' | 'content' | 'drift')[]) =>
    causes.map((cause) => ({ path: 'user', cause, mend: 'replace' as const }));
  const replace = (...causes: Parameters<typeof fields>): ContainerChange => ({
    of: 'container',
    verb: 'replace',
    want,
    have,
    fields: fields(...causes),
    because: 'x',
  });

  it.each<[string, ContainerChange]>([
    ['drift', { of: 'container', verb: 'start', want, have, because: 'x' }],
    ['drift', { of: 'container', verb: 'create', want, because: 'x', gone: true }],
    ['file', { of: 'container', verb: 'create', want, because: 'x' }],
    ['file', { of: 'container', verb: 'remove', have, because: 'x' }],
    ['file', replace('drift', 'content', 'image', 'file')],
    ['image', replace('drift', 'content', 'image')],
    ['content', replace('drift', 'content')],
    ['drift', replace('drift')],
    ['drift', replace()],
    ['file', { ...replace(), verb: 'update' } as ContainerChange],
  ])('is mostly because of %s', (cause, change) => expect(causeOf(change)).toBe(cause));

  it('is about the resource that will stand there, or that goes', () => {
    const created = { of: 'network', verb: 'create', want: network('default'), because: 'x' } as const;
    const removed = { of: 'network', verb: 'remove', have: seenNetwork('shop_old'), because: 'x' } as const;
    expect([replace('file'), { of: 'container', verb: 'remove', have, because: 'x' } as const, created, removed].map(nameOf)).toEqual([
      'shop-web-1',
      'old',
      'shop_default',
      'shop_old',
    ]);
    expect(resourceOf(created)).toBe('network shop_default');
  });
});

describe('the address pools that a file declared', () => {
  const pools = [
    { subnet: '10.0.0.0/24', gateway: '10.0.0.1' },
    { subnet: '10.1.0.0/24', gateway: '10.1.0.1', ip_range: '10.1.0.0/28', aux_addresses: {} },
    { subnet: '10.2.0.0/24', gateway: '' },
    { subnet: '10.3.0.0/24', gateway: '10.3.0.1', aux_addresses: { a: '10.3.0.9' } },
  ];

  it('are those that its label names, with what it names of them', () => {
    const declared = ['ipam.config.10.0.0.0/24', 'ipam.config.10.1.0.0/24', 'ipam.config.10.1.0.0/24.ip_range'];
    expect(declaredPools(seenNetwork('n', { ipam: { pools }, declared }))).toEqual([
      { subnet: '10.0.0.0/24' },
      { subnet: '10.1.0.0/24', ip_range: '10.1.0.0/28' },
    ]);
  });

  it('are, without a label, those that no engine chooses by itself', () => {
    expect(declaredPools(seenNetwork('n', { ipam: { pools } }))).toEqual([
      { subnet: '10.1.0.0/24', gateway: '10.1.0.1', ip_range: '10.1.0.0/28' },
      { subnet: '10.2.0.0/24' },
      { subnet: '10.3.0.0/24', gateway: '10.3.0.1', aux_addresses: { a: '10.3.0.9' } },
    ]);
    expect(declaredPools(seenNetwork('n'))).toEqual([]);
  });
});
