import { describe, expect, it } from 'vitest';
import { definitionOf } from '../../src/actions/index.ts';
import type { Action } from '../../src/model/action.ts';
import type { Change } from '../../src/model/change.ts';
import type { ServiceSpec } from '../../src/model/desired.ts';
import type { Mount } from '../../src/model/settings.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { asideName, recipeFor } from '../../src/plan/recipes.ts';
import { desired, image, needs, observed, seen, service, state } from '../kit/builders.ts';

const label = (action: Action): string => definitionOf(action).label(action.args);
const argsOf = (actions: readonly Action[], kind: string) => actions.find((action) => action.kind === kind)?.args as object | undefined;

type ObservedParts = NonNullable<Parameters<typeof observed>[0]>;

interface Case {
  readonly web?: ServiceSpec;
  readonly have?: Parameters<typeof seen>[1];
  readonly machine?: ObservedParts;
}

/** How a container is replaced. */
function replacement({ web = service('web'), have, machine }: Case = {}) {
  const want = { service: web, replica: web.replicas[0]! };
  const change: Change = { of: 'container', verb: 'replace', want, have: seen(web, have), fields: [], because: 'x' };
  return recipeFor(change, { desired: desired({ services: [web] }), observed: observed(machine), options: plainOptions });
}

const created = (one: Case) => argsOf(replacement(one).build, 'container.create');

it('what an engine would start again by itself is kept from it, and nothing else', () => {
  const restrained = (settings: object) => replacement({ have: { settings } }).letGo.map(({ kind }) => kind);
  expect(restrained({ restart: 'always' })).toEqual(['container.update', 'container.stop', 'container.rename']);
  expect(replacement().letGo[0]?.args).toMatchObject({ update: { restart: 'no' } });
  expect(restrained({ restart: 'no' })).toEqual(['container.stop', 'container.rename']);
  const { restart: _restart, ...settings } = seen(service('web')).settings;
  const have = { ...seen(service('web')), settings };
  const gone = recipeFor(
    { of: 'container', verb: 'remove', have, because: 'x' },
    { desired: desired(), observed: observed(), options: plainOptions },
  );
  expect(gone.letGo.map(({ kind }) => kind)).toEqual(['container.stop', 'container.rename']);
});

it('a stop says how long only where somebody said so', () => {
  const stop = (settings: object) => argsOf(replacement({ have: { settings } }).letGo, 'container.stop');
  expect(stop({})).not.toHaveProperty('graceMs');
  expect(stop({ stop_grace_period: 0 })).toMatchObject({ graceMs: 0 });
});

it('a paused container is woken before it is stopped', () => {
  expect(replacement({ have: { state: state('paused') } }).letGo.map(label)[1]).toBe('unpause container shop-web-1');
});

it('a container is made of what is declared, and of nothing else', () => {
  expect(created({})).not.toHaveProperty('image');
  expect(created({})).not.toHaveProperty('links');
  const digest = `nginx@sha256:${'ab'.repeat(32)}`;
  const web = service('web', {
    pinned: digest,
    dependsOn: [needs('db'), needs('mq', 'service_started', { restart: true })],
    settings: { external_links: ['x:y'] },
  });
  expect(created({ web })).toMatchObject({
    image: digest,
    links: ['x:y'],
    dependsOn: 'db:service_healthy:false,mq:service_started:true',
  });
});

describe('a volume without a name goes on to the new container', () => {
  const anonymous = { '/data': 'v1', '/cache': 'v2' };
  const mount = (target: string, more: Partial<Mount> = {}): Mount => ({ type: 'volume', source: '', target, read_only: false, ...more });
  const inherits = (volumes: readonly Mount[], machine: ObservedParts): string => {
    const web = service('web', volumes.length > 0 ? { settings: { volumes } } : {});
    return Object.keys((created({ web, have: { anonymous }, machine }) as { inherits: object }).inherits).join(' ');
  };
  const images = { 'nginx:1': image('nginx:1', { volumes: ['/data'] }) };

  it.each<readonly [string, string, readonly Mount[], ObservedParts]>([
    ['where the file still has one there', '/data', [mount('/data'), mount('/other')], {}],
    ['but not where it has one with a name', '', [mount('/data', { source: 'shop_data' })], {}],
    ['nor where it has something else', '', [mount('/data', { type: 'tmpfs' })], {}],
    ['nor where nobody has one any more', '', [], {}],
    ['where the image has one there', '/data', [], { images }],
    ['wherever the image may have one, while nobody knows the image', '/data /cache', [], { images: {} }],
    ['but not where the file has another one', '/cache', [mount('/x'), mount('/data', { source: 's' })], { images: {} }],
    ['where the file has one, while nobody knows the image', '/data /cache', [mount('/data')], { images: {} }],
  ])('%s', (_where, kept, volumes, machine) => expect(inherits(volumes, machine)).toBe(kept));
});

it('the name under which a container waits aside is made from the one that it had at first', () => {
  const id = `${'a'.repeat(12)}b`;
  const aside = (name: string): string => asideName(seen(service('web'), { name, id }));
  const end = '.before-aaaaaaaaaaaa';
  expect(['web', 'web.next', 'web.next12', `web.before-${'0'.repeat(12)}`, `web${end}`].map(aside)).toEqual(Array(5).fill(`web${end}`));
  // Whatever only looks like it is the person's own
  expect(['web.next.x', 'web.nextdoor', 'web.before-0', `web.before-${'0'.repeat(12)}.x`].map(aside)).toEqual([
    `web.next.x${end}`,
    `web.nextdoor${end}`,
    `web.before-0${end}`,
    `web.before-${'0'.repeat(12)}.x${end}`,
  ]);
});

it('a container that starts beside the old one takes the first name that nobody has', () => {
  const web = service('web', { update: { order: 'start-first', failureAction: 'rollback', monitorMs: 20, parallelism: 0 } });
  const taken = (...names: readonly string[]) => {
    const [own, ...others] = names.map((name) => `shop-web-1.${name}`);
    return created({
      web,
      machine: {
        containers: own === undefined ? [] : [seen(web, { name: own })],
        others: others.map((name) => ({ id: name, name, running: false, ports: [] })),
      },
    });
  };
  const all = ['next', ...[2, 3, 4, 5, 6, 7, 8, 9].map((count) => `next${count}`)];
  expect([taken(), taken('next'), taken('next', 'next2', 'next4'), taken(...all)]).toMatchObject([
    { name: 'shop-web-1.next' },
    { name: 'shop-web-1.next2' },
    { name: 'shop-web-1.next3' },
    { name: 'shop-web-1.next10' },
  ]);
});
