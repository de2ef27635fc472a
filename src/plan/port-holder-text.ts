import type { Desired } from '../model/desired.ts';
import type { HostProcess } from '../model/listener.ts';
import type { Observed } from '../model/observed.ts';
import type { PortHolder } from './port-holder.ts';
import { shortId } from './short-id.ts';

/** Who holds a port, as a sentence ends: "process 812 of root: nginx -g daemon off (since 2026-08-01T10:00:00Z, unit nginx.service)". */
export function holderText(holder: PortHolder, observed: Observed): string {
  switch (holder.kind) {
    case 'own':
      return `container ${holder.container.name} of this stack`;
    case 'container': {
      const { name, id, stack } = holder.container;
      return `container ${name} (${shortId(id)}, of ${stack === undefined ? 'no stack' : `stack ${stack}`})`;
    }
    case 'engine':
      return `the engine's own ${programOf(holder.process)} (process ${holder.process.pid}), though no container publishes the port`;
    case 'hidden':
      return `a process of ${holder.listener.user} that this user may not look at`;
    case 'process':
      return holder.processes.map((process) => processText(process, observed)).join(', and by ');
  }
}

export function processText(process: HostProcess, observed?: Observed): string {
  const { pid, user, command, startedAt, parent } = process;
  const facts = [
    `since ${startedAt}`,
    ...unitText(process),
    ...(parent && parent.pid > 1 ? [`started by process ${parent.pid}: ${parent.command}`] : []),
  ];
  return `process ${pid} of ${user}: ${command} (${facts.join(', ')})${observed ? leftText(process, observed) : ''}`;
}

const unitText = ({ unit, session }: HostProcess): string[] => [
  ...(unit ? [`unit ${unit.name}${unit.manager === 'user' ? ' of that user' : ''}`] : []),
  ...(session === undefined ? [] : [`login ${session}`]),
];

/** A process keeps the cgroup of its container when that is gone. */
function leftText({ containerId }: HostProcess, { containers, others }: Observed): string {
  if (containerId === undefined) return '';
  const known = [...Object.values(containers), ...Object.values(others)].find(({ id }) => id === containerId);
  return `, left over from ${known ? `${known.name} (container ${shortId(containerId)}, which does not run)` : `container ${shortId(containerId)}, which is gone`}`;
}

const programOf = ({ command }: HostProcess): string => command.split(' ', 1)[0]?.split('/').at(-1) ?? command;

/** What a person can do about it: end the holder, let the plan end it, or take another port. */
export function waysOut(holder: PortHolder, { ports }: Desired): string {
  const another = 'or declare another port';
  switch (holder.kind) {
    case 'own':
      return `let this plan include its service ${holder.container.service}, ${another}`;
    case 'container':
      return `stop that container (docker stop ${holder.container.name}), ${another}`;
    case 'engine':
      return `restart the engine, which has lost track of it, ${another}`;
    case 'hidden':
      return `run as root to see which one it is, ${another}`;
    case 'process':
      return `${stopText(holder.processes[0])}, ${ruleText(holder, ports)}, ${another}`;
  }
}

function stopText({ pid, unit }: HostProcess): string {
  if (!unit) return `end it (kill ${pid})`;
  return `stop it (systemctl ${unit.manager === 'user' ? '--user ' : ''}stop ${unit.name})`;
}

function ruleText({ processes }: Extract<PortHolder, { readonly kind: 'process' }>, { onConflict, reclaim }: Desired['ports']): string {
  if (processes.some(({ pid }) => pid === 1)) return 'process 1 is never ended for a port';
  if (onConflict === 'reclaim') return 'let a rule of x-stack.ports.reclaim name it';
  return reclaim.length === 0
    ? 'let the plan end it (a rule in x-stack.ports.reclaim, and on_conflict: reclaim)'
    : 'let the plan end it (x-stack.ports.on_conflict: reclaim)';
}
