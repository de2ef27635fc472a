import type { PastStep, PastStory } from '../apply/past-run.ts';
import { planSummary } from './plan-summary.ts';
import type { Json } from './plan-json.ts';
import { tookText } from './quantity-text.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';
import { padded, textWidth } from './text-width.ts';

/** A run with its number, as far as it can be read; 0: it is not over yet. */
export interface NumberedRun {
  readonly number: number;
  readonly story: PastStory | { readonly unreadable: string };
}

/** One line a run. */
export function historyText(runs: readonly NumberedRun[], style: Style): string {
  const rows = [['RUN', 'WHEN', 'COMMAND', 'RESULT', 'TOOK', 'CHANGES', 'BY', 'COMMIT'], ...runs.map(rowOf)].map((row) =>
    row.map((cell) => sanitize(cell)),
  );
  const widths = (rows[0] ?? []).map((_title, i) => Math.max(...rows.map((row) => textWidth(row[i] ?? ''))));
  const [title = '', ...lines] = rows.map((row) =>
    row
      .map((cell, i) => padded(cell, widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${[style.dim(title), ...lines].join('\n')}\n`;
}

function rowOf({ number, story }: NumberedRun): string[] {
  if ('unreadable' in story) return [String(number), '-', '-', `unreadable: ${story.unreadable}`];
  const { begun } = story;
  const { add, change, destroy } = summaryOf(story);
  const took = tookMs(story);
  return [
    number === 0 ? '-' : String(number),
    begun.at.slice(0, 19).replace('T', ' '),
    begun.command,
    resultOf(story),
    took === undefined ? '-' : tookText(took),
    `+${add} ~${change} -${destroy}`,
    `${begun.by.user}@${begun.by.host}`,
    begun.commit ? `${begun.commit.id.slice(0, 10)}${begun.commit.dirty ? '+' : ''}` : '-',
  ];
}

const resultOf = ({ finished }: PastStory): string => finished?.result.replaceAll('-', ' ') ?? 'not finished';

const tookMs = ({ begun, finished }: PastStory): number | undefined =>
  finished && Math.max(0, Date.parse(finished.at) - Date.parse(begun.at));

const summaryOf = ({ planned }: PastStory) => planSummary(planned.flatMap(({ plan }) => plan.changes));

/** One run in full. */
export function runText({ number, story }: NumberedRun, style: Style): string {
  if ('unreadable' in story) return `Run ${number} cannot be read: ${sanitize(story.unreadable)}\n`;
  const { begun, recoveries, left, because } = story;
  const took = tookMs(story);
  const [forward, back] = [story.steps.filter(({ isBack }) => !isBack), story.steps.filter(({ isBack }) => isBack)];
  const facts: readonly (readonly [string, string])[] = [
    ['When', begun.at],
    ['By', `${begun.by.user}@${begun.by.host}`],
    ['Command', `stackctl ${begun.command} (${begun.stackctl})`],
    ['Commit', begun.commit ? `${begun.commit.id}${begun.commit.dirty ? ', with changes that were not committed' : ''}` : 'none'],
    ['Result', `${resultOf(story)}${took === undefined ? '' : `, after ${tookText(took)}`}`],
    ...(because === undefined ? [] : [['Because', because] as const]),
    ...recoveries.map(({ how, at, by }) => ['Recovered', `${at}, ${hows[how]}, by ${by.user}@${by.host}`] as const),
  ];
  return [
    style.bold(`Run ${number === 0 ? 'that is not finished' : number} of stack ${sanitize(begun.stack)}`),
    ...facts.map(([name, text]) => `  ${padded(name, 10)}  ${sanitize(text)}`),
    ...section('Steps', forward.map(stepLine)),
    ...section('Way back', back.map(stepLine)),
    ...section(
      'Images',
      story.images.map(({ container, reference, id, digests }) => `${container}: ${reference} = ${digests[0] ?? id}`),
    ),
    ...section('Left', left),
    '',
  ].join('\n');
}

const hows = { back: 'taken back', finish: 'cleaned up', resume: 'resumed' } as const;

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${sanitize(line)}`)];

function stepLine({ label, ended }: PastStep): string {
  if (!ended) return `${padded('?', 8)}  ${label}: nobody knows how it ended`;
  const how =
    ended.outcome === 'done' ? (ended.why ? `: warning: ${ended.why}` : '') : `: ${ended.outcome}${ended.why ? `: ${ended.why}` : ''}`;
  return `${padded(tookText(ended.tookMs), 8)}  ${label}${how}`;
}

/** One run as data; `steps` only where it is asked for in full. */
export function runJson({ number, story }: NumberedRun, full: boolean): Json {
  if ('unreadable' in story) return { run: number, unreadable: story.unreadable };
  const { begun, finished } = story;
  const took = tookMs(story);
  return {
    run: number === 0 ? null : number,
    id: story.planned[0]?.run ?? null,
    stack: begun.stack,
    engine: begun.engine,
    command: begun.command,
    begun_at: begun.at,
    ended_at: finished?.at ?? null,
    took_ms: took ?? null,
    result: finished?.result.replaceAll('-', '_') ?? null,
    by: { ...begun.by },
    stackctl: begun.stackctl,
    commit: begun.commit ? { ...begun.commit } : null,
    summary: { ...summaryOf(story) },
    ...(full && fullJson(story)),
  };
}

const fullJson = ({ because, left, recoveries, steps, images }: PastStory): { readonly [key: string]: Json } => ({
  because: because ?? null,
  left: [...left],
  recoveries: recoveries.map(({ how, at, by }) => ({ how, at, by: { ...by } })),
  images: images.map(({ container, reference, id, digests }) => ({ container, reference, id, digests: [...digests] })),
  steps: steps.map(({ id, label, isBack, ended }) => ({
    id,
    label,
    way_back: isBack,
    outcome: ended?.outcome.replaceAll('-', '_') ?? null,
    took_ms: ended?.tookMs ?? null,
    ...(ended?.why !== undefined && { why: ended.why }),
  })),
});
