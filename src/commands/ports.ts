import { readConfig } from '../config.ts';
import { pause } from '../lib/pause.ts';
import { ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import { plainOptions } from '../plan/options.ts';
import { portRows } from '../plan/port-rows.ts';
import { portsJson, portsText, type StackPorts } from '../render/ports-text.ts';
import type { ExitCode, Invocation } from './command.ts';
import { lookAtStack } from './look-at-stack.ts';
import { openStack, type OpenStack } from './open-stack.ts';
import { refuse, styleOf } from './screen.ts';
import { unknownServices } from './unknown-services.ts';

/** Nothing tells when a process of the host opens a port. */
const betweenLooksMs = 2000;

/** Shows every host port that the stack declares, or every stack of stack.config.yaml, and who has it; once, or whenever it changes. Reads only. */
export async function runPorts(invocation: Invocation): Promise<ExitCode> {
  const opened = await openAll(invocation);
  if (!opened.ok) return refuse(opened.error, invocation);
  const unknown = opened.value.flatMap(({ setup }) => unknownServices(invocation.positionals, setup.stack.desired));
  if (unknown.length > 0) return refuse(unknown, invocation);
  let shown = '';
  for (;;) {
    const found = await lookAtAll(opened.value, invocation);
    if (invocation.cancel.aborted) return 0;
    if (!found.ok) return refuse(found.error, invocation);
    const text = await textOf(found.value, invocation);
    if (text !== shown) invocation.io.stdout.write(shown === '' || invocation.flags.json ? text : `\n${text}`);
    shown = text;
    if (!invocation.flags.watchPorts) return 0;
    await pause(betweenLooksMs, invocation.cancel);
  }
}

async function openAll(invocation: Invocation): Promise<Result<readonly OpenStack[], readonly Problem[]>> {
  const { flags, io } = invocation;
  const config = flags.all ? await readConfig(io.cwd) : ok(undefined);
  if (!config.ok) return config;
  const stacks = Object.values(config.value?.stacks ?? {}).map(({ name }) => name);
  // Where no stack.config.yaml names any, the one that is here is all
  const chosen = stacks.length > 0 ? stacks.map((stack) => ({ ...flags, stack })) : [flags];
  return together(await Promise.all(chosen.map((each) => openStack({ ...invocation, flags: each }))));
}

async function lookAtAll(opened: readonly OpenStack[], invocation: Invocation): Promise<Result<readonly StackPorts[], readonly Problem[]>> {
  const options = { ...plainOptions, targets: invocation.positionals, noDependencies: true };
  const looked = opened.map(async (stack): Promise<Result<StackPorts, readonly Problem[]>> => {
    const observed = await lookAtStack(stack, invocation);
    if (!observed.ok) return observed;
    const { desired } = stack.setup.stack;
    return ok({ stack: desired.stack, rows: portRows({ desired, observed: observed.value, options }), observed: observed.value });
  });
  return together(await Promise.all(looked));
}

/** All of them, or everything that is wrong with any. */
function together<Value>(results: readonly Result<Value, readonly Problem[]>[]): Result<readonly Value[], readonly Problem[]> {
  const problems = results.flatMap((result) => (result.ok ? [] : result.error));
  return problems.length > 0 ? { ok: false, error: problems } : ok(results.flatMap((result) => (result.ok ? [result.value] : [])));
}

async function textOf(stacks: readonly StackPorts[], invocation: Invocation): Promise<string> {
  const { flags, io } = invocation;
  if (!flags.json) return portsText(stacks, styleOf(invocation, io.stdout));
  const { jsonText } = await import('../render/json-text.ts');
  return `${jsonText(portsJson(stacks), flags.watchPorts ? 0 : 2)}\n`;
}
