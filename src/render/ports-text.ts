import type { HostProcess, Listener } from '../model/listener.ts';
import type { Observed } from '../model/observed.ts';
import { holderText } from '../plan/port-holder-text.ts';
import type { PortHolder } from '../plan/port-holder.ts';
import type { PortRow, PortState } from '../plan/port-rows.ts';
import type { Json } from './plan-json.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';
import { padded, textWidth } from './text-width.ts';

const paints: { readonly [state in PortState]: (style: Style, text: string) => string } = {
  free: ({ dim }, text) => dim(text),
  unknown: ({ yellow }, text) => yellow(text),
  held: ({ green }, text) => green(text),
  moves: ({ yellow }, text) => yellow(text),
  reclaimable: ({ yellow }, text) => yellow(text),
  taken: ({ red }, text) => red(text),
};

const titles = ['PORT', 'ADDRESS', 'SERVICE', 'DECLARED', 'STATE', 'HOLDER'];

export interface StackPorts {
  readonly stack: string;
  readonly rows: readonly PortRow[];
  /** In which the rows were found. */
  readonly observed: Observed;
}

/** One line a port: what is wanted, and who has it. Of several stacks each with its name above. */
export function portsText(stacks: readonly StackPorts[], style: Style): string {
  const [first, ...others] = stacks;
  if (first && others.length === 0) return tableOf(first, style);
  return stacks.map((each) => `${style.bold(sanitize(each.stack))}\n${tableOf(each, style)}`).join('\n');
}

function tableOf(ports: StackPorts, style: Style): string {
  const why = ports.observed.portsUnseen;
  return `${rowsOf(ports, style)}${why === undefined ? '' : `\nWhether others hold these ports cannot be seen: ${sanitize(why)}.\n`}`;
}

function rowsOf({ rows, observed }: StackPorts, style: Style): string {
  if (rows.length === 0) return 'No fixed host port is declared.\n';
  const cells = rows.map((row) => cellsOf(row, observed).map((cell) => sanitize(cell)));
  const widths = titles.map((title, i) => Math.max(...[title, ...cells.map((row) => row[i] ?? '')].map(textWidth)));
  const columns = (row: readonly string[]): string[] => row.map((cell, i) => (i === row.length - 1 ? cell : padded(cell, widths[i] ?? 0)));
  const lines = cells.map((row, i) => {
    const { state } = rows[i]!;
    return columns(row)
      .map((cell, at) => (titles[at] === 'STATE' ? paints[state](style, cell) : cell))
      .join('  ');
  });
  return `${[style.dim(columns(titles).join('  ')), ...lines].join('\n')}\n`;
}

function cellsOf({ wanted, holder, state }: PortRow, observed: Observed): string[] {
  const { socket, service, text } = wanted;
  return [
    `${socket.port}/${socket.protocol}`,
    socket.address === '' ? 'any' : socket.address,
    service.name,
    text,
    state,
    holder ? holderText(holder, observed) : '-',
  ];
}

/** The same as data. */
export const portsJson = (stacks: readonly StackPorts[]): Json => ({
  format_version: '1.0',
  ports: stacks.flatMap(({ stack, rows }) => rows.map((row) => ({ stack, ...rowJson(row) }))),
  unseen: stacks.flatMap(({ stack, observed }) => (observed.portsUnseen === undefined ? [] : [{ stack, because: observed.portsUnseen }])),
});

const rowJson = ({ wanted: { socket, service, text }, holder, state }: PortRow) => ({
  port: socket.port,
  protocol: socket.protocol,
  address: socket.address,
  service: service.name,
  declared: text,
  state,
  ...(holder && { holder: holderJson(holder) }),
});

function holderJson(holder: PortHolder): Json {
  switch (holder.kind) {
    case 'own':
      return { kind: 'container', name: holder.container.name, id: holder.container.id, service: holder.container.service };
    case 'container': {
      const { name, id, stack } = holder.container;
      return { kind: 'container', name, id, ...(stack !== undefined && { stack }) };
    }
    case 'engine':
      return { kind: 'engine', processes: [processJson(holder.process)] };
    case 'hidden':
      return {
        kind: holder.listener.noProcess === 'kernel' ? 'kernel' : 'hidden',
        user: holder.listener.user,
        sockets: [socketJson(holder.listener)],
      };
    case 'process':
      return { kind: 'process', processes: holder.processes.map(processJson), sockets: holder.listeners.map(socketJson) };
  }
}

const socketJson = ({ protocol, address, port, inode }: Listener): Json => ({ protocol, address, port, inode });

export function processJson(process: HostProcess): Json {
  const { pid, user, executable, command, startedAt, parent, containerId, formerContainer, unit, session } = process;
  return {
    pid,
    user,
    executable,
    command,
    started_at: startedAt,
    ...(parent && { parent: { pid: parent.pid, command: parent.command } }),
    ...(containerId !== undefined && { container_id: containerId }),
    ...(formerContainer && { former_container: formerContainer.name }),
    ...(unit && { unit: unit.name, unit_manager: unit.manager }),
    ...(session !== undefined && { session }),
  };
}
