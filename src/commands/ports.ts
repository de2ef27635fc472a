import { plainOptions } from '../plan/options.ts';
import { portRows } from '../plan/port-rows.ts';
import type { ExitCode, Invocation } from './command.ts';
import { lookAtStack } from './look-at-stack.ts';
import { openStack } from './open-stack.ts';
import { refuse, styleOf } from './screen.ts';
import { unknownServices } from './unknown-services.ts';

/** Shows every host port that the stack declares, and who has it. Reads only. */
export async function runPorts(invocation: Invocation): Promise<ExitCode> {
  const { flags, io, positionals } = invocation;
  const opened = await openStack(invocation);
  if (!opened.ok) return refuse(opened.error, invocation);
  const { desired } = opened.value.setup.stack;
  const unknown = unknownServices(positionals, desired);
  if (unknown.length > 0) return refuse(unknown, invocation);
  const observed = await lookAtStack(opened.value, invocation);
  if (!observed.ok) return refuse(observed.error, invocation);
  const rows = portRows({ desired, observed: observed.value, options: { ...plainOptions, targets: positionals, noDependencies: true } });
  const { portsText, portsJson } = await import('../render/ports-text.ts');
  if (flags.json) {
    const { jsonText } = await import('../render/json-text.ts');
    io.stdout.write(`${jsonText(portsJson(desired.stack, rows), 2)}\n`);
  } else io.stdout.write(portsText(rows, observed.value, styleOf(invocation, io.stdout)));
  return 0;
}
