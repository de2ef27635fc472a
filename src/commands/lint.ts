import { randomBytes } from 'node:crypto';
import { withTimeouts } from '../config/with-timeouts.ts';
import { lint, toldByRules, untold } from '../lint/lint.ts';
import { rules } from '../lint/rules.ts';
import type { Problem } from '../model/problem.ts';
import type { LintReport } from '../render/lint-text.ts';
import { readStack, type StackRequest } from '../spec/read-stack.ts';
import { chooseStack, type StackChoice } from './choose-stack.ts';
import type { ExitCode, Invocation } from './command.ts';
import { lookAtMachine } from './lint-machine.ts';
import { otherStacks } from './lint-others.ts';
import { isError, refuse, styleOf } from './screen.ts';
import { stackctlVersion } from './version.ts';

/** Looks for what is allowed and yet goes wrong sooner or later; changes nothing, and needs no engine. */
export async function runLint(invocation: Invocation): Promise<ExitCode> {
  const { flags, io } = invocation;
  if (flags.listRules) {
    io.stdout.write(await rulesShown(invocation));
    return 0;
  }
  const choice = await chooseStack(invocation);
  if (!choice.ok) return refuse(choice.error, invocation);
  const { problems, ...report } = await reportOn(choice.value, invocation);
  await show(report, problems, invocation);
  if (problems.some(isError)) return 1;
  return report.findings.some(({ silenced }) => silenced === undefined) ? 2 : 0;
}

/** What was found, and what stands in the way of reading the files. */
interface WholeReport extends LintReport {
  readonly problems: readonly Problem[];
}

async function reportOn(choice: StackChoice, invocation: Invocation): Promise<WholeReport> {
  // Every service counts, whatever its profile: what only an inactive one uses is not unused
  const request: StackRequest = { ...choice.stack, profiles: ['*'], vaultKey: randomBytes(16).toString('hex') };
  const read = await readStack(request);
  if (!read.ok) return { findings: toldByRules(read.error), notes: [], problems: untold(read.error) };
  const { declared, warnings } = read.value;
  const desired = withTimeouts(read.value.desired, choice.settings);
  const [seen, others] = await Promise.all([lookAtMachine({ desired, declared }, choice, invocation), otherStacks(request, invocation)]);
  const told = [...choice.warnings, ...warnings];
  return {
    findings: lint({ desired, declared, machine: seen.machine, others: others.stacks }, told),
    notes: [...seen.notes, ...others.notes],
    problems: untold(told),
  };
}

async function show(report: LintReport, problems: readonly Problem[], invocation: Invocation): Promise<void> {
  const { flags, io } = invocation;
  const format = flags.json ? 'json' : (flags.lintFormat ?? 'text');
  if (format === 'text') {
    const [{ lintText }, { problemsText }] = await Promise.all([import('../render/lint-text.ts'), import('../render/problems-text.ts')]);
    io.stderr.write(problemsText(problems, { style: styleOf(invocation, io.stderr) }));
    if (!problems.some(isError) || report.findings.length > 0) io.stdout.write(lintText(report, styleOf(invocation, io.stdout)));
    return;
  }
  if (format === 'github') return void io.stdout.write((await import('../render/lint-github.ts')).lintGithub(report, problems));
  const { jsonText } = await import('../render/json-text.ts');
  const data =
    format === 'json'
      ? (await import('../render/lint-json.ts')).lintJson(report, problems)
      : (await import('../render/lint-sarif.ts')).lintSarif(report, { rules, problems, version: stackctlVersion() });
  io.stdout.write(`${jsonText(data, 2)}\n`);
}

async function rulesShown(invocation: Invocation): Promise<string> {
  const { flags, io } = invocation;
  if (!flags.json && flags.lintFormat !== 'json')
    return (await import('../render/lint-text.ts')).rulesText(rules, styleOf(invocation, io.stdout));
  const [{ jsonText }, { rulesJson }] = await Promise.all([import('../render/json-text.ts'), import('../render/lint-json.ts')]);
  return `${jsonText(rulesJson(rules), 2)}\n`;
}
