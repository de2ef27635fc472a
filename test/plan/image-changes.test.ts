import { describe, expect, it } from 'vitest';
import type { BuildSpec, ServiceSpec } from '../../src/model/desired.ts';
import type { SeenContainer } from '../../src/model/observed.ts';
import type { Mount } from '../../src/model/settings.ts';
import { diffText } from '../../src/plan/diff-text.ts';
import { fingerprint } from '../../src/plan/fingerprint.ts';
import { mountedId, movedMounts, namedMounts } from '../../src/plan/image-mounts.ts';
import { imageNeeds, pendingImage, platformFor, refreshes } from '../../src/plan/image-refresh.ts';
import { plainOptions, type PlanOptions } from '../../src/plan/options.ts';
import { ownDigest } from '../../src/plan/own-digest.ts';
import { desired, idOf, image, observed, seen, service } from '../kit/builders.ts';

const id = (name: string): string => `sha256:${idOf(name)}`;
const mount = (source: string, target = '/pages', type: Mount['type'] = 'image'): Mount => ({ type, source, target, read_only: true });
const build: BuildSpec = { context: '/srv', dockerfile: '/srv/Dockerfile', args: {} };
const images = { 'nginx:1': image('nginx:1'), 'pages:1': image('pages:1') };

describe('an image that a container mounts', () => {
  const having = (volumes: readonly Mount[], edited: readonly string[] = []) => seen(service('web'), { settings: { volumes }, edited });
  const { edited: _edited, ...byCompose } = having([mount(id('other'))]);

  it('is known by its id, where the container keeps that', () => {
    const have = having([
      mount('data', '/a', 'volume'),
      mount(id('pages:1'), '/b'),
      mount('pages:1', '/c'),
      mount('sha256:x', '/d', 'volume'),
    ]);
    expect(['/a', '/b', '/c', '/d', '/e'].map((target) => mountedId(target, have))).toEqual([
      undefined,
      id('pages:1'),
      undefined,
      undefined,
      undefined,
    ]);
    const { volumes: _volumes, ...settings } = have.settings;
    expect(mountedId('/b', { ...have, settings })).toBeUndefined();
  });

  it('is called as in the file where that means it, or meant it', () => {
    const named = (have: SeenContainer, ...wanted: readonly Mount[]) =>
      namedMounts(have, { image: 'nginx:1', volumes: wanted }, images).map(({ source }) => source);
    const others = [mount('data', '/a', 'volume'), mount('pages:1', '/b', 'volume'), mount('nginx:1', '/c')];
    expect(named(having([mount(id('pages:1'))]), ...others, mount('pages:1'))).toEqual(['pages:1']);
    expect(named(having([mount(id('pages:1'))]), mount('pages:1'))).toEqual(['pages:1']);
    expect(named(byCompose, mount('pages:1'))).toEqual([id('other')]);
    expect(named(byCompose, mount('gone:1'))).toEqual([id('other')]);
    expect(named(having([mount(id('other'))], ['volumes']), mount('pages:1'))).toEqual([id('other')]);
    expect(named(having([mount(id('other'))]), mount('pages:1'))).toEqual(['pages:1']);
    expect(named(having([mount(id('pages:1'))]), ...others)).toEqual([id('pages:1')]);
    expect(
      named(having([mount('data', '/a', 'volume'), mount('old:1', '/pages')]), mount('other', '/a', 'volume'), mount('pages:1')),
    ).toEqual(['data', 'old:1']);
  });

  it('is another one where its name means another one now', () => {
    const moved = (have: SeenContainer, ...volumes: readonly Mount[]) => movedMounts({ image: 'nginx:1', volumes }, have, images);
    const have = having([mount(id('old')), mount('data', '/a', 'volume')]);
    expect(moved(have, mount('pages:1'), mount('pages:1', '/a', 'volume'), mount('gone:1'), mount('pages:1', '/new'))).toEqual([
      {
        path: 'volumes./pages',
        have: `image ${idOf('old').slice(0, 12)}`,
        want: `image ${idOf('pages:1').slice(0, 12)}`,
        cause: 'image',
        mend: 'replace',
      },
    ]);
    expect([
      moved(having([mount(id('pages:1'))]), mount('pages:1')),
      moved(having([mount(id('old'))], ['volumes']), mount('pages:1')),
      moved(having([mount(id('old'))]), mount('pages:1', '/pages', 'volume')),
    ]).toEqual([[], [], []]);
    expect(moved(byCompose, mount('pages:1'))).toEqual([]);
    expect(moved(having([mount(id('old'))], ['user']), mount('pages:1'))).toHaveLength(1);
  });
});

