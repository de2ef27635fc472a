import { definitionOf } from '../actions/index.ts';
import { processEnd } from '../actions/process-end.ts';
import type { Action } from '../model/action.ts';
import type { Change } from '../model/change.ts';
import type { ServiceSpec } from '../model/desired.ts';
import type { ChangeNote } from '../model/plan.ts';
import type { Sides } from './diff.ts';
import { reclaims, type Reclaim } from './reclaims.ts';
import type { Part } from './part.ts';

/** A process that is ended, and where in the plan: right before the first container starts that wants a port of it. */
export interface ProcessEnd {
  readonly part: Part;
  readonly action: Action;
  /** All that want a port of it. */
  readonly services: readonly string[];
}

/** One for each process. What is ended stays so: it waits until all that can fail before the start has gone well. */
export function processEnds(parts: readonly Part[], sides: Sides): ProcessEnd[] {
  return reclaims(wanting(parts), sides).flatMap((reclaim) => {
    // Parts are in the order of dependencies: whoever waits for another finds the port free already
    const part = parts.find(({ service }) => service !== undefined && reclaim.services.includes(service.name));
    return part ? [{ part, action: processEnd(endArgs(reclaim)), services: reclaim.services }] : [];
  });
}

const wanting = (parts: readonly Part[]): ServiceSpec[] => [...new Set(parts.flatMap(({ service }) => service ?? []))];

/** How it is ended. */
export function endArgs({ process, sockets, siblings, rule }: Reclaim): Parameters<typeof processEnd>[0] {
  const { pid, startTicks, executable, command, commandHash, user, containerId } = process;
  return {
    process: { pid, startTicks, executable, command, commandHash, user, ...(containerId !== undefined && { containerId }) },
    inodes: sockets.map(({ inode }) => inode),
    sockets: sockets.map(({ protocol, address, port }) => ({ protocol, address, port })),
    siblings,
    graceMs: rule.graceMs,
    rule: rule.command,
  };
}

const portOf = ({ port, protocol }: { readonly port: number; readonly protocol: string }): string => `${port}/${protocol}`;

/** What builds a part, with the ends of processes before its container starts. */
export function withEnds(part: Part, ends: readonly ProcessEnd[]): readonly Action[] {
  const { build } = part.recipe;
  const own = ends.filter((end) => end.part === part).map(({ action }) => action);
  const start = build.findIndex((action) => definitionOf(action).gives === 'started');
  return [...build.slice(0, Math.max(start, 0)), ...own, ...build.slice(Math.max(start, 0))];
}

/** As people read it in the plan. */
export function endNotes(changes: readonly Change[], sides: Sides): ChangeNote[] {
  const services = changes.flatMap((change) => (change.of === 'container' && 'want' in change ? [change.want.service] : []));
  return reclaims([...new Set(services)], sides).map(({ process, sockets, rule, services: wants }) => ({
    of: 'process',
    name: `${process.pid} of ${process.user} (${process.command})`,
    verb: 'end',
    because: `it holds ${sockets.map(portOf).join(' and ')}, which ${wants.join(' and ')} ${wants.length > 1 ? 'want' : 'wants'}; rule "${rule.command}"`,
    cause: 'port',
    fields: [],
    interrupts: 'it cannot be started again: no rollback takes this back',
  }));
}
