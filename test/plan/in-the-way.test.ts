import { expect, it } from 'vitest';
import type { Change, FieldDiff } from '../../src/model/change.ts';
import type { SeenContainer } from '../../src/model/observed.ts';
import { inTheWay } from '../../src/plan/in-the-way.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { desired, network, observed, seen, seenNetwork, service, state } from '../kit/builders.ts';

const port = (published: string) => ({ target: 80, protocol: 'tcp' as const, host_ip: '', published });
const web = service('web', { settings: { ports: [port('8080')] } });
const old = service('old', { settings: { ports: [port('9090'), port('8080')] } });
const want = { service: web, replica: web.replicas[0]! };
const because = 'x';
const create: Change = { of: 'container', verb: 'create', want, because };
const mend = (...mends: readonly FieldDiff['mend'][]) => mends.map((each): FieldDiff => ({ path: 'x', cause: 'file', mend: each }));

const found = (changes: readonly Change[], ...containers: readonly SeenContainer[]): string[] =>
  inTheWay(changes, { desired: desired({ services: [web, old] }), observed: observed({ containers }), options: plainOptions }).map(
    ({ code, message }) => `${code}: ${message.split(',')[0]}`,
  );
const taken = 'port-taken: port 8080/tcp';

it.each(['running', 'paused', 'restarting', 'created', 'exited', 'dead'] as const)('a host port is held by what is up: %s', (status) => {
  const isUp = ['running', 'paused', 'restarting'].includes(status);
  expect(found([create], seen(old, { state: state(status) }))).toEqual(isUp ? [taken] : []);
});

it('a host port is held unless its container goes, or is made anew', () => {
  const have = seen(old);
  const move = { of: 'container', have, because, want: { service: old, replica: old.replicas[0]! } } as const;
  expect(found([create, { ...move, verb: 'update', fields: mend('update') }], have)).toEqual([taken]);
  expect(found([create, { ...move, verb: 'replace', fields: [] }], have)).toEqual([]);
  expect(found([create, { of: 'container', verb: 'remove', have, because }], have)).toEqual([]);
});

it('a container that stands in its own place is not in its own way', () => {
  const have = seen(web);
  expect(found([{ of: 'container', verb: 'update', want, have, fields: mend('update'), because }], have)).toEqual([]);
  // But another one is, whatever becomes of this
  expect(found([{ of: 'container', verb: 'start', want, have: seen(web, { state: state('exited') }), because }], seen(old))).toEqual([
    taken,
  ]);
});

it('a name is taken unless its container gets another one, goes, or is made anew', () => {
  const have = seen(old, { name: 'shop-web-1', settings: { ports: [] } });
  const move = { of: 'container', have, because, want: { service: old, replica: old.replicas[0]! } } as const;
  const refused = ["name-taken: the container name shop-web-1 is taken by a container of this stack's service old"];
  expect(found([create], have)).toEqual(refused);
  expect(found([create, { ...move, verb: 'update', fields: mend('update', 'networks') }], have)).toEqual(refused);
  expect(found([create, { ...move, verb: 'update', fields: mend('update', 'rename') }], have)).toEqual([]);
  expect(found([create, { ...move, verb: 'replace', fields: [] }], have)).toEqual([]);
  expect(found([create, { of: 'container', verb: 'remove', have, because }], have)).toEqual([]);
});

it('only a container can be', () => {
  const renewed: Change = {
    of: 'network',
    verb: 'replace',
    want: network('default'),
    have: seenNetwork('shop_default'),
    fields: [],
    because,
  };
  expect(found([renewed, { of: 'network', verb: 'create', want: network('back'), because }], seen(old))).toEqual([]);
});
