import { randomBytes } from 'node:crypto';
import type { Problem } from '../model/problem.ts';
import { problemsText } from '../render/problems-text.ts';
import { chooseStack } from './choose-stack.ts';
import type { ExitCode, Invocation } from './command.ts';
import { isError, styleOf } from './screen.ts';

/** Reads and checks the stack files and says all that is wrong with them; asks no engine. */
export async function runValidate(invocation: Invocation): Promise<ExitCode> {
  const { flags, io } = invocation;
  const problems = await problemsIn(invocation);
  const valid = !problems.some(isError);
  if (flags.json) io.stdout.write(`${JSON.stringify({ format_version: '1.0', valid, problems }, undefined, 2)}\n`);
  else {
    io.stderr.write(problemsText(problems, { style: styleOf(invocation, io.stderr) }));
    if (valid) io.stdout.write('The stack is valid.\n');
  }
  return valid ? 0 : 1;
}

async function problemsIn(invocation: Invocation): Promise<readonly Problem[]> {
  const choice = await chooseStack(invocation);
  if (!choice.ok) return choice.error;
  const { readStack } = await import('../spec/read-stack.ts');
  const read = await readStack({ ...choice.value.stack, vaultKey: randomBytes(16).toString('hex') });
  return [...choice.value.warnings, ...(read.ok ? [...read.value.warnings, ...read.value.missing] : read.error)];
}
