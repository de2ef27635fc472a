import { processText } from '../plan/port-holder-text.ts';
import type { Reclaim } from '../plan/reclaims.ts';
import type { Json } from './plan-json.ts';
import { processJson } from './ports-text.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

/** What became of a process that was to be ended. */
export interface EndedOrphan {
  readonly orphan: Reclaim;
  /** Why it still is there, or its port still held; absent: it is gone, and the port free. */
  readonly why?: string;
}

interface Orphans {
  readonly orphans: readonly Reclaim[];
  readonly unclear: readonly Reclaim[];
  /** Absent: nothing was ended yet. */
  readonly ended?: readonly EndedOrphan[];
}

/** Each process with the evidence: what it holds, who wants that, and which rule names it. */
export function orphansText({ orphans, unclear, ended }: Orphans, style: Style): string {
  if (ended) return ended.map((each) => endedText(each, style)).join('');
  if (orphans.length + unclear.length === 0) return 'All clear: no process that a rule of this stack names holds one of its ports.\n';
  return [...orphans.map((each) => orphanText(each, style)), ...unclear.map((each) => unclearText(each, style))].join('\n');
}

function orphanText({ process, sockets, rule, services }: Reclaim, { bold, dim }: Style): string {
  const ports = sockets.map(({ port, protocol }) => `${port}/${protocol}`).join(' and ');
  return [
    bold(sanitize(processText(process))),
    `    holds ${ports}, which ${services.map((name) => sanitize(name)).join(' and ')} ${services.length > 1 ? 'want' : 'wants'}`,
    `    ${dim(`named by the rule "${sanitize(rule.command)}"`)}\n`,
  ].join('\n');
}

const unclearText = (orphan: Reclaim, style: Style): string =>
  `${orphanText(orphan, style)}    left alone: it is of container ${orphan.process.containerId?.slice(0, 12) ?? ''}, and no engine says whether that runs\n`;

const endedText = ({ orphan: { process, sockets }, why }: EndedOrphan, { green, red }: Style): string =>
  why === undefined
    ? `${green('ended')}  process ${process.pid}; ${sockets.map(({ port, protocol }) => `${port}/${protocol}`).join(' and ')} free now\n`
    : `${red('failed')} process ${process.pid}: ${sanitize(why)}\n`;

/** The same as data. */
export function orphansJson(stack: string, { orphans, unclear, ended }: Orphans): Json {
  const whyOf = (orphan: Reclaim): string | undefined => ended?.find((each) => each.orphan === orphan)?.why;
  const json = (orphan: Reclaim): Json => ({
    process: processJson(orphan.process),
    ports: orphan.sockets.map(({ port, protocol, address }) => ({ port, protocol, address })),
    services: [...orphan.services],
    rule: orphan.rule.command,
    ...(ended && { ended: whyOf(orphan) === undefined, ...(whyOf(orphan) !== undefined && { why: whyOf(orphan)! }) }),
  });
  return { format_version: '1.0', stack, orphans: orphans.map(json), unclear: unclear.map(json) };
}
