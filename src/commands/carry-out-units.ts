import { linesDiff } from '../render/lines-diff.ts';
import type { Style } from '../render/style.ts';
import type { ExitCode, Invocation } from './command.ts';
import { confirm } from './confirm.ts';
import { styleOf } from './screen.ts';
import type { UnitChange } from './unit-changes.ts';
import { runUnitSteps, type UnitStep } from './unit-steps.ts';
import { notConfirmed } from './with-consent.ts';

interface Work {
  readonly question: string;
  readonly done: string;
  readonly changes: readonly UnitChange[];
  readonly steps: readonly UnitStep[];
  readonly pathOf: (name: string) => string;
}

/** Shows what would be done to which unit, asks, and does it: all, or nothing (3), or says what could not be put back (4). */
export async function carryOutUnits(work: Work, invocation: Invocation): Promise<ExitCode> {
  const { io, flags } = invocation;
  if (!flags.json) io.stdout.write(planText(work, styleOf(invocation, io.stdout)));
  const answer = await confirm(work.question, invocation);
  if (answer !== 'yes') return notConfirmed(answer, invocation);
  const end = await runUnitSteps(work.steps, invocation.cancel);
  if (end === 'done') {
    if (flags.json) io.stdout.write(json(work, 'done'));
    else io.stdout.write(`\n${work.done}\n`);
    return 0;
  }
  const message = [end.why, ...end.left.map((each) => `  - ${each}`)].join('\n');
  const isBack = end.left.length === 0;
  const what = isBack ? 'everything is as it was before' : 'what could not be put back is listed above';
  if (flags.json) io.stdout.write(json(work, isBack ? 'rolled-back' : 'left', end));
  else io.stderr.write(`\nFailed: ${message}\n${what[0]?.toUpperCase() ?? ''}${what.slice(1)}.\n`);
  if (!isBack) return 4;
  return invocation.cancel.aborted ? 130 : 3;
}

/** Nothing to do. */
export function nothingToDo(text: string, { flags, io }: Invocation): 0 {
  io.stdout.write(
    flags.json ? `${JSON.stringify({ format_version: '1.0', outcome: 'nothing-to-do', units: [], steps: [] })}\n` : `${text}\n`,
  );
  return 0;
}

function planText({ changes, steps, pathOf }: Work, style: Style): string {
  const files = changes.flatMap(({ name, seen, text }) => {
    if (seen.text === text) return [];
    const path = pathOf(name);
    if (seen.text === undefined) return [style.green(`+ ${path}`)];
    if (text === undefined) return [style.red(`- ${path}`)];
    return [style.yellow(`~ ${path}`), ...linesDiff(seen.text, text, style).map((line) => `    ${line}`)];
  });
  const calls = steps.slice(1).flatMap(({ label }) => (label.startsWith('systemctl ') ? [`  ${label}`] : []));
  return [...files, ...(calls.length > 0 ? ['and then', ...calls] : []), ''].join('\n');
}

const json = ({ changes, steps, pathOf }: Work, outcome: string, more: object = {}): string =>
  `${JSON.stringify({
    format_version: '1.0',
    outcome,
    units: changes.map(({ name, seen, text }) => ({ name, path: pathOf(name), change: changeOf(seen.text, text) })),
    steps: steps.slice(1).map(({ label }) => label),
    ...more,
  })}\n`;

const changeOf = (before: string | undefined, after: string | undefined): string => {
  if (before === after) return 'none';
  if (before === undefined) return 'create';
  return after === undefined ? 'remove' : 'update';
};