describe('what has to happen to an image first', () => {
  const needs = (services: readonly ServiceSpec[], options: Partial<PlanOptions> = {}, here = images) =>
    imageNeeds(services[0]!, {
      desired: desired({ services }),
      observed: observed({ images: here }),
      options: { ...plainOptions, ...options },
    }).map(({ image: name, how }) => `${how === 'pull' ? 'pull' : 'build'} ${name}`);
  const built = { ...service('web'), build };
  const gone = {} as typeof images;

  it('a build: where it is not here, or somebody asks for it', () => {
    expect([needs([built]), needs([built], {}, gone), needs([built], { build: true })]).toEqual([[], ['build nginx:1'], ['build nginx:1']]);
    expect(needs([{ ...built, pullPolicy: 'build' }])).toEqual(['build nginx:1']);
  });

  it('a build of whoever builds it, also for those who only use it', () => {
    expect(needs([service('web'), { ...service('app'), build }], {}, gone)).toEqual(['build nginx:1']);
    expect(needs([service('web'), { ...service('app', { settings: { image: 'app:1' } }), build }], {}, gone)).toEqual(['pull nginx:1']);
    const own = { ...service('web', { pullPolicy: 'build' }), build };
    expect(needs([own, { ...service('app'), build }])).toEqual(['build nginx:1']);
  });

  it('a pull, unless that is forbidden or nothing newer is there', () => {
    expect([needs([service('web')], {}, gone), needs([service('web', { pullPolicy: 'never' })], {}, gone)]).toEqual([['pull nginx:1'], []]);
    const newer = { ...images, 'nginx:1': { ...image('nginx:1'), inRegistry: 'newer' as const } };
    expect([needs([service('web')], {}, newer), needs([service('web')])]).toEqual([['pull nginx:1'], []]);
  });

  it('a pull for the platform that is asked for', () => {
    const arm = service('web', { settings: { platform: 'linux/arm64' } });
    const amd = { ...images, 'nginx:1': { ...image('nginx:1'), platform: 'linux/amd64' } };
    expect([
      needs([arm], {}, amd),
      needs([service('web'), service('db', { settings: { image: 'db', platform: 'linux/arm64' } })], {}, amd),
    ]).toEqual([['pull nginx:1'], []]);
    expect(platformFor('nginx:1', desired({ services: [service('a'), arm] }))).toBe('linux/arm64');
    expect(platformFor('other:1', desired({ services: [arm] }))).toBeUndefined();
  });
});

