import type { ApplyEvent, RunResult } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import { causeText } from './cause-text.ts';
import { countText } from './count-text.ts';
import { labelOf } from './label-of.ts';
import { endedWell, outcomeText } from './outcome-text.ts';
import { planSummary } from './plan-summary.ts';
import { shortDuration, tookText } from './quantity-text.ts';
import { rollbackText } from './rollback-text.ts';
import { wayForward } from './root-cause.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

interface Options {
  readonly style: Style;
  /** To count resources instead of steps. */
  readonly plan?: Pick<Plan, 'changes'>;
  /** Of the whole run. */
  readonly tookMs?: number;
}

type Part = (events: readonly ApplyEvent[], options: Options) => string;

/** What a tired person reads at the end: the cause first, then how things stand now, then what to do. */
export function resultText(result: RunResult, events: readonly ApplyEvent[], options: Options): string {
  const parts = [warnings, ...endings[result]].map((part) => part(events, options));
  return parts.filter((part) => part !== '').join('\n');
}

const say =
  (text: string): Part =>
  () =>
    `${text}\n`;

/** What went as it should, but not quite. */
const warnings: Part = (events, { style }) =>
  events
    .flatMap((event) => (event.type === 'step-ended' && event.outcome.status === 'done' && event.outcome.warning ? [event] : []))
    .map(({ step, outcome }) => `${style.yellow('Warning:')} ${labelOf(step.action)}: ${outcomeText(outcome).replace(/^warning: /, '')}\n`)
    .join('');

const rolledBack: Part = (events, { style }) => rollbackText(events, style);

/** Without a failed step it was a deadline, or something that fell over after its gate. */
const cause: Part = (events, { style }) => causeText(events, style) || reasonText(events, style);

const endings: { readonly [result in RunResult]: readonly Part[] } = {
  applied: [applied],
  untouched: [
    cause,
    say('Nothing was touched: it failed before anything was changed.'),
    say('Next: mend the cause above, then run the same command again.'),
  ],
  'rolled-back': [cause, rolledBack, say('Next: mend the cause above, then run the same command again. Nothing is left to clean up.')],
  'not-fully-rolled-back': [
    cause,
    rolledBack,
    say('Next: stackctl status says how it stands now, stackctl recover goes on with steps back that failed. Mend the cause above first.'),
  ],
  failed: [
    cause,
    say('Everything was left as it stands, as asked for: nothing was rolled back, nothing old was removed.'),
    say('Next: look with stackctl status, mend the cause above, then run the same command again.'),
  ],
  interrupted: [interrupted],
  abandoned: [abandoned, say('Next: stackctl recover takes back what was left half done; stackctl recover --resume goes on.')],
  'not-cleaned-up': [notCleanedUp],
};

/** The reason, and what was under way when it came. */
function reasonText(events: readonly ApplyEvent[], style: Style): string {
  const because = events.find((event) => event.type === 'rollback-started')?.because ?? deadlineReason(events);
  const notes = new Map(events.flatMap((event) => (event.type === 'step-progressed' ? [[event.step.id, event.note] as const] : [])));
  const open = wayForward(events).flatMap(({ step, outcome }) => {
    const note = notes.get(step.id);
    return outcome.status === 'cancelled' ? [`  - ${labelOf(step.action)}${note === undefined ? '' : `: ${sanitize(note)}`}`] : [];
  });
  return `${[style.bold(`${style.red('Failed:')} ${sanitize(because)}`), ...(open.length > 0 ? ['Still under way then:', ...open] : [])].join('\n')}\n`;
}

/** Nothing failed and nothing had to go back: only the time can have run out. */
function deadlineReason(events: readonly ApplyEvent[]): string {
  const run = events.find((event) => event.type === 'run-started');
  return run ? `it was not done within ${shortDuration(run.timeoutMs)}` : 'it is not known why';
}

/** Nothing was to be made: the stack was taken down. */
const onlyRemoved = (events: readonly ApplyEvent[]): boolean => wayForward(events).every(({ step }) => step.stage === 'discard');

function applied(events: readonly ApplyEvent[], { style, plan, tookMs }: Options): string {
  const ended = wayForward(events);
  const unchanged = ended.filter(({ outcome }) => outcome.status === 'unchanged').length;
  const counts = plan ? countsOf(plan) : countText(ended.length - unchanged, 'step');
  const skipped = unchanged > 0 ? ` ${countText(unchanged, 'step')} turned out not to be needed.` : '';
  return `${style.bold(style.green('Applied:'))} ${counts}${tookMs === undefined ? '' : `, in ${tookText(tookMs)}`}. ${onlyRemoved(events) ? 'All of it is removed' : 'Everything is ready'}.${skipped}\n`;
}

function countsOf({ changes }: Pick<Plan, 'changes'>): string {
  const { add, change, destroy, end, backup, restore } = planSummary(changes);
  const volumes = [backup > 0 ? `, ${backup} backed up` : '', restore > 0 ? `, ${restore} restored` : ''].join('');
  return `${add} added, ${change} changed, ${destroy} destroyed${volumes}${end > 0 ? `, ${end === 1 ? '1 process' : `${end} processes`} ended` : ''}`;
}

function interrupted(events: readonly ApplyEvent[], { style }: Options): string {
  const back = rollbackText(events, style);
  return `${style.bold(style.yellow('Interrupted.'))} ${back === '' ? 'Nothing had been changed yet.\n' : `What had been done was walked back.\n\n${back}`}`;
}

/** What was begun and has not ended may have happened or not. */
function abandoned(events: readonly ApplyEvent[], { style }: Options): string {
  const ended = new Set(events.flatMap((event) => (event.type === 'step-ended' ? [event.step.id] : [])));
  const open = events.flatMap((event) => (event.type === 'step-started' && !ended.has(event.step.id) ? [event.step] : []));
  const rest = open.length === 0 ? [] : ['Begun, and not known how it ended:', ...open.map(({ action }) => `  - ${labelOf(action)}`)];
  return `${[`${style.bold(style.red('Stopped at once.'))} Nothing more was rolled back; the stack is as it stood at that moment.`, ...rest].join('\n')}\n`;
}

function notCleanedUp(events: readonly ApplyEvent[], { style }: Options): string {
  const [title, command] = onlyRemoved(events) ? ['Not all of it was removed.', 'down'] : ['Up, but not cleaned up.', 'apply'];
  const failed = wayForward(events).filter(({ step, outcome }) => step.stage === 'discard' && !endedWell(outcome));
  const lines = failed.map(({ step, outcome }) => `  - ${labelOf(step.action)}: ${outcomeText(outcome)}`);
  const ready = command === 'apply' ? 'Everything is ready; this could not be removed:' : 'This is left:';
  return `${[`${style.bold(style.yellow(title))} ${ready}`, ...lines, '', `Next: run stackctl ${command} again to remove what is left.`].join('\n')}\n`;
}
