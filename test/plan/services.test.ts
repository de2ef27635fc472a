import { describe, expect, it } from 'vitest';
import type { ServiceSpec } from '../../src/model/desired.ts';
import type { ContainerState } from '../../src/model/observed.ts';
import { plainOptions, type PlanOptions } from '../../src/plan/options.ts';
import { containersOf, hasCompleted, isSettled, mayComplete, needsOf, pairsOf, selectedServices } from '../../src/plan/services.ts';
import { desired, needs, observed, seen, service, state } from '../kit/builders.ts';

const implied = (name: string) => needs(name, 'service_started', { required: true });

it('a service waits for what it declares, and for those whose containers it holds on to', () => {
  expect(needsOf(service('web', { dependsOn: [needs('db')], settings: { network_mode: 'service:vpn', pid: 'service:vpn' } }))).toEqual([
    needs('db'),
    implied('vpn'),
  ]);
  const declared = [needs('db'), needs('vpn')];
  expect(needsOf(service('web', { dependsOn: declared, settings: { network_mode: 'service:vpn' } }))).toEqual(declared);
});

describe('the services that a plan is about', () => {
  const chosen = (services: readonly ServiceSpec[], options: Partial<PlanOptions> = {}): string =>
    selectedServices(desired({ services }), { ...plainOptions, ...options })
      .map(({ name }) => name)
      .join(' ');
  const [a, b, c] = [service('a'), service('b'), service('c')];
  const last = service('aa', { dependsOn: [needs('c'), needs('a'), needs('b')] });

  it('come after what they wait for, else in the order of their names', () => {
    expect(chosen([c, b, a])).toBe('a b c');
    expect(chosen([last, c, b, a], { targets: ['aa'] })).toBe('a b c aa');
    expect(chosen([c, last, b, a], { targets: ['c', 'aa', 'a'] })).toBe('a b c aa');
    expect(chosen([c, b, a], { targets: ['c', 'a'] })).toBe('a c');
  });

  it('are those that were named, with or without what they wait for, and no others', () => {
    expect(chosen([a, b, c, last, service('d')], { targets: ['aa'] })).toBe('a b c aa');
    expect(chosen([a, b, c, last], { targets: ['aa', 'b'], noDependencies: true })).toBe('b aa');
    expect(chosen([a, b], { noDependencies: true })).toBe('a b');
    expect(chosen([a], { targets: ['gone'] })).toBe('');
  });
});

describe('the containers of a service', () => {
  const web = service('web', { replicas: 11 });
  const containers = [10, 2, 11, 1].map((number) => seen(web, { number, name: `shop-web-${number}` }));

  it('are in the order of their numbers, then of their names', () => {
    const twin = seen(web, { number: 2, name: 'a-web-2' });
    const found = containersOf('web', observed({ containers: [...containers, twin, seen(service('db'))] }));
    expect(found.map(({ name }) => name)).toEqual(['shop-web-1', 'a-web-2', 'shop-web-2', 'shop-web-10', 'shop-web-11']);
  });

  it('stand in the place that has their number: of several the one with the right name, else the first', () => {
    const one = service('web');
    const paired = (...names: readonly string[]) =>
      pairsOf(one, observed({ containers: names.map((name) => seen(one, { name })) })).map(({ have }) => have?.name);
    expect(paired('a', 'shop-web-1', 'z')).toEqual(['shop-web-1']);
    expect(paired('z', 'a')).toEqual(['a']);
    expect(pairsOf(one, observed())).toEqual([{ want: { service: one, replica: one.replicas[0] } }]);
  });
});

describe('a service may end by itself and be as wanted', () => {
  const job = (settings: ServiceSpec['settings'] | object = {}, more: Partial<ServiceSpec> = {}) => ({
    ...service('web', { settings: { restart: 'no', ...settings } }),
    ...more,
  });
  const { restart: _restart, ...unset } = job().settings;
  const port = { target: 80, protocol: 'tcp', host_ip: '', published: '' };

  it.each<readonly [string, boolean, ServiceSpec, readonly ServiceSpec[]]>([
    ['if nothing starts it again', true, job(), []],
    ['if nobody says whether it is started again', true, { ...job(), settings: unset }, []],
    ['if it is started again where it fails', true, job({ restart: 'on-failure:3' }), []],
    ['unless it is always started again', false, job({ restart: 'always' }), []],
    ['unless it publishes a port', false, job({ ports: [port] }), []],
    ['unless it has a health check', false, job({ healthcheck: { test: ['CMD', 'x'] } }), []],
    ['if of its health check only the times are declared', true, job({ healthcheck: { timeout: 1 } }), []],
    ['unless it has to answer', false, job({}, { ready: [{ kind: 'tcp', host: '127.0.0.1', port: 80 }] }), []],
    [
      'whatever it is, if somebody waits for its end',
      true,
      job({ restart: 'always', ports: [port] }),
      [service('db', { dependsOn: [needs('web', 'service_completed_successfully')] })],
    ],
    [
      'if somebody waits for the end of another',
      true,
      job(),
      [service('db', { dependsOn: [needs('x', 'service_completed_successfully')] })],
    ],
    ['unless somebody uses its network', false, job(), [service('db', { settings: { network_mode: 'service:web' } }), service('x')]],
    ['if somebody uses the network of another', true, job(), [service('db', { settings: { network_mode: 'service:x' } })]],
    ['if somebody uses its volumes', true, job(), [service('db', { settings: { volumes_from: ['web'] } })]],
  ])('%s', (_when, may, web, others) => expect(mayComplete(web, desired({ services: [web, ...others] }))).toBe(may));
});

describe('a container', () => {
  const job = service('web', { settings: { restart: 'no' } });
  const waiting = service('db', { dependsOn: [needs('web', 'service_completed_successfully')] });
  const completed = (stands: ContainerState) => hasCompleted(job, seen(job, { state: stands }), desired({ services: [job] }));

  it('has done all that was wanted of it once it has ended with 0', () => {
    expect([state('exited'), state('exited', { exitCode: 1 }), state('created'), state('running')].map(completed)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it.each<readonly [string, boolean, readonly ServiceSpec[], ContainerState]>([
    ['runs, and has no health check', true, [], state()],
    ['runs and is healthy', true, [], state('running', { health: 'healthy' })],
    ['is not healthy yet', false, [], state('running', { health: 'starting' })],
    ['has ended well', true, [], state('exited')],
    ['is healthy, but does not run any more', false, [], state('paused', { health: 'healthy' })],
    ['runs, while somebody waits for its end', false, [waiting], state()],
    ['has ended, as somebody waited for', true, [waiting], state('exited')],
  ])('need not be waited for when it %s: %s', (_how, settled, others, stands) =>
    expect(isSettled(job, seen(job, { state: stands }), desired({ services: [job, ...others] }))).toBe(settled),
  );
});
