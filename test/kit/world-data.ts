import fc from 'fast-check';
import { mapValues } from '../../src/lib/record.ts';
import type { Desired } from '../../src/model/desired.ts';
import type { DataRule } from '../../src/model/data-rule.ts';
import type { LookedData } from '../../src/model/seen-data.ts';
import { stack } from './builders.ts';
import { dataFrom, dataSeen } from './memory-data.ts';
import { machineFrom } from './memory-machine.ts';
import type { World } from './worlds.ts';

/** What is declared of the files in the volume of the worlds, and what is there. */
const sketch = fc.record({
  declared: fc.constantFrom('nothing', 'nothing', 'report', 'fix', 'fix'),
  owns: fc.boolean(),
  removes: fc.boolean(),
  rootDiffers: fc.boolean(),
  more: fc.nat(3),
  differ: fc.nat(3),
  stale: fc.boolean(),
  /** Nobody has looked: the image of the helper is not there. */
  unknown: fc.boolean(),
  backup: fc.constantFrom('none', 'none', 'apply', 'replace'),
  quiesce: fc.constantFrom('stop', 'stop', 'stop', 'pause'),
});

export type DataSketch = typeof sketch extends fc.Arbitrary<infer Drawn> ? Drawn : never;

export const dataSketch: fc.Arbitrary<DataSketch> = sketch;

/** All as declared, and nothing there that is to be gone. */
export const settledData = (drawn: DataSketch): DataSketch => ({ ...drawn, rootDiffers: false, differ: 0, stale: false, unknown: false });

/** On a machine that can be made of what is seen. */
export const knownData = (drawn: DataSketch): DataSketch => ({ ...drawn, unknown: false });

const file = 'state.json';

/** The same world with something declared of its volume, and of the files in it. */
export function withData(world: World, drawn: DataSketch): World {
  return withRule({ ...world, desired: withBackup(world.desired, drawn) }, drawn);
}

/** A copy of it is to be taken before a plan does something to who uses it. */
function withBackup(desired: Desired, { backup, quiesce }: DataSketch): Desired {
  if (backup === 'none') return desired;
  const policy = { before: [backup], quiesce, keep: 1 };
  return { ...desired, volumes: mapValues(desired.volumes, (each) => ({ ...each, backup: policy })) };
}

function withRule({ desired, observed }: World, drawn: DataSketch): World {
  if (drawn.declared === 'nothing' || !(drawn.owns || drawn.removes)) return { desired, observed };
  const name = `${stack}_data`;
  const rule: DataRule = {
    place: { kind: 'volume', name },
    path: 'volumes.data.x-stack',
    ...(drawn.owns && { owner: { by: 'ids', uid: 1000, gid: 1000 } }),
    onDrift: drawn.declared === 'fix' ? 'fix' : 'report',
    removeBeforeStart: drawn.removes ? [file] : [],
  };
  const wished = { ...desired, dataRules: [rule] };
  const isThere = observed.volumes[name] !== undefined;
  const seen = !isThere ? { unknown: 'known after create' } : drawn.unknown ? { unknown: 'known when the step runs' } : found(drawn);
  const world = { ...observed, data: { [`volume ${name}`]: seen } };
  // As an engine in memory shows it
  const shown = 'unknown' in seen ? {} : dataSeen({ ...machineFrom(world, stack), ...dataFrom(world) });
  return { desired: wished, observed: { ...world, ...shown } };
}

function found({ owns, removes, rootDiffers, more, differ, stale }: DataSketch): LookedData {
  const files = removes && stale ? { [file]: 12 } : {};
  const looked = 1 + Object.keys(files).length + more;
  const others = owns ? Math.min(differ, looked - 1) : 0;
  return {
    wanted: owns ? { uid: 1000, gid: 1000 } : {},
    root: { uid: owns && !rootDiffers ? 1000 : 0, gid: owns && !rootDiffers ? 1000 : 0, mode: 0o755 },
    looked,
    isWhole: true,
    differ: others + (owns && rootDiffers ? 1 : 0),
    sample: [],
    files,
    refused: [],
  };
}
