import { ago } from '../lib/ago.ts';
import type { Desired } from '../model/desired.ts';
import type { HostProcess, Listener } from '../model/listener.ts';
import type { Observed } from '../model/observed.ts';
import type { PortHolder } from './port-holder.ts';
import { shortId } from './short-id.ts';

/** Who holds a port, as a sentence ends: "process 812 of root: nginx -g daemon off (since 2026-08-01T10:00:00Z, unit nginx.service)". */
export function holderText(holder: PortHolder, observed: Known): string {
  switch (holder.kind) {
    case 'own':
      return `container ${holder.container.name} of this stack${holder.former ? `, by process ${holder.former.pid} of an earlier run of it` : ''}`;
    case 'container': {
      const { name, id, stack } = holder.container;
      return `container ${name} (${shortId(id)}, of ${stack === undefined ? 'no stack' : `stack ${stack}`})`;
    }
    case 'engine':
      return `the engine's own ${programOf(holder.process)} (process ${holder.process.pid}), though no container publishes the port`;
    case 'hidden':
      return hiddenText(holder.listener);
    case 'process':
      return holder.processes.map((process) => processText(process, observed)).join(', and by ');
  }
}

function hiddenText({ user, noProcess }: Listener): string {
  if (noProcess === 'kernel') return 'the kernel itself, for no process (as an NFS server or a tunnel is)';
  return `a process of ${user} that ${noProcess ? 'cannot be seen from inside this container' : 'this user may not look at'}`;
}

/** What is needed to tell of which container an orphan is. */
type Known = Pick<Observed, 'containers' | 'others'>;

export function processText(process: HostProcess, observed?: Known): string {
  const { pid, user, command, startedAt, parent, manager, unit } = process;
  if (manager) return `systemd (process ${pid}) for ${unit ? `its unit ${unit.name}` : 'one of its socket units'}`;
  const facts = [
    `since ${startedAt.replace(/\.\d+/, '')}`,
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
function leftText({ containerId, formerContainer }: HostProcess, { containers, others }: Known): string {
  if (containerId === undefined) return '';
  if (formerContainer)
    return `, left over from ${formerContainer.name} (container ${shortId(containerId)}, removed ${ago(formerContainer.removedMsAgo)})`;
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
      return `${lookText(holder.listener)}, ${another}`;
    case 'process':
      return `${stopText(holder.processes)}, ${ruleText(holder, ports)}, ${another}`;
  }
}

function lookText({ noProcess }: Listener): string {
  if (noProcess === 'kernel') return 'stop what the kernel does there (systemctl stop nfs-server, ip link delete …)';
  return noProcess ? 'look from the host itself' : 'run as root to see which one it is';
}

/** A socket unit would start its service again: it is stopped with it, and in front of it. */
function stopText([first, ...others]: readonly [HostProcess, ...HostProcess[]]): string {
  const { pid, unit, manager } = first;
  const control = unit?.manager === 'user' || (manager && pid !== 1) ? 'systemctl --user' : 'systemctl';
  if (!unit) return manager ? `stop that unit (${control} list-sockets names it)` : `end it (kill ${pid})`;
  const served = manager ? others.flatMap((other) => (other.unit ? [other.unit.name] : [])) : [];
  return `stop it (${control} stop ${[...new Set([unit.name, ...served])].join(' ')})`;
}

function ruleText({ processes }: Extract<PortHolder, { readonly kind: 'process' }>, { onConflict, reclaim }: Desired['ports']): string {
  if (processes.some(({ pid }) => pid === 1)) return 'process 1 is never ended for a port';
  if (processes.some(({ manager }) => manager)) return 'systemd is never ended for a port';
  if (onConflict === 'reclaim') return 'let a rule of x-stack.ports.reclaim name it';
  return reclaim.length === 0
    ? 'let the plan end it (a rule in x-stack.ports.reclaim, and on_conflict: reclaim)'
    : 'let the plan end it (x-stack.ports.on_conflict: reclaim)';
}
