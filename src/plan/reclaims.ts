import { glob } from '../lib/glob.ts';
import type { Desired, ReclaimRule, ServiceSpec } from '../model/desired.ts';
import type { HostProcess } from '../model/listener.ts';
import type { Sides } from './diff.ts';
import { holderOf, type PortHolder, type PortsSeen } from './port-holder.ts';
import type { HostSocket } from '../model/host-socket.ts';
import { wantedPorts } from '../model/wanted-ports.ts';

/** A process that is to be ended because it holds a port that the stack wants, and a rule of the stack names it. */
export interface Reclaim {
  readonly process: HostProcess;
  readonly rule: ReclaimRule;
  /** The sockets of wanted ports that it holds. */
  readonly sockets: readonly HeldSocket[];
  /** The services that want them. */
  readonly services: readonly string[];
  /** The others that hold one of the sockets too, and are ended as well. */
  readonly siblings: readonly number[];
}

export interface HeldSocket extends HostSocket {
  readonly inode: string;
}

/** What a plan ends for the stack's ports: nothing, unless `on_conflict: reclaim` says so, and never to heal by itself. */
export const reclaims = (services: readonly ServiceSpec[], sides: Sides): Reclaim[] =>
  sides.desired.ports.onConflict === 'reclaim' && sides.options.only === undefined ? orphanProcesses(services, sides) : [];

/** Processes that hold ports of these services, belong to no live container and are named by a rule. One once, whatever it holds. */
export function orphanProcesses(
  services: readonly ServiceSpec[],
  { desired, observed }: { readonly desired: Pick<Desired, 'ports' | 'services' | 'places'>; readonly observed: PortsSeen },
): Reclaim[] {
  const found = new Map<number, Reclaim>();
  for (const { service, socket } of wantedPorts(services, desired)) {
    const holder = holderOf(socket, observed);
    if (holder?.kind !== 'process') continue;
    for (const { process, rule } of rulesFor(holder, desired.ports.reclaim) ?? []) {
      const before = found.get(process.pid);
      found.set(process.pid, {
        process,
        rule,
        sockets: [
          ...(before?.sockets ?? []),
          ...socketsOf(holder, process).filter((each) => !before?.sockets.some(({ inode }) => inode === each.inode)),
        ],
        services: [...new Set([...(before?.services ?? []), service.name])],
        siblings: [...new Set([...(before?.siblings ?? []), ...holder.processes.map(({ pid }) => pid)])].filter(
          (pid) => pid !== process.pid,
        ),
      });
    }
  }
  return [...found.values()];
}

interface Ruled {
  readonly process: HostProcess;
  readonly rule: ReclaimRule;
}

/** The rule for each process that holds a port; undefined when one of them has none, or may not be seen: then none is touched. */
export function rulesFor(
  { processes, listeners }: Extract<PortHolder, { readonly kind: 'process' }>,
  rules: readonly ReclaimRule[],
): Ruled[] | undefined {
  if (listeners.some(({ partly }) => partly)) return undefined;
  const ruled = processes.flatMap((process): Ruled[] => {
    const rule = rules.find((each) => matches(process, each));
    return rule ? [{ process, rule }] : [];
  });
  return ruled.length === processes.length ? ruled : undefined;
}

/** Never process 1, systemd, a part of an engine, what lives in a container of any, or what has started stackctl, whatever a rule says. */
function matches({ pid, command, user, manager, ofEngine, belowEngine, own }: HostProcess, rule: ReclaimRule): boolean {
  if (pid === 1 || manager || ofEngine || belowEngine || own) return false;
  return glob(rule.command)(command) && (rule.user === undefined || rule.user === user);
}

const socketsOf = ({ listeners }: Extract<PortHolder, { readonly kind: 'process' }>, { pid }: HostProcess): HeldSocket[] =>
  listeners
    .filter(({ holders }) => holders.some((holder) => holder.pid === pid))
    .map(({ protocol, address, port, inode }) => ({ protocol, address, port, inode }));
