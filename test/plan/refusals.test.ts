import { expect, it } from 'vitest';
import { plainOptions, type PlanOptions } from '../../src/plan/options.ts';
import { plan } from '../../src/plan/plan.ts';
import { desired, facts, idOf, needs, network, observed, seen, seenNetwork, seenVolume, service, state, volume } from '../kit/builders.ts';

const data = service('db', {
  settings: { volumes: [{ type: 'volume', source: 'shop_data', target: '/data', read_only: false }] },
});

const token = { sealed: 'x', shown: '(sensitive)' };
const withSecrets = { context: '/srv', dockerfile: '/srv/Dockerfile', args: {}, secrets: { token } };

interface Case {
  readonly wanted?: Parameters<typeof desired>[0];
  readonly machine?: Parameters<typeof observed>[0];
  readonly options?: Partial<PlanOptions>;
}

const made = ({ wanted, machine, options }: Case) =>
  plan(desired({ services: [service('web')], ...wanted }), observed(machine), { ...plainOptions, ...options });

it.each<readonly [string, Case, string]>([
  ['a network of somebody else', { machine: { networks: [seenNetwork('shop_default', { stack: 'blog' })] } }, 'error network-foreign'],
  [
    'a network of nobody',
    { machine: { networks: [{ id: idOf('n'), name: 'shop_default', driver: 'bridge', internal: false, labels: {} }] } },
    'error network-foreign',
  ],
  [
    'an external network that is missing',
    { wanted: { networks: [network('default', { external: true })] }, machine: { networks: [] } },
    'error network-missing',
  ],
  [
    'a network with another driver',
    { wanted: { networks: [network('default', { driver: 'macvlan' })] } },
    'error network-must-be-replaced',
  ],
  ['a network that was open', { wanted: { networks: [network('default', { internal: true })] } }, 'error network-must-be-replaced'],
  [
    'an external volume that is missing',
    { wanted: { services: [data], volumes: [volume('data', { external: true })] } },
    'error volume-missing',
  ],
  [
    'a volume of somebody else, which is used as it is',
    { wanted: { services: [data], volumes: [volume('data')] }, machine: { volumes: [seenVolume('shop_data', { stack: 'blog' })] } },
    'warning volume-foreign',
  ],
  [
    'a volume with another driver',
    { wanted: { services: [data], volumes: [volume('data', { driver: 'nfs' })] }, machine: { volumes: [seenVolume('shop_data')] } },
    'error volume-must-be-replaced',
  ],
  [
    'an image that may not be pulled',
    { wanted: { services: [service('web', { pullPolicy: 'never' })] }, machine: { images: {} } },
    'error image-missing',
  ],
  [
    'a name that a stranger has',
    { machine: { others: [{ id: idOf('x'), name: 'shop-web-1', running: false, ports: [] }] } },
    'error name-taken',
  ],
  [
    'secrets of a build on an engine without BuildKit',
    { wanted: { services: [service('web', { build: withSecrets })] }, machine: { builder: 'classic' } },
    'error no-buildkit',
  ],
  [
    'a field that this engine drops',
    {
      wanted: { services: [service('web', { settings: { healthcheck: { test: ['CMD', 'x'], start_interval: 1 } } })] },
      machine: { engine: { ...facts, drops: ['healthcheck.start_interval'] } },
    },
    'error dropped-by-engine',
  ],
  [
    'a wait for health without a health check',
    { wanted: { services: [service('db'), service('web', { dependsOn: [needs('db')] })] } },
    'warning no-health-check',
  ],
  [
    'a container in a crash loop',
    { machine: { containers: [seen(service('web'), { state: state('restarting', { restartCount: 9, exitCode: 1 }) })] } },
    'warning crash-loop',
  ],
  ['a service that there is not', { options: { targets: ['wbe'] } }, 'error unknown-service'],
])('%s', (...[, each, expected]) => {
  const { problems, steps } = made(each);
  expect(problems.map(({ severity, code }) => `${severity} ${code}`)).toEqual([expected]);
  if (expected.startsWith('error')) expect(steps).toEqual([]);
});

it('makes no trouble of what is external and there', () => {
  const wanted = { services: [data], networks: [network('default', { external: true })], volumes: [volume('data', { external: true })] };
  const { problems, steps } = made({
    wanted,
    machine: { networks: [seenNetwork('shop_default', { stack: 'blog' })], volumes: [seenVolume('shop_data', { stack: 'blog' })] },
  });
  expect(problems).toEqual([]);
  expect(steps.map(({ id }) => id)).toEqual(['container.create shop-db-1', 'container.start shop-db-1', 'service.await shop-db-1']);
});

it('says where the trouble was declared', () => {
  const places = { 'networks.default': { file: 'compose.yaml', line: 7, column: 3 } };
  const { problems } = made({ wanted: { places }, machine: { networks: [seenNetwork('shop_default', { stack: 'blog' })] } });
  expect(problems[0]?.at).toEqual(places['networks.default']);
});

it('plans only for the services that are meant, with what they need unless told otherwise', () => {
  const services = [service('db'), service('web', { dependsOn: [needs('db', 'service_started')] }), service('other')];
  const created = (options: Partial<PlanOptions>): string[] =>
    made({ wanted: { services }, options })
      .steps.filter(({ action }) => action.kind === 'container.create')
      .map(({ service: name }) => name ?? '');
  expect(created({ targets: ['web'] })).toEqual(['db', 'web']);
  expect(created({ targets: ['web'], noDependencies: true })).toEqual(['web']);
});

it('an engine with BuildKit may be given the secrets of a build', () => {
  const wanted = { services: [service('web', { build: withSecrets })] };
  expect(made({ wanted, machine: { builder: 'buildkit' } }).problems).toEqual([]);
});

it('what may be destroyed has to be a network of the stack, and they are named', () => {
  const wanted = { networks: [network('default'), network('back')] };
  expect(made({ wanted, options: { allowDestroy: ['network/other'] } }).problems).toMatchObject([
    { code: 'unknown-network', hint: 'the stack has: back, default' },
  ]);
});
