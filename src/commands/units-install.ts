import type { Unit } from '../render/units/unit.ts';
import { unitText } from '../render/units/unit-text.ts';
import { carryOutUnits, nothingToDo } from './carry-out-units.ts';
import type { ExitCode, Invocation } from './command.ts';
import { refuse } from './screen.ts';
import { installSteps, isEnable, isStart, isWrite, type UnitChange } from './unit-changes.ts';
import { seeUnits, unitsPlace } from './units-place.ts';

/** Writes and enables the units, after a plan and a yes. If a step fails, all is put back. */
export async function installUnits(units: readonly Unit[], invocation: Invocation): Promise<ExitCode> {
  const place = unitsPlace(invocation);
  if (!place.ok) return refuse(place.error, invocation);
  const seen = await seeUnits(
    units.map(({ name }) => name),
    place.value,
    invocation,
  );
  if (!seen.ok) return refuse(seen.error, invocation);
  const changes = seen.value.map((each, i): UnitChange => ({ name: each.name, seen: each, text: unitText(units[i]!) }));
  const isHere = invocation.flags.root === undefined;
  const isThere = changes.every((change) => !isWrite(change) && !isEnable(change) && !(isHere && isStart(change)));
  if (isThere) return nothingToDo('Nothing to do: the units are installed and enabled.', invocation);
  const work = {
    question: 'Install these units?',
    done: isHere ? 'Installed. See: systemctl list-timers "stackctl-*"' : 'Installed.',
    changes,
    steps: installSteps(isHere ? changes : changes.map(withoutStart), place.value),
    pathOf: place.value.pathOf,
  };
  return carryOutUnits(work, invocation);
}

/** Nothing runs in a folder. */
const withoutStart = (change: UnitChange): UnitChange => ({ ...change, seen: { ...change.seen, isActive: true } });
