import { get, type ByName } from '../lib/record.ts';
import type { ContainerState, EngineFacts, SeenContainer } from '../model/observed.ts';
import type { Vault } from '../model/vault.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { Answer } from './docker-answer.ts';
import { hooksFrom } from './docker-hooks.ts';
import { appliedFrom, labelNames } from './docker-labels.ts';
import { seenMounts } from './docker-mounts.ts';
import { seenSettings } from './docker-settings.ts';

/** What is needed beside the answer to read it. */
export interface Reading {
  readonly vault: Vault;
  readonly facts: EngineFacts;
  /** Another container, by its id or name. */
  peerOf(reference: string): SeenPeer | undefined;
}

/** What of another container has to be known to read one that shares something with it. */
export interface SeenPeer {
  /** "service:db" of a container of the same stack, else "container:NAME". */
  readonly called: string;
  /** Where something is mounted in it. */
  readonly mounts: readonly string[];
}

/** Whose a container is by its labels; absent unless it is a container of a service of a stack. */
export interface Ownership {
  readonly stack: string;
  readonly service: string;
  readonly number: number;
}

/** Containers of "docker compose run" and such without a service belong to a stack but are nothing that a file declares. */
export function ownership(labels: ByName<string>): Ownership | undefined {
  const stack = get(labels, labelNames.stack);
  const service = get(labels, labelNames.service);
  const number = Number(get(labels, labelNames.number) ?? '1');
  if (!stack || !service || !Number.isInteger(number) || get(labels, labelNames.oneoff) === 'True') return undefined;
  return { stack, service, number };
}

/** A container of a stack from its inspect answer (Engine API 1.41 and newer). */
export function seenContainer(answer: Answer, owner: Ownership, reading: Reading): SeenContainer {
  const labels = answer.inside('Config').textMap('Labels');
  const files = get(labels, labelNames.files) ?? '';
  const run = get(labels, labelNames.run);
  const applied = appliedFrom(labels);
  const { anonymous } = seenMounts(answer, reading);
  return {
    id: fullId(answer),
    name: containerName(answer),
    service: owner.service,
    number: owner.number,
    imageId: answer.mustText('Image'),
    settings: { ...seenSettings(answer, owner, reading), ...(applied && hooksFrom(get(labels, labelNames.hooks), applied, reading.vault)) },
    state: containerState(answer, reading.vault),
    files: files === '' ? [] : files.split(','),
    workingDir: get(labels, labelNames.workingDir) ?? '',
    ...(run !== undefined && { run }),
    ...(applied && { applied }),
    anonymous,
  };
}

/** The name without the slash that the engine puts before it. */
export const containerName = (answer: Answer): string => answer.mustText('Name').replace(/^\//, '');

/** Only full ids are safe: a container may be named like the short id of another. */
export function fullId(answer: Answer): string {
  const id = answer.mustText('Id');
  if (!/^[0-9a-f]{64}$/.test(id))
    throw new EngineError('garbled', `The engine's answer makes no sense: ${answer.path}.Id is not a container id`);
  return id;
}

/** How a container stands, from its inspect answer. */
export function containerState(answer: Answer, vault: Vault): ContainerState {
  const state = answer.inside('State');
  const status = statusOf(state);
  // When a container ends, the engine calls it unhealthy, however well it was (20.10 and 28)
  const health = ['running', 'paused', 'restarting'].includes(status) ? healthOf(state) : undefined;
  const probe = state.inside('Health').list('Log').at(-1);
  return {
    status,
    exitCode: state.number('ExitCode'),
    oomKilled: state.flag('OOMKilled'),
    error: state.text('Error'),
    restartCount: answer.number('RestartCount'),
    startedAt: momentOf(state.text('StartedAt')),
    finishedAt: momentOf(state.text('FinishedAt')),
    ...(health && { health }),
    ...(probe && { lastProbe: { exitCode: probe.number('ExitCode'), output: vault.mask(probe.text('Output')) } }),
  };
}

const statuses: ByName<ContainerState['status']> = {
  created: 'created',
  running: 'running',
  paused: 'paused',
  restarting: 'restarting',
  exited: 'exited',
  dead: 'dead',
  removing: 'removing',
  // Podman's words (4.3 and 5.4)
  configured: 'created',
  initialized: 'created',
  stopping: 'running',
  stopped: 'exited',
};

/** Whether an engine's word for a container's state means that its program has not ended. */
export const isRunning = (status: string): boolean => ['running', 'paused', 'restarting', 'stopping'].includes(status);

function statusOf(state: Answer): ContainerState['status'] {
  const word = state.mustText('Status');
  const status = get(statuses, word);
  if (!status)
    throw new EngineError('garbled', `The engine's answer makes no sense: ${state.path}.Status is ${JSON.stringify(word.slice(0, 40))}`);
  return status;
}

function healthOf(state: Answer): ContainerState['health'] {
  const health = state.inside('Health');
  const word = health.text('Status');
  // So Docker calls one that is or was paused, until its next look (20.10 and 28): no check of it has failed
  if (word === 'unhealthy' && health.number('FailingStreak') === 0) return 'starting';
  return word === 'starting' || word === 'healthy' || word === 'unhealthy' ? word : undefined;
}

// Go's zero time: it never happened
const momentOf = (text: string): string => (text.startsWith('0001-01-01') ? '' : text);
