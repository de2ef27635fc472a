import fc from 'fast-check';
import type { Dependency, ServiceSpec } from '../../src/model/desired.ts';
import type { Mount, Settings } from '../../src/model/settings.ts';
import { needs, stack } from './builders.ts';

/** Each service may only need those before it, so a world has no circles. */
export const pool = ['db', 'cache', 'api', 'web', 'job'] as const;

export const conditions = ['service_started', 'service_healthy', 'service_completed_successfully'] as const;

/** Few small choices that make a service; easy to draw and to shrink. */
export interface ServiceSketch {
  readonly presence: 'active' | 'inactive' | 'absent';
  readonly image: string;
  readonly built: boolean;
  readonly replicas: number;
  readonly needs: readonly (Dependency['condition'] | 'none')[];
  readonly restartsWith: boolean;
  /** What it shares with one that it needs. */
  readonly shares: 'nothing' | 'network' | 'processes' | 'memory' | 'volumes';
  readonly publishes: boolean;
  readonly environment: string;
  readonly health: 'none' | 'test' | 'NONE';
  readonly restart: string;
  readonly memory: number;
  readonly startFirst: boolean;
  readonly parallelism: number;
  readonly back: boolean;
  readonly volume: 'none' | 'rw' | 'ro' | 'anonymous';
  readonly content: boolean;
  readonly secret: boolean;
  readonly onConfigChange: ServiceSpec['onConfigChange'];
  readonly hooks: 'none' | 'post' | 'both';
  readonly named: boolean;
  readonly pullPolicy: ServiceSpec['pullPolicy'];
  readonly ready: 'none' | 'stable' | 'log';
}

export const serviceSketch: fc.Arbitrary<ServiceSketch> = fc.record({
  presence: fc.constantFrom('active', 'active', 'active', 'active', 'inactive', 'absent'),
  image: fc.constantFrom('nginx:1', 'nginx:1', 'redis:7'),
  built: fc.constantFrom(false, false, false, true),
  replicas: fc.constantFrom(1, 1, 1, 2, 3),
  needs: fc.array(fc.constantFrom('none', 'none', 'none', ...conditions), { minLength: 4, maxLength: 4 }),
  restartsWith: fc.boolean(),
  shares: fc.constantFrom('nothing', 'nothing', 'nothing', 'nothing', 'network', 'processes', 'memory', 'volumes'),
  publishes: fc.boolean(),
  environment: fc.constantFrom('', '1', '2'),
  health: fc.constantFrom('none', 'none', 'test', 'NONE'),
  restart: fc.constantFrom('', 'always', 'no', 'on-failure:3'),
  memory: fc.constantFrom(0, 0, 64, 128),
  startFirst: fc.boolean(),
  parallelism: fc.constantFrom(0, 1),
  back: fc.boolean(),
  volume: fc.constantFrom('none', 'none', 'rw', 'ro', 'anonymous'),
  content: fc.boolean(),
  secret: fc.constantFrom(false, false, true),
  onConfigChange: fc.constantFrom('recreate', 'restart', 'ignore', 'signal:SIGHUP'),
  named: fc.constantFrom(false, false, true),
  pullPolicy: fc.constantFrom('missing', 'missing', 'missing', 'always', 'build'),
  ready: fc.constantFrom('none', 'none', 'stable', 'log'),
  hooks: fc.constantFrom('none', 'none', 'post', 'both'),
});

/** What a sketch needs to know of the world around it. */
export interface Around {
  readonly sketches: readonly ServiceSketch[];
  /** By the number of the service: its host port, and whose name it bears if it is named. */
  readonly ports: readonly number[];
  readonly names: readonly string[];
}

export function serviceOf(i: number, { sketches, ports, names }: Around): ServiceSpec {
  const sketch = sketches[i]!;
  const name = pool[i]!;
  const dependsOn = needsOfSketch(i, sketches);
  const peer = sketch.shares !== 'nothing' ? dependsOn.find(({ service }) => !isAwaited(service, sketches))?.service : undefined;
  const awaited = isAwaited(name, sketches);
  const count = sketch.publishes || sketch.named ? 1 : sketch.replicas;
  const containerName = sketch.named ? `the-${names[i]!}` : undefined;
  return {
    name,
    settings: {
      ...settingsOf(i, sketch, { peer, port: ports[i]! }),
      restart: awaited ? 'no' : sketch.restart || 'no',
      // What ends by itself may have ended before a hook can run in it
      ...(!awaited && hooksOf(sketch)),
      ...(containerName && { container_name: containerName }),
    },
    ...(sketch.built && { build: { context: `/srv/${name}`, dockerfile: `/srv/${name}/Dockerfile`, args: {} } }),
    pullPolicy: sketch.pullPolicy === 'build' && !sketch.built ? 'missing' : sketch.pullPolicy,
    replicas: Array.from({ length: count }, (_, at) => ({ number: at + 1, name: containerName ?? `${stack}-${name}-${at + 1}` })),
    dependsOn,
    update: {
      order: sketch.startFirst ? 'start-first' : 'stop-first',
      failureAction: 'rollback',
      monitorMs: 1,
      parallelism: sketch.parallelism,
    },
    timeouts: { pullMs: 600_000, readyMs: 5_000, callMs: 60_000 },
    ready: sketch.ready === 'none' ? [] : [sketch.ready === 'stable' ? { kind: 'stable', forMs: 1 } : { kind: 'log', text: 'Started' }],
    onConfigChange: sketch.onConfigChange,
  };
}

