import { get } from '../lib/record.ts';
import type { ContainerState, Observed } from '../model/observed.ts';
import {
  callMs,
  defaultGraceMs,
  idOf,
  lasting,
  mismatch,
  readAnew,
  touch,
  touchUnlessMade,
  withContainer,
  type ContainerRef,
} from './container-ref.ts';
import { defineAction, type ActionKind } from './define.ts';

interface StopArgs extends ContainerRef {
  /** Between the stop signal and the kill; undefined: the engine's own 10 s. */
  readonly graceMs?: number;
}

export const containerStart: ActionKind<ContainerRef> = defineAction<ContainerRef>('container.start', {
  symbol: '>',
  gives: 'started',
  rereads: true,
  target: ({ name }) => name,
  label: ({ name }) => `start container ${name}`,
  timeoutMs: () => callMs,
  touches: (ref) => [touchUnlessMade(ref)],
  guard: mismatch,
  simulate: started,
  undo: (ref, before) => (isUp(ref.name, before) ? 'not-needed' : containerStop(undoRef(ref, before))),
  async run(ref, { engine, now, signal, remember }) {
    await engine.startContainer(idOf(ref, now), signal);
    remember(started(ref, now));
  },
});

export const containerStop: ActionKind<StopArgs> = defineAction<StopArgs>('container.stop', {
  symbol: '#',
  target: ({ name }) => name,
  label: ({ name }) => `stop container ${name}`,
  timeoutMs: ({ graceMs }) => (graceMs ?? defaultGraceMs) + callMs,
  touches: ({ name }) => [touch('container', name)],
  guard: mismatch,
  simulate: stopped,
  undo: (ref, before) => (isUp(ref.name, before) ? containerStart(lasting(ref, before)) : 'not-needed'),
  async run(ref, { engine, now, signal, remember }) {
    await engine.stopContainer(idOf(ref, now), signal, ref.graceMs);
    remember(stopped(ref, now));
  },
});

export const containerUnpause: ActionKind<ContainerRef> = defineAction<ContainerRef>('container.unpause', {
  symbol: '>',
  gives: 'started',
  target: ({ name }) => name,
  label: ({ name }) => `unpause container ${name}`,
  timeoutMs: () => callMs,
  touches: ({ name }) => [touch('container', name)],
  guard: mismatch,
  simulate: ({ name }, now) => withStatus(name, now, 'running'),
  undo: (ref, before) =>
    get(before.containers, ref.name)?.state.status === 'paused' ? containerPause(lasting(ref, before)) : 'not-needed',
  run: (ref, { engine, now, signal }) => engine.unpauseContainer(idOf(ref, now), signal),
});

export const containerPause: ActionKind<ContainerRef> = defineAction<ContainerRef>('container.pause', {
  symbol: '#',
  target: ({ name }) => name,
  label: ({ name }) => `pause container ${name}`,
  timeoutMs: () => callMs,
  touches: ({ name }) => [touch('container', name)],
  guard: mismatch,
  simulate: ({ name }, now) => withStatus(name, now, 'paused'),
  undo: (ref, before) =>
    get(before.containers, ref.name)?.state.status === 'paused' ? 'not-needed' : containerUnpause(lasting(ref, before)),
  run: (ref, { engine, now, signal }) => engine.pauseContainer(idOf(ref, now), signal),
});

/** A container of this run has no id in the plan, and its undo must not reach another one that took its name. */
const undoRef = (ref: ContainerRef, before: Observed): ContainerRef => (ref.id === undefined ? ref : lasting(ref, before));

function started({ name }: ContainerRef, now: Observed): Observed {
  return readAnew(name, isUp(name, now) ? now : withStatus(name, now, 'running'));
}

function stopped({ name }: ContainerRef, now: Observed): Observed {
  return isUp(name, now) ? withStatus(name, now, 'exited') : now;
}

const isUp = (name: string, now: Observed): boolean =>
  ['running', 'restarting', 'paused'].includes(get(now.containers, name)?.state.status ?? '');

function withStatus(name: string, now: Observed, status: ContainerState['status']): Observed {
  return withContainer(name, now, (seen) => {
    const { health: _health, ...state } = seen.state;
    const checked = seen.settings.healthcheck && status === 'running' ? { health: 'starting' as const } : {};
    return { ...seen, state: { ...state, status, exitCode: 0, ...checked } };
  });
}
