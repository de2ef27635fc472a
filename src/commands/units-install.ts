import type { Unit } from '../render/units/unit.ts';
import { unitNames } from '../render/units/stack-units.ts';
import { unitText } from '../render/units/unit-text.ts';
import { carryOutUnits, nothingToDo } from './carry-out-units.ts';
import type { ExitCode, Invocation } from './command.ts';
import { refuse } from './screen.ts';
import { installSteps, isEnable, isStart, isWrite, type UnitChange } from './unit-changes.ts';
import { seeUnits, unitsPlace } from './units-place.ts';

interface Wanted {
  readonly stacks: readonly string[];
  readonly units: readonly Unit[];
}

/** Writes and enables the units, after a plan and a yes; takes away those that the stacks had and that are not wanted any more. If a step fails, all is put back. */
export async function installUnits({ stacks, units }: Wanted, invocation: Invocation): Promise<ExitCode> {
  const place = unitsPlace(invocation);
  if (!place.ok) return refuse(place.error, invocation);
  const seen = await seeUnits(stacks.flatMap(unitNames), place.value, invocation);
  if (!seen.ok) return refuse(seen.error, invocation);
  const changes = seen.value
    .map((each): UnitChange => ({ name: each.name, seen: each, text: textOf(units.find(({ name }) => name === each.name)) }))
    .filter((each) => each.text !== undefined || isWrite(each));
  const isThere = changes.every((change) => !isWrite(change) && !isEnable(change) && !isStart(change, place.value));
  if (isThere) return nothingToDo('Nothing to do: the units are installed and enabled.', invocation);
  const work = {
    question: 'Install these units?',
    done: place.value.isRunning ? 'Installed. See: systemctl list-timers "stackctl-*"' : 'Installed.',
    changes,
    steps: installSteps(changes, place.value),
    pathOf: place.value.pathOf,
  };
  return carryOutUnits(work, invocation);
}

const textOf = (unit: Unit | undefined): string | undefined => unit && unitText(unit);
