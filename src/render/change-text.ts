import type { ChangeNote } from '../model/plan.ts';
import { fieldLines } from './field-lines.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';
import { quoted } from './visible.ts';

interface Look {
  readonly symbol: string;
  /** In the legend. */
  readonly means: string;
  readonly sentence: string;
  paint(style: Style, text: string): string;
}

/** How each verb is shown. */
export const looks: { readonly [verb in ChangeNote['verb']]: Look } = {
  create: { symbol: '+', means: 'create', sentence: 'will be created', paint: ({ green }, text) => green(text) },
  start: { symbol: '>', means: 'start', sentence: 'will be started', paint: ({ cyan }, text) => cyan(text) },
  update: { symbol: '~', means: 'update in place', sentence: 'will be updated in place', paint: ({ yellow }, text) => yellow(text) },
  replace: {
    symbol: '-/+',
    means: 'replace: the old one stops first',
    sentence: 'will be replaced',
    paint: ({ magenta }, text) => magenta(text),
  },
  'replace-start-first': {
    symbol: '+/-',
    means: 'replace: the new one starts first',
    sentence: 'will be replaced without a gap',
    paint: ({ magenta }, text) => magenta(text),
  },
  remove: { symbol: '-', means: 'remove', sentence: 'will be removed', paint: ({ red }, text) => red(text) },
  backup: { symbol: '=', means: 'back up', sentence: 'will be backed up', paint: ({ cyan }, text) => cyan(text) },
  restore: { symbol: '~', means: 'restore', sentence: 'will be restored', paint: ({ yellow }, text) => yellow(text) },
  end: { symbol: '-', means: 'end', sentence: 'will be ended', paint: ({ red }, text) => red(text) },
};

/** A symbol, right-aligned so that what follows it stands in one column. */
export const symbolOf = (verb: ChangeNote['verb'], style: Style): string => looks[verb].paint(style, looks[verb].symbol.padStart(3));

/** One change: what will happen and because of what; with its fields if there are any; then what it interrupts. */
export function changeText(change: ChangeNote, style: Style): string {
  const symbol = symbolOf(change.verb, style);
  const thing = `${change.of} ${quoted(change.name)}${change.service === undefined ? '' : ` (service ${sanitize(change.service)})`}`;
  const because = style.dim(`(because ${sanitize(change.because)})`);
  const interrupts = change.interrupts === undefined ? [] : [`    ${style.yellow(sanitize(change.interrupts))}`];
  const { sentence } = looks[change.verb];
  const lines =
    change.fields.length === 0
      ? [`${symbol} ${thing} ${sentence} ${because}`, ...interrupts]
      : [
          `  ${style.bold(`# ${change.of} ${sanitize(change.name)} ${sentence}`)} ${because}`,
          `${symbol} ${thing} {`,
          ...fieldLines(change.fields, style).map((line) => (line === '' ? line : `      ${line}`)),
          '    }',
          ...interrupts,
        ];
  return `${lines.join('\n')}\n`;
}
