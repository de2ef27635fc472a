import { describe, expect, it } from 'vitest';
import type { ServiceSpec } from '../../src/model/desired.ts';
import { plainOptions, type PlanOptions } from '../../src/plan/options.ts';
import { plan } from '../../src/plan/plan.ts';
import { weave } from '../../src/plan/weave.ts';
import { desired, needs, network, observed, seen, seenNetwork, service, state } from '../kit/builders.ts';

interface Case {
  readonly services: readonly ServiceSpec[];
  readonly machine?: Parameters<typeof observed>[0];
  readonly options?: Partial<PlanOptions>;
}

const made = ({ services, machine, options }: Case) => plan(desired({ services }), observed(machine), { ...plainOptions, ...options });
const stepOf = (one: Case, id: string) => made(one).steps.find((step) => step.id === id);
const after = (one: Case, id: string) => stepOf(one, id)?.after;
const ids = (one: Case, kind: string) => made(one).steps.flatMap(({ id, action }) => (action.kind === kind ? [id] : []));

const db = service('db', { settings: { healthcheck: { test: ['CMD', 'check'] } } });
const starting = state('running', { health: 'starting' });
const user = { settings: { user: 'nobody' } };

describe('a step', () => {
  const paused = service('web', { update: { order: 'stop-first', failureAction: 'pause', monitorMs: 20, parallelism: 0 } });
  const one: Case = { services: [paused], machine: { images: {}, networks: [], containers: [seen(paused, user)] } };

  it('is of the stage of its recipe, and fails as its service says where that can be walked back', () => {
    const told = made(one).steps.map(({ id, stage, onFailure }) => `${id.split(' ')[0] ?? ''} ${stage} ${onFailure}`);
    expect(told).toEqual([
      'image.pull prepare rollback',
      'network.create prepare rollback',
      'container.update build pause',
      'container.stop build pause',
      'container.rename build pause',
      'container.create build pause',
      'container.start build pause',
      'service.await build pause',
      'container.remove discard rollback',
    ]);
  });

  it('of a pull names the platform only where somebody asks for one', () => {
    expect(stepOf(one, 'image.pull nginx:1')?.action.args).toStrictEqual({ image: 'nginx:1', timeoutMs: 600_000 });
  });
});

describe('a container comes up after what it waits for', () => {
  it('is ready, where it has to be', () => {
    const web = service('web', { dependsOn: [needs('db')] });
    expect(after({ services: [db, web] }, 'container.create shop-web-1')).toEqual(['service.await shop-db-1']);
  });

  it('is started, where that is enough', () => {
    const web = service('web', { dependsOn: [needs('db', 'service_started')] });
    expect(after({ services: [db, web] }, 'container.create shop-web-1')).toEqual(['container.start shop-db-1']);
  });

  it('is ready, though it gets its name only then', () => {
    const first = service('db', { update: { order: 'start-first', failureAction: 'rollback', monitorMs: 20, parallelism: 0 } });
    const web = service('web', { dependsOn: [needs('db')] });
    const one = { services: [first, web], machine: { containers: [seen(first, user)] } };
    expect(after(one, 'container.create shop-web-1')).toEqual(['service.await shop-db-1.next']);
  });

  it('is changed, where it runs on meanwhile', () => {
    const limited = service('db', { settings: { restart: 'no', resources: { memory: 64 } } });
    const have = seen(limited, { settings: { restart: 'always', resources: { memory: 32 } } });
    const named = seen(limited, { ...have, name: 'shop-old-1', settings: { ...have.settings, networks: {} } });
    const web = service('web', { dependsOn: [needs('db', 'service_started')] });
    expect(after({ services: [limited, web], machine: { containers: [named] } }, 'container.create shop-web-1')).toEqual([
      'container.rename shop-old-1',
    ]);
  });
});

describe('a neighbour that stays as it is', () => {
  const mq = service('mq', { settings: { healthcheck: { test: ['CMD', 'check'] } } });
  const containers = [seen(db, { state: starting }), seen(mq, { state: starting })];

  it('is waited for by whoever waits for it to be ready, and by nobody else', () => {
    const services = [db, mq, service('web', { dependsOn: [needs('db')] }), service('api', { dependsOn: [needs('mq')] })];
    const one = { services, machine: { containers } };
    expect([after(one, 'container.create shop-web-1'), after(one, 'container.create shop-api-1')]).toEqual([
      ['service.await shop-db-1'],
      ['service.await shop-mq-1'],
    ]);
    expect(stepOf(one, 'service.await shop-db-1')).toMatchObject({ stage: 'build', service: 'db', because: 'others wait for it' });
  });

  it('is not waited for where nobody needs it to be ready', () => {
    const one = { services: [db, mq, service('web', { dependsOn: [needs('db', 'service_started')] })], machine: { containers } };
    expect(ids(one, 'service.await')).toEqual(['service.await shop-web-1']);
  });

  it('is ready before anything is thrown away', () => {
    const web = service('web', { dependsOn: [needs('db')] });
    const gone = seen(service('gone'), { state: state('exited'), settings: { restart: 'no' } });
    const one = { services: [db, web], machine: { containers: [...containers.slice(0, 1), gone] } };
    const discarded = made(one).steps.find(({ stage }) => stage === 'discard');
    expect(discarded?.after).toContain('service.await shop-db-1');
  });
});

