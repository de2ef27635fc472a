import fc from 'fast-check';
import type { Desired, ServiceSpec } from '../../src/model/desired.ts';
import type { Observed, OtherContainer, SeenContainer, SeenImage } from '../../src/model/observed.ts';
import { fromEntries, get } from '../../src/lib/record.ts';
import { file, folder, idOf, image, observed, seen, seenNetwork, seenVolume, service, stack, state } from './builders.ts';
import { differences, type Difference, withDifferences } from './world-differences.ts';
import { mountsData, possible, sound } from './world-sound.ts';
import { pool, serviceOf, type Around } from './world-services.ts';

interface ContainerSketch {
  readonly there: boolean;
  readonly differs: readonly Difference[];
  readonly status: 'running' | 'starting' | 'exited' | 'failed' | 'paused' | 'created' | 'restarting' | 'dead';
  readonly named: 'right' | 'other' | 'aside';
  /** A second container of the same service and number. */
  readonly twin: 'none' | 'next' | 'aside' | 'other';
  readonly edited: 'nothing' | 'unknown' | 'content' | 'files' | 'environment';
  readonly otherFiles: boolean;
}

export interface MachineSketch {
  /** By service, then by number. */
  readonly containers: readonly (readonly ContainerSketch[])[];
  readonly images: readonly boolean[];
  readonly newer: boolean;
  readonly networks: readonly ('ours' | 'missing')[];
  readonly volume: 'ours' | 'missing' | 'foreign';
  readonly orphan: 'none' | 'running' | 'stopped' | 'of other files';
  readonly stranger: 'none' | 'bystander' | 'with a host port';
  /** Whether the machine may be one that no engine would show. */
  readonly strange: boolean;
  /** Whether something may stand in the way for good. */
  readonly refused: boolean;
  /** Nothing is there that nobody declared. */
  readonly tidy: boolean;
  readonly ports: readonly number[];
  readonly names: readonly string[];
}

const containerSketch: fc.Arbitrary<ContainerSketch> = fc.record({
  there: fc.constantFrom(true, true, true, false),
  differs: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Difference[]>([]) },
    { weight: 2, arbitrary: fc.subarray([...differences], { minLength: 1, maxLength: 3 }) },
  ),
  status: fc.constantFrom(
    'running',
    'running',
    'running',
    'running',
    'starting',
    'exited',
    'failed',
    'paused',
    'created',
    'restarting',
    'dead',
  ),
  named: fc.constantFrom('right', 'right', 'right', 'right', 'other', 'aside'),
  twin: fc.constantFrom('none', 'none', 'none', 'none', 'none', 'next', 'aside', 'other'),
  edited: fc.constantFrom('nothing', 'nothing', 'unknown', 'content', 'files', 'environment'),
  otherFiles: fc.constantFrom(false, false, false, true),
});

const shuffled = <T>(items: readonly T[]): fc.Arbitrary<T[]> => fc.shuffledSubarray([...items], { minLength: items.length });

export const machineSketch: fc.Arbitrary<MachineSketch> = fc.record({
  containers: fc.array(fc.array(containerSketch, { minLength: 3, maxLength: 3 }), { minLength: pool.length, maxLength: pool.length }),
  images: fc.array(fc.constantFrom(true, true, true, false), { minLength: 3, maxLength: 3 }),
  newer: fc.constantFrom(false, false, false, true),
  networks: fc.array(fc.constantFrom('ours', 'ours', 'ours', 'missing'), { minLength: 2, maxLength: 2 }),
  volume: fc.constantFrom('ours', 'ours', 'missing', 'foreign'),
  orphan: fc.constantFrom('none', 'none', 'running', 'stopped', 'of other files'),
  stranger: fc.constantFrom('none', 'bystander', 'bystander', 'with a host port'),
  strange: fc.constant(true),
  tidy: fc.constant(false),
  refused: fc.constantFrom(false, false, false, true),
  ports: shuffled([8001, 8002, 8003, 8004, 8005]),
  names: shuffled(pool),
});

export interface Wanted {
  readonly wanted: Desired;
  readonly around: Around;
}

export function machineOf(sketch: MachineSketch, { wanted, around }: Wanted): Observed {
  const images = imagesOf(sketch, around);
  const containers = pool.flatMap((_, i) => containersOf(i, { sketch, images, around }));
  const orphan = orphanOf(sketch, around);
  const keys = ['default', 'back'].filter((key, i) => sketch.networks[i] === 'ours' && (!sketch.tidy || wanted.networks[key]));
  const networks = [...keys, ...(sketch.tidy ? [] : ['gone'])].map((key) => `${stack}_${key}`);
  const shown = possible(unique([...containers, ...(orphan ? [orphan] : [])]));
  const all = sketch.strange ? shown : sound(shown, networks);
  const used = fromEntries(
    all.flatMap(({ imageId }) =>
      Object.values(images)
        .filter(({ id }) => id === imageId)
        .map((each) => [imageId, each] as const),
    ),
  );
  const local = Object.entries(images).filter((_, i) => sketch.images[i % 3]);
  return {
    ...observed({
      images: {
        ...used,
        ...fromEntries(
          local.map(
            ([name, each]) =>
              [name, { ...each, ...(sketch.newer && name.startsWith('redis') && { inRegistry: 'newer' as const }) }] as const,
          ),
        ),
      },
      networks: networks.map((name) => seenNetwork(name)),
      volumes:
        sketch.volume === 'missing' && (sketch.strange || !all.some(mountsData))
          ? []
          : [seenVolume(`${stack}_data`, sketch.volume === 'foreign' ? { stack: 'other' } : {})],
      containers: all,
      others: strangers(sketch, wanted),
    }),
  };
}

