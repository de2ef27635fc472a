import type { Desired } from '../model/desired.ts';
import type { Observed, SeenContainer } from '../model/observed.ts';
import type { ChangeNote } from '../model/plan.ts';
import { listText } from './count-text.ts';
import type { Json } from './plan-json.ts';
import { sanitize } from './sanitize.ts';
import { statusRows, undeclared, type Mood, type StatusRow } from './status-rows.ts';
import type { Style } from './style.ts';
import { padded, textWidth } from './text-width.ts';

interface Options {
  readonly style: Style;
  /** Of a plan made now: adds what would be changed. */
  readonly changes?: readonly ChangeNote[];
}

/** Want against have, one line a service. */
export function statusText(desired: Desired, observed: Observed, { style, changes }: Options): string {
  const rows = statusRows(desired, observed, changes);
  const others = undeclared(desired, observed).map(({ name }) => sanitize(name));
  const table = rows.length === 0 ? `Stack ${sanitize(desired.stack)} has no active services.\n` : tableOf(rows, style);
  return others.length === 0 ? table : `${table}\n${style.yellow(`Declared nowhere, but of this stack: ${listText(others)}.`)}\n`;
}

const moods: { readonly [mood in Mood]: (style: Style, text: string) => string } = {
  good: ({ green }, text) => green(text),
  waiting: ({ yellow }, text) => yellow(text),
  bad: ({ red }, text) => red(text),
  absent: ({ dim }, text) => dim(text),
};

const cellsOf = (row: StatusRow): string[] =>
  [
    row.service,
    `${row.running}/${row.wanted}`,
    row.state,
    row.ports || '-',
    row.image,
    ...(row.changed === undefined ? [] : [row.changed]),
  ].map((cell) => sanitize(cell));

function tableOf(rows: readonly StatusRow[], style: Style): string {
  const titles = ['SERVICE', 'RUNNING', 'STATE', 'PORTS', 'IMAGE', ...(rows[0]?.changed === undefined ? [] : ['CHANGE'])];
  const cells = rows.map(cellsOf);
  const widths = titles.map((title, i) => Math.max(...[title, ...cells.map((row) => row[i] ?? '')].map(textWidth)));
  const columns = (row: readonly string[]): string[] => row.map((cell, i) => (i === row.length - 1 ? cell : padded(cell, widths[i] ?? 0)));
  const lines = rows.map((row, i) => {
    const [service = '', running = '', state = '', ...rest] = columns(cells[i] ?? []);
    return [service, running, moods[row.mood](style, state), ...rest].join('  ');
  });
  return `${[style.dim(columns(titles).join('  ')), ...lines].join('\n')}\n`;
}

/** The same as data. */
export function statusJson(desired: Desired, observed: Observed, changes?: readonly ChangeNote[]): Json {
  return {
    format_version: '1.0',
    stack: desired.stack,
    services: statusRows(desired, observed, changes).map((row) => ({
      name: row.service,
      wanted: row.wanted,
      running: row.running,
      state: row.state,
      image: row.image,
      ...(row.changed !== undefined && { changed: row.changed !== 'no' }),
      containers: row.containers.map(containerJson),
    })),
    undeclared: undeclared(desired, observed).map(containerJson),
  };
}

function containerJson({ name, id, service, number, imageId, settings, state }: SeenContainer): Json {
  return {
    name,
    id,
    service,
    number,
    image: settings.image,
    image_id: imageId,
    status: state.status,
    ...(state.health && { health: state.health }),
    ...(state.status === 'running' ? {} : { exit_code: state.exitCode }),
    restarts: state.restartCount,
    oom_killed: state.oomKilled,
    started_at: state.startedAt || null,
    ports: (settings.ports ?? []).map(({ host_ip, published, target, protocol }) => ({ host_ip, published, target, protocol })),
  };
}
