import type { Observed } from '../model/observed.ts';
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
  /** Why there may be more, or that nobody could look. */
  readonly doubts: readonly string[];
  /** Whether the stack has a rule at all. */
  readonly hasRules: boolean;
  /** Of the containers that there are; undefined: no engine says. */
  readonly observed: Pick<Observed, 'containers' | 'others'> | undefined;
  /** Absent: nothing was ended yet. */
  readonly ended?: readonly EndedOrphan[];
}

/** Each process with the evidence: what it holds, who wants that, and which rule names it. */
export function orphansText({ orphans, unclear, doubts, hasRules, observed, ended }: Orphans, style: Style): string {
  if (!hasRules) return 'No process is looked for: x-stack.ports.reclaim of this stack names none.\n';
  const unsure = doubts.map((doubt) => `${style.yellow('not clear')}  ${sanitize(doubt)}\n`).join('');
  if (ended) return ended.map((each) => endedText(each, style)).join('') + unsure;
  const found = [
    ...orphans.map((each) => orphanText(each, observed, style)),
    ...unclear.map((each) => unclearText(each, observed, style)),
  ].join('\n');
  if (found + unsure === '') return 'All clear: no process that a rule of this stack names holds one of its ports.\n';
  return found === '' || unsure === '' ? found + unsure : `${found}\n${unsure}`;
}

function orphanText({ process, sockets, rule, services }: Reclaim, observed: Orphans['observed'], { bold, dim }: Style): string {
  const ports = sockets.map(({ port, protocol }) => `${port}/${protocol}`).join(' and ');
  return [
    bold(sanitize(processText(process, observed))),
    `    holds ${ports}, which ${services.map((name) => sanitize(name)).join(' and ')} ${services.length > 1 ? 'want' : 'wants'}`,
    `    ${dim(`named by the rule "${sanitize(rule.command)}"`)}\n`,
  ].join('\n');
}

const unclearText = (orphan: Reclaim, observed: Orphans['observed'], style: Style): string =>
  `${orphanText(orphan, observed, style)}    left alone: it is of container ${orphan.process.containerId?.slice(0, 12) ?? ''}, and no engine says whether that runs\n`;

const endedText = ({ orphan: { process, sockets }, why }: EndedOrphan, { green, red }: Style): string =>
  why === undefined
    ? `${green('ended')}  process ${process.pid}; ${sockets.map(({ port, protocol }) => `${port}/${protocol}`).join(' and ')} free now\n`
    : `${red('failed')} process ${process.pid}: ${sanitize(why)}\n`;

/** The same as data. */
export function orphansJson(stack: string, { orphans, unclear, doubts, ended }: Orphans): Json {
  const whyOf = (orphan: Reclaim): string | undefined => ended?.find((each) => each.orphan === orphan)?.why;
  const json = (orphan: Reclaim): Json => ({
    process: processJson(orphan.process),
    ports: orphan.sockets.map(({ port, protocol, address }) => ({ port, protocol, address })),
    services: [...orphan.services],
    rule: orphan.rule.command,
    ...(ended && { ended: whyOf(orphan) === undefined, ...(whyOf(orphan) !== undefined && { why: whyOf(orphan)! }) }),
  });
  return { format_version: '1.0', stack, orphans: orphans.map(json), unclear: unclear.map(json), doubts: [...doubts] };
}