describe('several replicas at a time', () => {
  const replicas = (name: string, parallelism: number) =>
    service(name, { replicas: 3, update: { order: 'stop-first', failureAction: 'rollback', monitorMs: 20, parallelism } });
  const containers = (one: ServiceSpec, ...numbers: readonly number[]) => numbers.map((number) => seen(one, { number, ...user }));
  const firstOf = (one: Case, name: string) => after(one, `container.update ${name} restart`);

  it('each batch waits for the gate of the one before it', () => {
    const web = replicas('web', 1);
    const api = replicas('api', 2);
    const one = { services: [web, api], machine: { containers: [...containers(web, 1, 2, 3), ...containers(api, 1, 2, 3)] } };
    expect(['web-1', 'web-2', 'web-3', 'api-2', 'api-3'].map((name) => firstOf(one, `shop-${name}`))).toEqual([
      [],
      ['service.await shop-web-1'],
      ['service.await shop-web-2'],
      [],
      ['service.await shop-api-1'],
    ]);
  });

  it('what is only added waits for nobody, and nobody for it', () => {
    const web = replicas('web', 1);
    const one = { services: [web], machine: { containers: containers(web, 2, 3) } };
    expect([after(one, 'container.create shop-web-1'), firstOf(one, 'shop-web-2'), firstOf(one, 'shop-web-3')]).toEqual([
      [],
      [],
      ['service.await shop-web-2'],
    ]);
  });
});

describe('who shares something of another one lets go before it', () => {
  const vpn = seen(service('vpn'));
  const sharer = seen(service('web', { settings: { network_mode: 'service:vpn', restart: 'no' } }));

  it('and where both only go, they wait until nobody can need them any more', () => {
    const one = { services: [db], machine: { containers: [vpn, sharer] } };
    expect(after(one, 'container.stop shop-web-1')).toEqual(['service.await shop-db-1']);
    expect(after(one, 'container.update shop-vpn-1 restart')).toEqual(['container.rename shop-web-1', 'service.await shop-db-1']);
  });

  it('and where the other one is made anew, at once', () => {
    const wanted = service('vpn', { dependsOn: [] });
    const one = { services: [db, wanted], machine: { containers: [seen(wanted, user), sharer] } };
    expect(after(one, 'container.stop shop-web-1')).toEqual([]);
  });
});

it('who leaves a network that is made anew does so at once, and so does who shares something of it', () => {
  const on = { networks: { shop_default: { aliases: [] } }, restart: 'no' };
  const [vpn, sharer] = [
    seen(service('vpn'), { settings: on }),
    seen(service('web', { settings: { network_mode: 'service:vpn', restart: 'no' } })),
  ];
  const made = plan(
    desired({ services: [db], networks: [network('default', { internal: true })] }),
    observed({ containers: [vpn, sharer], networks: [seenNetwork('shop_default')] }),
    { ...plainOptions, allowDestroy: ['network/default'] },
  );
  expect(made.steps.find(({ id }) => id === 'container.stop shop-web-1')?.after).toEqual([]);
  expect(made.steps.find(({ id }) => id === 'network.remove shop_default')?.after).toContain(
    'network.disconnect shop-vpn-1.before-' + vpn.id.slice(0, 12) + ' from shop_default',
  );
});

it('one port of several is enough to wait for who has it', () => {
  const port = (published: string) => ({ target: 80, protocol: 'tcp' as const, host_ip: '', published });
  const [left, right] = [service('left', { settings: { ports: [port('1'), port('2')] } }), service('right')];
  const held = seen(right, { settings: { ports: [port('3'), port('2')] } });
  expect(after({ services: [left, right], machine: { containers: [held] } }, 'container.create shop-left-1')).toEqual([
    'container.rename shop-right-1',
  ]);
});

it('what becomes of an image is of no matter to what only starts', () => {
  const web = service('web');
  const want = { service: web, replica: web.replicas[0]! };
  const start = { of: 'container', verb: 'start', want, have: seen(web, { state: state('exited') }), because: 'x' } as const;
  const sides = { desired: desired({ services: [web] }), observed: observed({ images: {} }), options: plainOptions };
  expect(weave([start], sides).map(({ id }) => id)).toEqual(['container.start shop-web-1', 'service.await shop-web-1']);
});

it('two steps of one name are a bug, but for an image that two services use', () => {
  const [one, two] = [service('one'), service('two', { settings: { container_name: 'shop-one-1' } })];
  const sides = {
    desired: desired({ services: [one, two] }),
    observed: observed({ images: {}, networks: [seenNetwork('shop_default')] }),
    options: plainOptions,
  };
  const create = (each: ServiceSpec) =>
    ({ of: 'container', verb: 'create', want: { service: each, replica: each.replicas[0]! }, because: 'x' }) as const;
  expect(() => weave([create(one), create(two)], sides)).toThrow('Two steps are called "container.create shop-one-1"');
});
