import { durationText } from '../lib/duration.ts';
import { fromEntries, get } from '../lib/record.ts';
import type { Setting } from '../config/tool-settings.ts';
import { sanitize } from '../render/sanitize.ts';
import type { StackChoice } from './choose-stack.ts';

interface Row {
  readonly name: string;
  /** Undefined: nothing says so. */
  readonly value: string | number | readonly string[] | undefined;
  readonly from: string;
}

/** Every setting with its value and who said so, one a line. */
export function settingsText(choice: StackChoice): string {
  const rows = rowsOf(choice).map(({ name, value, from }) => [name, shown(value), from] as const);
  const width = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length));
  const [first, second] = [width(0), width(1)];
  return rows.map(([name, value, from]) => `${name.padEnd(first)}  ${value.padEnd(second)}  ${from}\n`).join('');
}

/** The same as data. */
export function settingsJson(choice: StackChoice): string {
  const settings = fromEntries(rowsOf(choice).map(({ name, value = null, from }) => [name, { value, from }] as const));
  return `${JSON.stringify({ format_version: '1.0', settings }, undefined, 2)}\n`;
}

function rowsOf({ chosen, settings, stack }: StackChoice): Row[] {
  const row = (name: string, { value, from }: Setting<Row['value']>): Row => ({ name, value, from });
  const time = (name: string, { value, from }: Setting<number | undefined>): Row => ({ name, value: value && durationText(value), from });
  const { host, context } = chosen.engine.value;
  return [
    row('files', chosen.files),
    row('project_name', chosen.projectName),
    row('project_directory', chosen.projectDirectory),
    row('profiles', chosen.profiles),
    row('env_files', chosen.envFiles),
    row('engine', {
      ...chosen.engine,
      value: host ?? (context === undefined ? get(stack.environment, chosen.engine.from) : `context ${context}`),
    }),
    time('timeout', settings.timeoutMs),
    time('rollback_timeout', settings.rollbackTimeoutMs),
    time('pull_timeout', settings.pullTimeoutMs),
    time('ready_timeout', settings.readyTimeoutMs),
    row('parallelism', settings.parallelism),
    row('state_dir', settings.stateDir),
    row('helper_image', settings.helperImage),
    row('progress', settings.progress),
  ];
}

function shown(value: Row['value']): string {
  if (value === undefined) return '-';
  return sanitize(typeof value === 'object' ? value.join(', ') || '-' : String(value));
}
