import type { Dependency, Desired, NetworkSpec, ServiceSpec, VolumeSpec } from '../../src/model/desired.ts';
import type {
  ContainerState,
  EngineFacts,
  ImageDefaults,
  Observed,
  SeenContainer,
  SeenImage,
  SeenNetwork,
  SeenVolume,
} from '../../src/model/observed.ts';
import type { Settings } from '../../src/model/settings.ts';
import { fromEntries } from '../../src/lib/record.ts';
import { asShown, idOf } from './as-shown.ts';

export const stack = 'shop';
export const file = '/srv/shop/compose.yaml';
export const folder = '/srv/shop';

export { idOf };

export const facts: EngineFacts = {
  id: 'engine-1',
  kind: 'docker',
  version: '28.5.2',
  apiVersion: '1.51',
  host: 'here',
  address: { kind: 'unix', path: '/var/run/docker.sock' },
  defaultLogDriver: 'json-file',
  defaults: { ipc: 'private', runtime: 'runc', cgroup: 'host' },
  drops: [],
};

export const network = (key: string, more: Partial<NetworkSpec> = {}): NetworkSpec => ({
  name: `${stack}_${key}`,
  key,
  external: false,
  internal: false,
  labels: {},
  ...more,
});

export const volume = (key: string, more: Partial<VolumeSpec> = {}): VolumeSpec => ({
  name: `${stack}_${key}`,
  key,
  external: false,
  driverOptions: {},
  labels: {},
  ...more,
});

export const needs = (
  service: string,
  condition: Dependency['condition'] = 'service_healthy',
  more: Partial<Dependency> = {},
): Dependency => ({
  service,
  condition,
  restart: false,
  required: true,
  ...more,
});

type ServiceParts = Partial<Omit<ServiceSpec, 'name' | 'settings' | 'replicas'>> & {
  readonly settings?: Partial<Settings>;
  readonly replicas?: number;
};

/** A service on the default network, with a restart policy so that its end is never its purpose. */
export function service(name: string, { settings, replicas = 1, ...more }: ServiceParts = {}): ServiceSpec {
  const named = settings?.container_name;
  return {
    name,
    settings: {
      image: 'nginx:1',
      restart: 'always',
      ...(settings?.network_mode === undefined && { networks: { [`${stack}_default`]: { aliases: [name] } } }),
      ...settings,
    },
    pullPolicy: 'missing',
    replicas: Array.from({ length: replicas }, (_, i) => ({ number: i + 1, name: named ?? `${stack}-${name}-${i + 1}` })),
    dependsOn: [],
    update: { order: 'stop-first', failureAction: 'rollback', monitorMs: 20, parallelism: 0 },
    timeouts: { pullMs: 600_000, readyMs: 2_000, callMs: 60_000 },
    ready: [],
    onConfigChange: 'recreate',
    ...more,
  };
}

type DesiredParts = Partial<Omit<Desired, 'services' | 'networks' | 'volumes'>> & {
  readonly services?: readonly ServiceSpec[];
  readonly networks?: readonly NetworkSpec[];
  readonly volumes?: readonly VolumeSpec[];
};

export function desired({ services = [], networks = [network('default')], volumes = [], ...more }: DesiredParts = {}): Desired {
  return {
    stack,
    files: [file],
    workingDir: folder,
    timeoutMs: 600_000,
    rollbackTimeoutMs: 600_000,
    services: fromEntries(services.map((each) => [each.name, each] as const)),
    inactiveServices: [],
    networks: fromEntries(networks.map((each) => [each.key, each] as const)),
    volumes: fromEntries(volumes.map((each) => [each.key, each] as const)),
    ports: { onConflict: 'fail', reclaim: [] },
    helperImage: 'stackctl/helper:1',
    places: {},
    ...more,
  };
}

const bare: ImageDefaults = {
  command: ['serve'],
  entrypoint: [],
  environment: { PATH: '/bin' },
  labels: {},
  user: '',
  working_dir: '',
  stop_signal: '',
  volumes: [],
};

export const image = (name: string, defaults: Partial<ImageDefaults> = {}): SeenImage => ({
  id: `sha256:${idOf(name)}`,
  digests: [],
  defaults: { ...bare, ...defaults },
});

export const seenNetwork = (name: string, more: Partial<SeenNetwork> = {}): SeenNetwork => ({
  id: idOf(`network ${name}`),
  name,
  driver: 'bridge',
  internal: false,
  labels: {},
  stack,
  ...more,
});

export const seenVolume = (name: string, more: Partial<SeenVolume> = {}): SeenVolume => ({
  name,
  driver: 'local',
  driverOptions: {},
  labels: {},
  stack,
  ...more,
});

export const state = (status: ContainerState['status'] = 'running', more: Partial<ContainerState> = {}): ContainerState => ({
  status,
  exitCode: 0,
  oomKilled: false,
  error: '',
  restartCount: 0,
  startedAt: status === 'created' ? '' : '2026-08-01T10:00:00Z',
  finishedAt: status === 'exited' ? '2026-08-01T11:00:00Z' : '',
  ...more,
});

type SeenParts = Partial<Omit<SeenContainer, 'settings' | 'state'>> & {
  readonly settings?: Partial<Settings>;
  readonly state?: ContainerState;
  /** What the image brings along; default: that of `image()`. */
  readonly from?: SeenImage;
};

/** A container as the engine shows it when it was made from this service as it is declared. */
export function seen(want: ServiceSpec, { settings, state: stands, from, ...more }: SeenParts = {}): SeenContainer {
  const number = more.number ?? 1;
  const name = more.name ?? want.replicas[number - 1]?.name ?? `${stack}-${want.name}-${number}`;
  const madeFrom = from ?? image(want.settings.image);
  const shown = asShown({ ...want.settings, ...settings }, madeFrom.defaults);
  const status = stands ?? state('running', shown.healthcheck ? { health: 'healthy' } : {});
  return {
    id: idOf(`container ${name}`),
    name,
    service: want.name,
    number,
    imageId: madeFrom.id,
    settings: shown,
    state: status,
    anonymous: {},
    files: [file],
    workingDir: folder,
    edited: [],
    ...more,
  };
}

type ObservedParts = Partial<Omit<Observed, 'images' | 'networks' | 'volumes' | 'containers' | 'others'>> & {
  readonly images?: Observed['images'];
  readonly networks?: readonly SeenNetwork[];
  readonly volumes?: readonly SeenVolume[];
  readonly containers?: readonly SeenContainer[];
  readonly others?: readonly Observed['others'][string][];
};

/** A machine that has the image of the builders and the default network. */
export function observed({
  images,
  networks = [seenNetwork(`${stack}_default`)],
  volumes = [],
  containers = [],
  others = [],
  ...more
}: ObservedParts = {}): Observed {
  const nginx = image('nginx:1');
  return {
    engine: facts,
    images: images ?? { 'nginx:1': nginx, [nginx.id]: nginx },
    networks: fromEntries(networks.map((each) => [each.name, each] as const)),
    volumes: fromEntries(volumes.map((each) => [each.name, each] as const)),
    containers: fromEntries(containers.map((each) => [each.name, each] as const)),
    others: fromEntries(others.map((each) => [each.name, each] as const)),
    listeners: [],
    ...more,
  };
}
