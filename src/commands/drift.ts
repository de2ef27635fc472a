import type { ExitCode, Invocation } from './command.ts';
import { lookForDrift, type LookedForDrift } from './look-for-drift.ts';
import { openStack } from './open-stack.ts';
import { isError, refuse, styleOf } from './screen.ts';
import { unknownServices } from './unknown-services.ts';

/** Says what of the stack is not as it was applied because somebody changed the machine. Reads only; 2 when there is something. */
export async function runDrift(invocation: Invocation): Promise<ExitCode> {
  const opened = await openStack(invocation);
  if (!opened.ok) return refuse(opened.error, invocation);
  const unknown = unknownServices(invocation.positionals, opened.value.setup.stack.desired);
  if (unknown.length > 0) return refuse(unknown, invocation);
  const looked = await lookForDrift(opened.value, invocation);
  if (!looked.ok) return refuse(looked.error, invocation);
  // Between two states the stack is neither as it was applied nor changed by anybody
  const unfinished = looked.value.plan.problems.filter((problem) => problem.code === 'unfinished-run' && isError(problem));
  if (unfinished.length > 0) return refuse(unfinished, invocation);
  await show(looked.value, invocation);
  if (looked.value.found.drifts.length > 0) return 2;
  return looked.value.plan.problems.some(isError) ? 1 : 0;
}

async function show({ found, plan }: LookedForDrift, invocation: Invocation): Promise<void> {
  const { flags, io } = invocation;
  if (flags.json) {
    const [{ driftJson }, { jsonText }] = await Promise.all([import('../render/drift-json.ts'), import('../render/json-text.ts')]);
    io.stdout.write(`${jsonText(driftJson(plan, found), 2)}\n`);
    return;
  }
  const { driftText } = await import('../render/drift-text.ts');
  io.stdout.write(driftText(found, styleOf(invocation, io.stdout)));
  const problems = plan.problems.filter((problem) => isError(problem) || problem.code === 'locked');
  if (problems.length === 0) return;
  const { problemsText } = await import('../render/problems-text.ts');
  io.stderr.write(`\n${problemsText(problems, { style: styleOf(invocation, io.stderr) })}`);
}
