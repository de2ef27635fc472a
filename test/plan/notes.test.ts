import { describe, expect, it } from 'vitest';
import type { Change, ContainerChange, FieldDiff } from '../../src/model/change.ts';
import type { ServiceSpec } from '../../src/model/desired.ts';
import { noteOf } from '../../src/plan/notes.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { desired, network, seen, seenNetwork, service, state, volume } from '../kit/builders.ts';

const web = service('web');
const because = 'the file changed';
const wanted = (one: ServiceSpec = web) => ({ service: one, replica: one.replicas[0]! });
const note = (change: Change) => noteOf(change, { desired: desired({ services: [web] }), options: plainOptions });
const field = (mend: FieldDiff['mend']): FieldDiff => ({ path: 'user', want: 'x', cause: 'file', mend });
const startFirst = service('web', { update: { order: 'start-first', failureAction: 'rollback', monitorMs: 20, parallelism: 0 } });
const onHost = { ...startFirst, settings: { ...startFirst.settings, network_mode: 'host' } };

const replaced = (one: ServiceSpec, have = seen(one)): ContainerChange => ({
  of: 'container',
  verb: 'replace',
  want: wanted(one),
  have,
  fields: [field('replace')],
  because,
});
const updated = (...mends: readonly FieldDiff['mend'][]): ContainerChange => ({
  of: 'container',
  verb: 'update',
  want: wanted(),
  have: seen(web, { settings: { stop_grace_period: 3000 } }),
  fields: mends.map(field),
  because,
});
const removed = (have = seen(web)): ContainerChange => ({ of: 'container', verb: 'remove', have, because });

describe('a change as it is told', () => {
  it.each<readonly [string, Change, ReturnType<typeof note>]>([
    [
      'of a network that is made',
      { of: 'network', verb: 'create', want: network('back'), because },
      { of: 'network', name: 'shop_back', verb: 'create', because, cause: 'file', fields: [] },
    ],
    [
      'of a network that is made anew',
      { of: 'network', verb: 'replace', want: network('back'), have: seenNetwork('shop_back'), fields: [field('replace')], because },
      { of: 'network', name: 'shop_back', verb: 'replace', because, cause: 'file', fields: [field('replace')] },
    ],
    [
      'of a volume',
      { of: 'volume', verb: 'create', want: volume('data'), because },
      { of: 'volume', name: 'shop_data', verb: 'create', because, cause: 'file', fields: [] },
    ],
    [
      'of a container that starts',
      { of: 'container', verb: 'start', want: wanted(), have: seen(web, { state: state('exited') }), because },
      { of: 'container', name: 'shop-web-1', service: 'web', verb: 'start', because, cause: 'drift', fields: [] },
    ],
    [
      'of a container that goes',
      removed(seen(service('old'), { state: state('exited') })),
      { of: 'container', name: 'shop-old-1', service: 'old', verb: 'remove', because, cause: 'file', fields: [] },
    ],
  ])('%s', (_which, change, told) => expect(note(change)).toEqual(told));
});

it('old and new side by side are told, or why that cannot be', () => {
  expect(note(replaced(startFirst))).toMatchObject({ verb: 'replace-start-first', because });
  expect(note(replaced(web))).toMatchObject({ verb: 'replace', because });
  expect(note(replaced(onHost))).toMatchObject({
    verb: 'replace',
    because: `${because}; the old one stops first because it uses the host network`,
  });
  // Whoever did not ask for it is not told why not
  expect(note(replaced({ ...onHost, update: web.update }))).toMatchObject({ verb: 'replace', because });
});

it.each<readonly [string, ContainerChange, string | undefined]>([
  ['a container that is replaced', replaced(web), 'stops shop-web-1 (up to 10 s to end), until it is ready again'],
  ['one that is replaced while it runs on', replaced(startFirst), undefined],
  ['one that is replaced and did not run', replaced(web, seen(web, { state: state('exited') })), undefined],
  ['one that is paused', removed(seen(web, { state: state('paused') })), undefined],
  ['one that goes', removed(), 'stops shop-web-1 (up to 10 s to end)'],
  ['one that restarts', updated('update', 'restart'), 'restarts shop-web-1 (up to 3 s to end), until it is ready again'],
  [
    'one that stands still, and restarts by that',
    updated('restart', 'standstill'),
    'stops shop-web-1 (up to 3 s to end), until it is ready again',
  ],
  ['one that is changed while it runs', updated('update', 'signal'), undefined],
  ['one that is made', { of: 'container', verb: 'create', want: wanted(), because }, undefined],
])('what is taken away from users meanwhile: %s', (_which, change, interrupts) => expect(note(change).interrupts).toBe(interrupts));

describe('of a container that is made is shown', () => {
  const shown = (one: ServiceSpec) => note({ of: 'container', verb: 'create', want: wanted(one), because }).fields;
  const digest = `sha256:${'ab'.repeat(32)}`;

  it('its image as somebody would write it, and what it is pinned to', () => {
    const image = (pinned?: string) => shown({ ...web, ...(pinned !== undefined && { pinned }) }).map(({ want }) => want);
    expect([image(), image(`nginx@${digest}`), image(digest)]).toEqual([['nginx:1'], [`nginx@${digest}`], ['nginx:1']]);
  });

  it('what people look for first, and nothing that is only called so', () => {
    const settings = { labels: { 'ports.x': '1' }, ports: [{ target: 80, protocol: 'tcp' as const, host_ip: '', published: '8080' }] };
    const made = { want: '8080:80/tcp', cause: 'file', mend: 'create' };
    expect(shown(service('web', { settings })).slice(1)).toEqual([{ path: 'ports.8080:80/tcp', ...made }]);
  });
});
