import type { ApplyEvent } from '../model/event.ts';
import type { Step } from '../model/plan.ts';
import { countText, listText } from './count-text.ts';
import { evidenceLines } from './evidence-lines.ts';
import { labelOf } from './label-of.ts';
import { outcomeText } from './outcome-text.ts';
import { tookText } from './quantity-text.ts';
import { rootCause, wayForward, type FailedStep, type RootCause } from './root-cause.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

/** What failed and why, the cause before all else; then what failed or never ran because of it. Empty if no step failed. */
export function causeText(events: readonly ApplyEvent[], style: Style): string {
  const root = rootCause(events);
  if (!root) return '';
  const evidence = 'evidence' in root.outcome ? root.outcome.evidence : undefined;
  const why = outcomeText(root.outcome);
  return paragraph([
    `${style.bold(`${style.red('Failed:')} ${nameOf(root.step)}${labelOf(root.step.action)}`)} ${style.dim(`(after ${tookText(root.tookMs)})`)}`,
    `  ${style.red(why)}`,
    ...(evidence ? evidenceLines(evidence, `${labelOf(root.step.action)} ${why}`, style).map((line) => `  ${line}`) : []),
    ...failuresUnder('Failed because of it:', root.consequences),
    ...failuresUnder('Failed as well:', root.others),
    ...stopped(root, events),
  ]);
}

const nameOf = ({ service }: Step): string => (service === undefined ? '' : `${sanitize(service)}: `);

const failuresUnder = (title: string, failures: readonly FailedStep[]): string[] =>
  failures.length === 0
    ? []
    : ['', title, ...failures.map(({ step, outcome }) => `  ${nameOf(step)}${labelOf(step.action)}: ${outcomeText(outcome)}`)];

/** How far the others came: nothing of that is their own fault. */
function stopped({ cancelled }: RootCause, events: readonly ApplyEvent[]): string[] {
  const total = events.find((event) => event.type === 'run-started')?.steps ?? 0;
  const neverRan = total - wayForward(events).length;
  const waiting = [...new Set(cancelled.flatMap(({ service }) => (service === undefined ? [] : [sanitize(service)])))];
  const facts = [
    ...(waiting.length > 0 ? [`${listText(waiting, 8)} ${waiting.length === 1 ? 'was' : 'were'} stopped`] : []),
    ...(neverRan > 0 ? [`${countText(neverRan, 'step')} ${neverRan === 1 ? 'was' : 'were'} never begun`] : []),
  ];
  return facts.length > 0 ? ['', `Only because of that ${facts.join(' and ')}.`] : [];
}

const paragraph = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
