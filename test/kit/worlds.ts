import fc from 'fast-check';
import { fromEntries } from '../../src/lib/record.ts';
import type { Desired, ServiceSpec } from '../../src/model/desired.ts';
import type { Observed } from '../../src/model/observed.ts';
import { desired, network, volume } from './builders.ts';
import { dataSketch, knownData, settledData, withData, type DataSketch } from './world-data.ts';
import { machineOf, machineSketch, type MachineSketch } from './world-machine.ts';
import { worldText } from './world-text.ts';
import { pool, serviceOf, serviceSketch, type Around } from './world-services.ts';

/** A stack that is wanted, and a machine on which it may or may not already run. */
export interface World {
  readonly desired: Desired;
  readonly observed: Observed;
}

/** The seed of this run: printed by fast-check with every counterexample, and enough to repeat it (SEED=… npx vitest run). */
export const seed = Number(process.env.SEED ?? 20_260_801);

/** How many worlds a law is held against; TEST_DEPTH=10 takes ten times as many (`npm run test:deep`). */
export const runs = (usual: number): number => Math.ceil(usual * Number(process.env.TEST_DEPTH ?? 1));

/** Which of the steps that may come next comes next. */
export const choices = fc.array(fc.nat(1000), { minLength: 7, maxLength: 7 });

export const hostPorts = [8001, 8002, 8003, 8004, 8005];
const shuffled = <T>(items: readonly T[]): fc.Arbitrary<T[]> => fc.shuffledSubarray([...items], { minLength: items.length });

const around = fc.record({
  sketches: fc.array(serviceSketch, { minLength: pool.length, maxLength: pool.length }),
  ports: shuffled(hostPorts),
  names: shuffled(pool),
});

/** Any stack on any machine: also those on which a plan must be refused. */
export const worlds: fc.Arbitrary<World> = worldsWith(machineSketch, dataSketch);

/** A machine that is exactly as it is wanted, and everything up. */
export const settledWorlds: fc.Arbitrary<World> = worldsWith(machineSketch.map(settled), dataSketch.map(settledData));

/** Machines as an engine can really have them, without anything that a plan would refuse: for running plans. */
export const possibleWorlds: fc.Arbitrary<World> = worldsWith(
  machineSketch.map((sketch) => ({ ...sketch, strange: false, refused: false })),
  dataSketch.map(knownData),
);

function worldsWith(machines: fc.Arbitrary<MachineSketch>, data: fc.Arbitrary<DataSketch>): fc.Arbitrary<World> {
  return fc.tuple(around, machines, data).map(([stackSketch, machine, drawn]) => {
    const wanted = desiredOf(stackSketch);
    return readable(withData({ desired: wanted, observed: machineOf(machine, { wanted, around: stackSketch }) }, drawn));
  });
}

/** With a text of its own for the report of a counterexample. */
function readable(world: World): World {
  return Object.defineProperty(world, fc.toStringMethod, { value: () => worldText(world), enumerable: false });
}

function desiredOf(stackSketch: Around): Desired {
  const presence = (i: number): string => stackSketch.sketches[i]!.presence;
  const services = pool.flatMap((_, i): ServiceSpec[] => (presence(i) === 'active' ? [serviceOf(i, stackSketch)] : []));
  const used = new Set(services.flatMap(({ settings }) => Object.keys(settings.networks ?? {})));
  return {
    ...desired({
      services,
      inactiveServices: pool.filter((_, i) => presence(i) === 'inactive'),
      networks: [network('default'), network('back')].filter(({ name }) => used.has(name)),
      volumes: [volume('data')],
    }),
    // In the order that it was drawn in: the planner must bring its own
    services: fromEntries(services.toReversed().map((each) => [each.name, each] as const)),
  };
}

function settled(sketch: MachineSketch): MachineSketch {
  const containers = sketch.containers.map((each) =>
    each.map(
      () => ({ there: true, differs: [], status: 'running', named: 'right', twin: 'none', edited: 'nothing', otherFiles: false }) as const,
    ),
  );
  return {
    ...sketch,
    containers,
    images: [true, true, true],
    newer: false,
    networks: ['ours', 'ours'],
    volume: 'ours',
    orphan: 'none',
    stranger: 'none',
    strange: false,
    tidy: true,
    refused: false,
  };
}
