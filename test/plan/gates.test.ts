import { describe, expect, it } from 'vitest';
import type { Gate } from '../../src/actions/gate.ts';
import type { ServiceSpec } from '../../src/model/desired.ts';
import { gateAction, healthCheckOf } from '../../src/plan/gates.ts';
import { desired, image, needs, observed, service } from '../kit/builders.ts';

interface GateArgs {
  readonly name: string;
  readonly id?: string;
  readonly gate: Gate;
  readonly healthTest?: readonly string[];
}

const check = { test: ['CMD', 'check'] };
const probe = { kind: 'tcp', host: '127.0.0.1', port: 80 } as const;
const stable = { kind: 'stable', forMs: 5_000 } as const;

const argsOf = (one: ServiceSpec, others: readonly ServiceSpec[] = [], images = observed().images) =>
  gateAction(
    { service: one, replica: one.replicas[0]! },
    { name: 'shop-web-1' },
    {
      desired: desired({ services: [one, ...others] }),
      observed: observed({ images }),
    },
  ).args as GateArgs;
const job = service('later', { dependsOn: [needs('web', 'service_completed_successfully')] });

describe('a service is as others may build on it', () => {
  it.each<[string, ServiceSpec, readonly ServiceSpec[], Gate]>([
    ['when its health check passes', service('web', { settings: { healthcheck: check } }), [], { until: 'healthy' }],
    [
      'when it has ended well, if that is what another waits for',
      service('web', { settings: { healthcheck: check } }),
      [job],
      { until: 'completed' },
    ],
    ['when its probes are answered', service('web', { ready: [probe] }), [], { until: 'answering' }],
    ['when it ran for as long as it says', service('web', { ready: [stable] }), [], { until: 'stable', forMs: 5_000, mayComplete: false }],
    [
      'when it is answered and ran for as long as it says',
      service('web', { ready: [probe, stable] }),
      [],
      { until: 'stable', forMs: 5_000, mayComplete: false },
    ],
    ['when it ran for a while', service('web'), [], { until: 'stable', forMs: 20, mayComplete: false }],
    [
      'when it ran for a while or has ended well, if nobody starts it again',
      service('web', { settings: { restart: 'no' } }),
      [],
      { until: 'stable', forMs: 20, mayComplete: true },
    ],
  ])('%s', (_when, one, others, gate) => expect(argsOf(one, others).gate).toEqual(gate));
});

it('a gate is of one container, known by its id where it has one', () => {
  const web = service('web');
  const standing = { desired: desired({ services: [web] }), observed: observed() };
  const want = { service: web, replica: web.replicas[0]! };
  expect(gateAction(want, { name: 'shop-web-1', id: 'abc' }, standing).args).toMatchObject({
    name: 'shop-web-1',
    id: 'abc',
    timeoutMs: 2_000,
  });
  expect(argsOf(web)).not.toHaveProperty('id');
});

it('the health check is run from the first moment on, with its own limits or those of the engine', () => {
  expect(argsOf(service('web'))).toMatchObject({ healthTimeoutMs: 30_000, probeEveryMs: 2_000, probes: [] });
  expect(argsOf(service('web'))).not.toHaveProperty('healthTest');
  expect(argsOf(service('web', { settings: { healthcheck: check } }))).not.toHaveProperty('healthRetries');
  const healthcheck = { ...check, timeout: 700, start_interval: 300, retries: 5 };
  expect(argsOf(service('web', { settings: { healthcheck }, ready: [probe] }))).toMatchObject({
    healthTest: check.test,
    healthTimeoutMs: 700,
    healthRetries: 5,
    probeEveryMs: 300,
    probes: [probe],
  });
});

it('the health check is that of the image where the file has none, and none where the file switches it off', () => {
  const images = { 'nginx:1': image('nginx:1', { healthcheck: check }) };
  const of = (healthcheck?: { test?: readonly string[] }, known = images) =>
    healthCheckOf(service('web', { settings: { ...(healthcheck && { healthcheck }) } }), observed({ images: known }))?.test;
  expect([of(), of({ test: ['NONE'] }), of({ test: ['CMD', 'own'] })]).toEqual([check.test, undefined, ['CMD', 'own']]);
  const unknown = {} as typeof images;
  expect([of(undefined, unknown), of({}, unknown), of(check, unknown), of({ test: ['NONE'] }, unknown)]).toEqual([
    undefined,
    undefined,
    check.test,
    undefined,
  ]);
});
