import { get, names } from '../lib/record.ts';
import type { Desired, ServiceSpec } from '../model/desired.ts';
import type { ContainerState, Observed, SeenContainer } from '../model/observed.ts';
import type { ChangeNote } from '../model/plan.ts';
import type { Port } from '../model/settings.ts';

/** How one service stands. */
export interface StatusRow {
  readonly service: string;
  readonly wanted: number;
  readonly running: number;
  /** In order of their number. */
  readonly containers: readonly SeenContainer[];
  readonly mood: Mood;
  /** "running (health: starting)", "exited (137)", "not created"; several when its containers differ. */
  readonly state: string;
  readonly ports: string;
  readonly image: string;
  /** What a plan would do to it; undefined when no plan was given. */
  readonly changed?: string;
}

/** Whether a person has to worry. */
export type Mood = 'good' | 'waiting' | 'bad' | 'absent';

/** One row for each wanted service, by name. */
export function statusRows(desired: Desired, observed: Observed, changes?: readonly ChangeNote[]): StatusRow[] {
  return names(desired.services)
    .flatMap((name) => get(desired.services, name) ?? [])
    .map((service) => rowOf(service, containersOf(service.name, observed), changes));
}

/** Containers of the stack whose service is not declared, nor declared under a profile that is not active. */
export function undeclared(desired: Desired, observed: Observed): SeenContainer[] {
  return names(observed.containers)
    .flatMap((name) => get(observed.containers, name) ?? [])
    .filter(({ service }) => !get(desired.services, service) && !desired.inactiveServices.includes(service));
}

const containersOf = (service: string, { containers }: Observed): SeenContainer[] =>
  names(containers)
    .flatMap((name) => get(containers, name) ?? [])
    .filter((seen) => seen.service === service)
    .sort((left, right) => left.number - right.number);

function rowOf(
  { name, replicas, settings }: ServiceSpec,
  containers: readonly SeenContainer[],
  changes: readonly ChangeNote[] | undefined,
): StatusRow {
  const missing = Math.max(0, replicas.length - containers.length);
  const states = [...containers.map(({ state }) => stateText(state)), ...(missing > 0 ? ['not created'] : [])];
  const moods = [...containers.map(({ state }) => moodOf(state)), ...(missing > 0 ? ['absent' as const] : [])];
  return {
    service: name,
    wanted: replicas.length,
    running: containers.filter(({ state }) => state.status === 'running').length,
    containers,
    mood: (['bad', 'absent', 'waiting'] as const).find((mood) => moods.includes(mood)) ?? 'good',
    state: [...new Set(states)].join(', ') || 'none wanted',
    ports: (settings.ports ?? [])
      .filter(({ published }) => published !== '')
      .map(portText)
      .join(', '),
    image: settings.image,
    ...(changes && { changed: changedText(changes.filter(({ service }) => service === name)) }),
  };
}

/** The state of one container in the engine's words, with what matters about it. */
export function stateText({ status, exitCode, health, restartCount, oomKilled, error }: ContainerState): string {
  switch (status) {
    case 'running':
      return (
        ['running', health && `(health: ${health})`].filter(Boolean).join(' ') + (restartCount > 0 ? `, ${timesText(restartCount)}` : '')
      );
    case 'restarting':
      return `restarting (${exitCode}), ${timesText(restartCount)}`;
    case 'exited':
      return oomKilled && exitCode !== 0 ? `exited (${exitCode}, out of memory)` : `exited (${exitCode})`;
    case 'created':
      return error ? 'created, start failed' : 'created, never started';
    case 'paused':
    case 'dead':
    case 'removing':
      return status;
  }
}

const timesText = (count: number): string => `${count} restart${count === 1 ? '' : 's'}`;

function moodOf({ status, exitCode, health }: ContainerState): Mood {
  if (status === 'running') return health === 'unhealthy' ? 'bad' : health === 'starting' ? 'waiting' : 'good';
  if (status === 'exited') return exitCode === 0 ? 'good' : 'bad';
  return status === 'created' || status === 'paused' ? 'waiting' : 'bad';
}

function portText({ host_ip, published, target, protocol }: Port): string {
  const ip = host_ip.includes(':') ? `[${host_ip}]` : host_ip;
  return `${ip ? `${ip}:` : ''}${published}->${target}/${protocol}`;
}

const verbs: { readonly [verb in ChangeNote['verb']]: string } = {
  create: 'to create',
  start: 'to start',
  update: 'to update',
  replace: 'to replace',
  'replace-start-first': 'to replace',
  remove: 'to remove',
  end: 'to end',
  backup: 'to back up',
  restore: 'to restore',
};

const changedText = (changes: readonly ChangeNote[]): string => [...new Set(changes.map(({ verb }) => verbs[verb]))].join(', ') || 'no';
