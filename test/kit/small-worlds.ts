import type { ServiceSpec } from '../../src/model/desired.ts';
import type { SeenContainer } from '../../src/model/observed.ts';
import type { Mount } from '../../src/model/settings.ts';
import { desired, needs, observed, seen, seenVolume, service, stack, state, volume } from './builders.ts';
import type { World } from './worlds.ts';

/** How one service is wanted, and how it stands. */
const pairs = ['absent', 'new', 'same', 'stopped', 'changed', 'policy', 'orphan'] as const;
type Pair = (typeof pairs)[number];

/** What a service mounts: nothing, a volume that is there, one that is not. */
const volumeUses = ['none', 'there', 'missing'] as const;

/** What becomes of a service whose mounted file has changed; none: it mounts none. */
const configUses = ['none', 'recreate', 'restart', 'signal:SIGHUP'] as const;

interface Sketch {
  readonly pairs: readonly Pair[];
  /** Whether each needs the one before it. */
  readonly chained: boolean;
  /** Of the first and of the second service. */
  readonly volumes: readonly (typeof volumeUses)[number][];
  readonly configs: readonly (typeof configUses)[number][];
}

/**
 * All worlds of up to three services, each as it may be wanted and may stand; independent (then their order does not matter) or each
 * needing the one before it. One service with each pair of volume and file, two services with each two volumes or each two files, and
 * three with a volume or a file of the first one.
 */
export function smallWorlds(): World[] {
  const plain = [1, 2, 3].flatMap((count) => [...combinations(count, false), ...combinations(count, true)]);
  return plain.flatMap((sketch) => [sketch, ...withMounts(sketch)]).map(worldOf);
}

function combinations(count: number, chained: boolean): Sketch[] {
  if (count === 1 && chained) return [];
  const rest = (length: number, from: number): Pair[][] =>
    length === 0 ? [[]] : pairs.flatMap((pair, i) => (i < from ? [] : rest(length - 1, chained ? 0 : i).map((more) => [pair, ...more])));
  return rest(count, 0).map((chosen) => ({ pairs: chosen, chained, volumes: [], configs: [] }));
}

function withMounts(sketch: Sketch): Sketch[] {
  const [volumes, configs] = [volumeUses.filter((use) => use !== 'none'), configUses.filter((use) => use !== 'none')];
  switch (sketch.pairs.length) {
    case 1:
      return product(volumeUses, configUses).flatMap(([use, config]) =>
        use === 'none' && config === 'none' ? [] : [{ ...sketch, volumes: [use], configs: [config] }],
      );
    case 2:
      return [
        ...product(volumeUses, volumeUses).map((both) => ({ ...sketch, volumes: both })),
        ...product(configUses, configUses).map((both) => ({ ...sketch, configs: both })),
      ].slice(1);
    default:
      if (sketch.chained) return [];
      return [...volumes.map((use) => ({ ...sketch, volumes: [use] })), ...configs.map((config) => ({ ...sketch, configs: [config] }))];
  }
}

const product = <One, Other>(some: readonly One[], others: readonly Other[]): [One, Other][] =>
  some.flatMap((one) => others.map((other): [One, Other] => [one, other]));

const names = ['db', 'api', 'web'] as const;
const volumeNames = ['data', 'media'] as const;

function worldOf(sketch: Sketch): World {
  const services = sketch.pairs.map((_, i) => serviceOf(i, sketch));
  const wanted = services.filter((_, i) => !['absent', 'orphan'].includes(sketch.pairs[i]!));
  const there = services.flatMap((each, i) => containerOf(each, i, sketch) ?? []);
  const missing = (i: number): boolean => (sketch.volumes[i] ?? 'none') !== 'there';
  return {
    desired: desired({ services: wanted.map((each) => withoutAbsent(each, wanted)), volumes: volumeNames.map((name) => volume(name)) }),
    observed: observed({
      containers: there,
      volumes: volumeNames.flatMap((name, i) => (missing(i) ? [] : [seenVolume(`${stack}_${name}`)])),
    }),
  };
}

const withoutAbsent = (each: ServiceSpec, wanted: readonly ServiceSpec[]): ServiceSpec => ({
  ...each,
  dependsOn: each.dependsOn.filter((need) => wanted.some(({ name }) => name === need.service)),
});

function serviceOf(i: number, { chained, volumes, configs }: Sketch): ServiceSpec {
  const [use = 'none', config = 'none'] = [volumes[i], configs[i]];
  const mounts: Mount[] = [
    ...(use === 'none' ? [] : [{ type: 'volume' as const, source: `${stack}_${volumeNames[i]!}`, target: '/data', read_only: i > 0 }]),
    ...(config === 'none'
      ? []
      : [{ type: 'bind' as const, source: '/srv/shop/app.conf', target: '/etc/app.conf', read_only: true, content: 'new' }]),
  ];
  return service(names[i]!, {
    settings: { environment: { LEVEL: '1' }, ...(mounts.length > 0 && { volumes: mounts }) },
    update: { order: 'stop-first', failureAction: 'rollback', monitorMs: 1, parallelism: 0 },
    dependsOn: chained && i > 0 ? [needs(names[i - 1]!)] : [],
    ...(config !== 'none' && { onConfigChange: config }),
  });
}

function containerOf(want: ServiceSpec, i: number, { pairs: all, volumes, configs }: Sketch): SeenContainer | undefined {
  const pair = all[i]!;
  if (pair === 'absent' || pair === 'new') return undefined;
  const mounts = (want.settings.volumes ?? []).filter(({ type }) => type !== 'volume' || volumes[i] === 'there');
  return seen(want, {
    settings: {
      volumes: mounts,
      ...(pair === 'changed' && { environment: { LEVEL: '0' } }),
      ...(pair === 'policy' && { restart: 'unless-stopped' }),
    },
    ...(pair === 'stopped' && { state: state('exited') }),
    edited: (configs[i] ?? 'none') === 'none' ? [] : ['content./etc/app.conf'],
  });
}
