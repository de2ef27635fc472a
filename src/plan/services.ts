import { get, names, values } from '../lib/record.ts';
import type { Dependency, Desired, ServiceSpec, WantedContainer } from '../model/desired.ts';
import type { Observed, SeenContainer } from '../model/observed.ts';
import type { PlanOptions } from './options.ts';
import { peersOf, type Peer } from './peers.ts';

/** What a service waits for: declared dependencies, and the services that it holds on to. */
export function needsOf({ dependsOn, settings }: ServiceSpec): readonly Dependency[] {
  const peers = [...new Set(peersOf(settings).map(({ service }) => service))];
  const implied = peers.filter((peer) => !dependsOn.some(({ service }) => service === peer));
  return [
    ...dependsOn,
    ...implied.map((service): Dependency => ({ service, condition: 'service_started', restart: false, required: true })),
  ];
}

/** The services that a plan is about, each after what it waits for; the loader has refused circles. */
export function selectedServices(desired: Desired, { targets, noDependencies }: PlanOptions): ServiceSpec[] {
  const sorted: ServiceSpec[] = [];
  const visit = (name: string): void => {
    const service = get(desired.services, name);
    if (!service || sorted.includes(service)) return;
    for (const need of [...needsOf(service)].sort((left, right) => (left.service < right.service ? -1 : 1))) visit(need.service);
    sorted.push(service);
  };
  for (const name of targets.length > 0 ? [...targets].sort() : names(desired.services)) visit(name);
  return targets.length > 0 && noDependencies ? sorted.filter(({ name }) => targets.includes(name)) : sorted;
}

/** One container of a service with the container that stands in its place now, if any. */
export interface Pair {
  readonly want: WantedContainer;
  readonly have?: SeenContainer;
}

/** Pairs by service and number, as the labels say; of several the one with the right name, else the oldest. */
export function pairsOf(service: ServiceSpec, observed: Observed): Pair[] {
  return service.replicas.map((replica) => {
    const candidates = containersOf(service.name, observed).filter(({ number }) => number === replica.number);
    const have = candidates.find(({ name }) => name === replica.name) ?? candidates[0];
    return { want: { service, replica }, ...(have && { have }) };
  });
}

/** Ids of the containers that stand where one of these services wants one. */
export const pairedIds = (services: readonly ServiceSpec[], observed: Observed): ReadonlySet<string> =>
  new Set(services.flatMap((service) => pairsOf(service, observed).flatMap(({ have }) => have?.id ?? [])));

/** In order of number, then name. */
export function containersOf(service: string, { containers }: Observed): SeenContainer[] {
  return values(containers)
    .filter((seen) => seen.service === service)
    .sort((left, right) => left.number - right.number);
}

export const isUp = ({ state }: SeenContainer): boolean => state.status === 'running' || state.status === 'restarting';

/** Whether a service may end by itself and still be as wanted: it was started to do one thing. */
export function mayComplete(service: ServiceSpec, desired: Desired): boolean {
  if (isAwaitedToComplete(service.name, desired)) return true;
  // Whoever shares its network or its processes needs it to run
  const isNeeded = (peer: Peer): boolean => peer.mustRun && peer.service === service.name;
  if (Object.values(desired.services).some(({ settings }) => peersOf(settings).some(isNeeded))) return false;
  const { restart = 'no', ports = [], healthcheck } = service.settings;
  const restarted = restart !== 'no' && !restart.startsWith('on-failure');
  return !restarted && ports.length === 0 && !healthcheck?.test && service.ready.length === 0;
}

/** Whether another service waits for this one to end well. */
export function isAwaitedToComplete(name: string, desired: Desired): boolean {
  return Object.values(desired.services).some(({ dependsOn }) =>
    dependsOn.some((need) => need.service === name && need.condition === 'service_completed_successfully'),
  );
}

/** It ended with 0, and that is all that was wanted of it. */
export const hasCompleted = (service: ServiceSpec, { state }: SeenContainer, desired: Desired): boolean =>
  state.status === 'exited' && state.exitCode === 0 && mayComplete(service, desired);

/** It already is what others may build on, so nobody need wait for it. */
export const isSettled = (service: ServiceSpec, have: SeenContainer, desired: Desired): boolean =>
  hasCompleted(service, have, desired) ||
  (!isAwaitedToComplete(service.name, desired) && have.state.status === 'running' && (have.state.health ?? 'healthy') === 'healthy');
