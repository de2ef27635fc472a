import type { ChangeNote, Plan } from '../model/plan.ts';
import { changeText, looks, symbolOf } from './change-text.ts';
import { planEnding, planFootnotes } from './plan-footnotes.ts';
import { planSummary } from './plan-summary.ts';
import { problemText } from './problem-text.ts';
import { sortedProblems } from './problems-text.ts';
import { sanitize } from './sanitize.ts';
import { stepsText } from './steps-text.ts';
import type { Style } from './style.ts';

interface Options {
  readonly style: Style;
  /** With every step. */
  readonly verbose?: boolean;
}

/** A plan in Terraform's language: what will be done, why, field by field; then what to know before saying yes. */
export function planText(plan: Plan, { style, verbose = false }: Options): string {
  const { changes, problems, steps } = plan;
  const footnotes = planFootnotes(plan);
  return [
    ...(changes.length > 0
      ? [legend(plan, style), ...paragraphs(changes).map((some) => some.map((change) => changeText(change, style)).join(''))]
      : []),
    ...(verbose && steps.length > 0 ? [`${style.bold('Steps:')}\n${stepsText(plan)}`] : []),
    ...sortedProblems(problems).map((problem) => problemText(problem, style)),
    ...(footnotes.length > 0 ? [footnotes.map((line) => `${line}\n`).join('')] : []),
    `${style.bold(planEnding(plan) ?? summary(changes))}\n`,
  ].join('\n');
}

/** The symbols that this plan uses, and no others. */
function legend({ changes, stack, problems }: Plan, style: Style): string {
  const verbs = Object.keys(looks).filter((verb): verb is ChangeNote['verb'] => changes.some((change) => change.verb === verb));
  const causes = changes.some(({ fields }) => fields.some(({ cause }) => cause === 'drift'));
  const will = problems.some(({ severity }) => severity === 'error') ? 'would' : 'will';
  const lines = [
    `stackctl ${will} do the following to stack ${style.bold(sanitize(stack))}:`,
    ...verbs.map((verb) => `${symbolOf(verb, style)} ${looks[verb].means}`),
    ...(causes ? ['    (drift) somebody changed it on the machine, not in the file'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** Changes that take one line stand together; one with fields stands alone. */
function paragraphs(changes: readonly ChangeNote[]): ChangeNote[][] {
  const parts: ChangeNote[][] = [];
  for (const change of changes) {
    const last = parts.at(-1);
    if (last && change.fields.length === 0 && last.every(({ fields }) => fields.length === 0)) last.push(change);
    else parts.push([change]);
  }
  return parts;
}

function summary(changes: readonly ChangeNote[]): string {
  const { add, change, destroy, end, backup, restore } = planSummary(changes);
  const volumes = [backup > 0 ? `, ${backup} to back up` : '', restore > 0 ? `, ${restore} to restore` : ''].join('');
  const ended = end > 0 ? `, ${end === 1 ? '1 process' : `${end} processes`} to end` : '';
  return `Plan: ${add} to add, ${change} to change, ${destroy} to destroy${volumes}${ended}.`;
}
