import { readConfig } from '../config.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import { unitNames } from '../render/units/stack-units.ts';
import { chooseStack } from './choose-stack.ts';
import { stackNameOf } from '../spec/stack-name.ts';
import { readStack } from '../spec/read-stack.ts';
import { carryOutUnits, nothingToDo } from './carry-out-units.ts';
import type { ExitCode, Invocation } from './command.ts';
import { refuse } from './screen.ts';
import { uninstallSteps, type UnitChange } from './unit-changes.ts';
import { seeUnits, unitsPlace } from './units-place.ts';

/** Takes away what --install wrote for the stack, after a plan and a yes. */
export async function uninstallUnits(invocation: Invocation): Promise<ExitCode> {
  const stacks = await namesOfStacks(invocation);
  if (!stacks.ok) return refuse(stacks.error, invocation);
  const place = unitsPlace(invocation);
  if (!place.ok) return refuse(place.error, invocation);
  const seen = await seeUnits(stacks.value.flatMap(unitNames), place.value, invocation);
  if (!seen.ok) return refuse(seen.error, invocation);
  const there = seen.value.filter(({ text }) => text !== undefined);
  if (there.length === 0) return nothingToDo(`Nothing to do: no units of ${stacks.value.join(', ')} are installed.`, invocation);
  const changes = there.map((each): UnitChange => ({ name: each.name, seen: each, text: undefined }));
  const work = {
    question: 'Take these units away?',
    done: 'Taken away.',
    changes,
    steps: uninstallSteps(changes, place.value),
    pathOf: place.value.pathOf,
  };
  return carryOutUnits(work, invocation);
}

/** A stack whose files are gone or broken is named with -p. */
async function namesOfStacks(invocation: Invocation): Promise<Result<readonly string[], readonly Problem[]>> {
  const { flags, io } = invocation;
  if (flags.projectName !== undefined) {
    const name = stackNameOf({ asked: flags.projectName, declared: undefined, directory: io.cwd });
    return typeof name === 'string' ? ok([name]) : fail([{ severity: 'error', code: name.code, message: name.message }]);
  }
  const config = flags.all ? await readConfig(io.cwd) : ok(undefined);
  if (!config.ok) return config;
  const stacks = Object.keys(config.value?.stacks ?? {});
  const names: string[] = [];
  for (const each of stacks.length > 0 ? stacks.map((stack) => ({ ...flags, stack })) : [flags]) {
    const choice = await chooseStack({ ...invocation, flags: each });
    if (!choice.ok) return choice;
    const read = await readStack({ vaultKey: '', ...choice.value.stack });
    if (!read.ok) return fail([...read.error, byName]);
    names.push(read.value.desired.stack);
  }
  return ok(names);
}

const byName: Problem = {
  code: 'stack-unreadable',
  severity: 'error',
  message: 'the name of the stack cannot be read from its files',
  hint: 'name it: stackctl units --uninstall -p NAME',
};