/** Whether another one waits for it to end well. */
const isAwaited = (name: string, sketches: readonly ServiceSketch[]): boolean =>
  sketches.some(
    (other, at) =>
      isThere(other) &&
      needsOfSketch(at, sketches).some((need) => need.service === name && need.condition === 'service_completed_successfully'),
  );

const isThere = (sketch: ServiceSketch | undefined): boolean => sketch?.presence === 'active';

function needsOfSketch(i: number, sketches: readonly ServiceSketch[]): Dependency[] {
  const { needs: wanted, restartsWith } = sketches[i]!;
  return wanted
    .slice(0, i)
    .flatMap((condition, at) =>
      condition === 'none' || !isThere(sketches[at]) ? [] : [needs(pool[at]!, condition, { restart: restartsWith })],
    );
}

function settingsOf(
  i: number,
  sketch: ServiceSketch,
  { peer, port }: { readonly peer: string | undefined; readonly port: number },
): Settings {
  const name = pool[i]!;
  const content = { sealed: `content of ${name}`, shown: '(sensitive)' };
  return {
    image: sketch.built ? `app-${name}:1` : sketch.image,
    ...(sketch.environment && { environment: { LEVEL: sketch.environment } }),
    ...(sketch.publishes &&
      !(peer && sketch.shares === 'network') && {
        ports: [{ target: 80, protocol: 'tcp' as const, host_ip: '', published: String(port) }],
      }),
    ...sharingOf(name, sketch, peer),
    ...(sketch.health !== 'none' && { healthcheck: { test: sketch.health === 'test' ? ['CMD', 'check'] : ['NONE'] } }),
    ...(sketch.memory > 0 && { resources: { memory: sketch.memory * 1024 ** 2 } }),
    volumes: [
      ...volumeOf(sketch),
      ...(sketch.content
        ? [{ type: 'bind' as const, source: '/srv/shop/app.conf', target: '/etc/app.conf', read_only: true, content }]
        : []),
    ],
    ...(sketch.secret && {
      files: [{ kind: 'secret' as const, name: 'key', target: '/run/secrets/key', content, uid: 0, gid: 0, mode: 0o444 }],
    }),
  };
}

const hooksOf = ({ hooks }: ServiceSketch): Pick<Settings, 'post_start' | 'pre_stop'> => ({
  ...(hooks !== 'none' && { post_start: [{ command: ['hook', 'up 1'] }, { command: ['hook', 'up 2'] }] }),
  ...(hooks === 'both' && { pre_stop: [{ command: ['hook', 'down'] }] }),
});

/** Whoever may be shared with lets its memory be shared. */
function sharingOf(name: string, sketch: ServiceSketch, peer: string | undefined): Partial<Settings> {
  const from = `service:${peer ?? ''}`;
  if (peer && sketch.shares === 'network') return { network_mode: from, ipc: 'shareable' };
  const networks = networksOf(name, sketch);
  if (peer && sketch.shares === 'memory') return { networks, ipc: from };
  const shared = { processes: { pid: from }, volumes: { volumes_from: [`${peer ?? ''}:ro`] }, nothing: {}, network: {}, memory: {} };
  return { networks, ipc: 'shareable', ...(peer && shared[sketch.shares]) };
}

const networksOf = (name: string, { back }: ServiceSketch): NonNullable<Settings['networks']> => ({
  [`${stack}_default`]: { aliases: [name] },
  ...(back && { [`${stack}_back`]: { aliases: [name] } }),
});

function volumeOf({ volume }: ServiceSketch): Mount[] {
  if (volume === 'none') return [];
  const source = volume === 'anonymous' ? '' : `${stack}_data`;
  return [{ type: 'volume', source, target: '/data', read_only: volume === 'ro' }];
}