function imagesOf(_sketch: MachineSketch, { sketches }: Around): Observed['images'] {
  const names = ['nginx:1', 'redis:7', ...sketches.flatMap(({ built }, i) => (built ? [`app-${pool[i]!}:1`] : []))];
  return fromEntries(names.map((name) => [name, imageNamed(name)] as const));
}

/** The images of these worlds, also as their registry has them. */
export const imageNamed = (name: string): SeenImage =>
  image(name, name === 'redis:7' ? { volumes: ['/cache'], environment: { REDIS: '7' } } : {});

interface Making {
  readonly sketch: MachineSketch;
  readonly images: Observed['images'];
  readonly around: Around;
}

function containersOf(i: number, { sketch, images, around }: Making): SeenContainer[] {
  if (around.sketches[i]!.presence !== 'active' && (sketch.tidy || i % 2 === 0)) return [];
  const there = { ...around, sketches: around.sketches.map((each, at) => (at === i ? { ...each, presence: 'active' as const } : each)) };
  const want = serviceOf(i, there);
  return sketch.containers[i]!.flatMap((each, at): SeenContainer[] => {
    if (!each.there || (at >= want.replicas.length && !each.otherFiles)) return [];
    const first = containerOf(each, { want, number: at + 1, images, sketch, i });
    const suffix = { none: '', next: '.next', aside: `.before-${idOf('long ago').slice(0, 12)}`, other: '-second' }[each.twin];
    return suffix
      ? [
          first,
          { ...first, id: idOf(`twin ${first.id}`), name: `${want.replicas[at]?.name ?? first.name}${suffix}`, state: state('exited') },
        ]
      : [first];
  });
}

interface One {
  readonly want: ServiceSpec;
  readonly number: number;
  readonly images: Observed['images'];
  readonly sketch: MachineSketch;
  readonly i: number;
}

function containerOf(each: ContainerSketch, { want, number, images, sketch, i }: One): SeenContainer {
  const right = want.replicas[number - 1]?.name ?? `${stack}-${want.name}-${number}`;
  const id = idOf(`${want.name} ${number}`);
  const name = {
    right,
    other: want.settings.container_name ? `the-${sketch.names[i]!}` : `old-${right}`,
    aside: `${right}.before-${id.slice(0, 12)}`,
  }[each.named];
  const from = get(images, want.settings.image)!;
  const anonymous = [
    ...(want.settings.volumes ?? []).filter(({ source }) => source === '').map(({ target }) => target),
    ...from.defaults.volumes,
  ];
  const whole = seen(want, {
    id,
    name,
    number,
    from,
    anonymous: fromEntries(anonymous.map((target) => [target, idOf(`anonymous ${id} ${target}`)] as const)),
  });
  const { edited: _edited, ...made } = withDifferences(whole, each.differs, sketch.ports[i]!);
  return { ...made, state: stateOf(each, made), ...editedOf(each), ...(each.otherFiles && { files: ['/elsewhere/compose.yaml'] }) };
}

function editedOf({ edited }: ContainerSketch): Partial<SeenContainer> {
  const paths = { nothing: [], content: ['content./etc/app.conf'], files: ['files'], environment: ['environment'], unknown: undefined }[
    edited
  ];
  return paths ? { edited: paths } : {};
}

function stateOf({ status }: ContainerSketch, { settings }: SeenContainer): SeenContainer['state'] {
  const health = settings.healthcheck && settings.healthcheck.test?.[0] !== 'NONE' ? { health: 'healthy' as const } : {};
  if (status === 'failed') return state('exited', { exitCode: 1 });
  if (status === 'starting') return state('running', health.health ? { health: 'starting' } : {});
  return status === 'running' ? state('running', health) : state(status, status === 'restarting' ? { restartCount: 7, exitCode: 1 } : {});
}

function orphanOf({ orphan, ports }: MachineSketch, { sketches }: Around): SeenContainer | undefined {
  if (orphan === 'none') return undefined;
  const free = sketches.findIndex(({ publishes }) => !publishes);
  const gone = service('gone', {
    settings: {
      ports: [{ target: 80, protocol: 'tcp', host_ip: '', published: String(ports[Math.max(free, 0)]) }],
      networks: { [`${stack}_gone`]: { aliases: ['gone'] } },
    },
  });
  const files = orphan === 'of other files' ? ['/elsewhere/compose.yaml'] : [file];
  return seen(gone, { state: state(orphan === 'stopped' ? 'exited' : 'running'), files, workingDir: folder });
}

function strangers({ stranger, refused }: MachineSketch, { services }: Desired): OtherContainer[] {
  const held = refused ? 8001 : 9999;
  const bystander: OtherContainer = {
    id: idOf('bystander'),
    name: 'bystander',
    running: true,
    ports: [{ target: 80, protocol: 'tcp', host_ip: '', published: String(held) }],
  };
  const taken = Object.values(services)[0]?.replicas[0]?.name;
  const holder: OtherContainer = {
    id: idOf('holder'),
    name: refused && taken ? taken : 'holder',
    running: false,
    stack: 'other',
    ports: [],
  };
  return { none: [], bystander: [bystander], 'with a host port': [bystander, holder] }[stranger];
}

/** No two containers can have one name. */
const unique = (containers: readonly SeenContainer[]): SeenContainer[] =>
  [...new Map(containers.toReversed().map((each) => [each.name, each])).values()].reverse();