describe('a container whose image may turn out to be another one', () => {
  const newer = (name: string) => ({ ...image(name), inRegistry: 'newer' as const });
  const web = service('web', { settings: { volumes: [mount('data', '/a', 'volume'), mount('pages:1'), mount('more:1', '/more')] } });
  const have = seen(web, { settings: { volumes: [mount(id('pages:1')), mount('more:1', '/more')] } });
  const found = (here: Parameters<typeof observed>[0] = {}, of = have) =>
    refreshes(web, of, { desired: desired({ services: [web] }), observed: observed(here), options: plainOptions }).map(
      ({ path, have: before }) => `${path}: ${typeof before === 'string' ? before : ''}`,
    );
  const own = `image: ${idOf('nginx:1').slice(0, 12)}`;
  const mounted = `volumes./pages: image ${idOf('pages:1').slice(0, 12)}`;

  it('is said of each that it uses', () => {
    const here = { ...images, 'more:1': image('more:1') };
    expect(found({ images: { ...here, 'nginx:1': newer('nginx:1') } })).toEqual([own]);
    expect(found({ images: { ...here, 'pages:1': newer('pages:1') } })).toEqual([mounted]);
    expect(found({ images: { ...here, 'more:1': newer('more:1') } })).toEqual([]);
    expect(found({ images: here })).toEqual([]);
  });

  it('is said of its own one also where that is not here, and not where it has another one already', () => {
    const here = { 'pages:1': image('pages:1'), 'more:1': image('more:1') };
    expect([found({ images: here }), found({ images: { 'nginx:1': image('nginx:1'), 'more:1': image('more:1') } })]).toEqual([[own], []]);
    const older = { ...newer('nginx:1'), id: id('else') };
    expect(found({ images: { ...here, 'nginx:1': older } })).toEqual([]);
    expect(found({ images: { ...images, 'more:1': image('more:1'), 'pages:1': { ...newer('pages:1'), id: id('else') } } })).toEqual([]);
  });

  it('is replaced only then, where that one is all that differs', () => {
    const pending = (path: string) => ({ path, cause: 'image', mend: 'replace', pending: true }) as const;
    const other = { path: 'user', cause: 'file', mend: 'replace' } as const;
    expect(pendingImage(web, [pending('image')], have)).toEqual({ reference: 'nginx:1', id: id('nginx:1') });
    expect(pendingImage(web, [pending('volumes./pages')], have)).toEqual({ reference: 'pages:1', id: id('pages:1') });
    expect(
      [
        [],
        [other],
        [pending('image'), other],
        [pending('image'), pending('volumes./pages')],
        [pending('volumes./more')],
        [pending('volumes./x')],
      ].map((fields) => pendingImage(web, fields, have)),
    ).toEqual(Array(6).fill(undefined));
    expect(pendingImage(service('web'), [pending('volumes./pages')], have)).toBeUndefined();
  });
});

it('a difference in a sentence', () => {
  expect([
    diffText({ path: 'a', have: '', want: 'x' }),
    diffText({ path: 'a', have: 1, want: '' }),
    diffText({ path: 'a', want: true }),
  ]).toEqual(['a "" instead of x', 'a 1 instead of ""', 'no a instead of true']);
});

it('a digest belongs to a repository whatever its tag is called', () => {
  const digest = `sha256:${'ab'.repeat(32)}`;
  expect(ownDigest('nginx:1.27', [`nginx@${digest}`])).toBe(digest);
  expect(ownDigest('nginx:1', [])).toBeUndefined();
});

describe('what a plan was made from, of ports that somebody outside holds', () => {
  const process = { pid: 8, startTicks: 1, user: 'ann', executable: '/a', command: 'a', commandHash: '0', startedAt: '', ofEngine: false };
  const web = seen(service('web'));
  const listener = (...holders: readonly object[]) =>
    ({ protocol: 'tcp', address: '0.0.0.0', port: 80, inode: '9', user: 'ann', holders }) as never;
  const print = (...holders: readonly object[]) =>
    fingerprint(observed({ containers: [web], listeners: [listener(...holders)] }))['port 80/tcp on 0.0.0.0 (socket 9)'];

  it('is another one when another process holds it', () => {
    const all = [
      print(process),
      print({ ...process, pid: 9 }),
      print({ ...process, startTicks: 2 }),
      print({ ...process, command: 'b' }),
      print(),
    ];
    expect(new Set(all).size).toBe(5);
    expect(all).not.toContain(undefined);
    expect(print({ ...process, user: 'bob' })).toBe(all[0]);
  });

  it('is nothing of what its own containers hold', () => {
    const own = { ...process, containerId: web.id };
    expect([print(own), print(process, own)]).toEqual([undefined, undefined]);
  });
});
