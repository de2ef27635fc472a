import { get } from '../lib/record.ts';
import type { Desired, ServiceSpec } from './desired.ts';
import type { Hooks } from './hook.ts';
import type { SeenContainer } from './observed.ts';
import type { Settings } from './settings.ts';

type Times = Pick<Hooks, 'startMs' | 'stopMs'>;

/** What a hook may take at least before a stop: the grace period is the program's, and often shorter than a person would wait. */
const leastStopMs = 10_000;

/** Of a service that is declared nowhere. */
const usualStartMs = 90_000;

/** The hooks of a container that is to be made, as an argument of its actions; nothing without any. */
export const wantedHooks = (service: ServiceSpec): { readonly hooks?: Hooks } => asArgument(service.settings, timesOf(service));

/**
 * The hooks of a container that stands: those that it was made with. Of one that Compose made nobody knows them; it gets those that
 * its service has now, as from Compose itself.
 */
export function standingHooks(have: SeenContainer, { services }: Pick<Desired, 'services'>): { readonly hooks?: Hooks } {
  const service = get(services, have.service);
  const times = service ? timesOf(service) : { startMs: usualStartMs, stopMs: stopMsOf(have.settings) };
  return asArgument(knowsHooks(have) ? have.settings : (service?.settings ?? {}), times);
}

/** Whether its label says which hooks it has, if any. */
export const knowsHooks = ({ applied, edited }: SeenContainer): boolean => applied !== undefined || edited !== undefined;

const timesOf = ({ settings, timeouts }: ServiceSpec): Times => ({
  startMs: timeouts.readyMs,
  stopMs: timeouts.stopMs ?? stopMsOf(settings),
});

const stopMsOf = ({ stop_grace_period = 0 }: Pick<Settings, 'stop_grace_period'>): number => Math.max(stop_grace_period, leastStopMs);

function asArgument({ post_start = [], pre_stop = [] }: Partial<Settings>, times: Times): { readonly hooks?: Hooks } {
  return post_start.length + pre_stop.length > 0 ? { hooks: { post_start, pre_stop, ...times } } : {};
}
