import { get } from '../lib/record.ts';
import type { Hooks } from '../model/hook.ts';
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
import { runPostStart, runPreStop } from './run-hooks.ts';

/** What is run in the container after its start belongs to the start, what is run before its stop to the stop; the way back of each is the other. */
interface StartArgs extends ContainerRef {
  readonly hooks?: Hooks;
}

interface StopArgs extends StartArgs {
  /** Between the stop signal and the kill; undefined: the engine's own 10 s. */
  readonly graceMs?: number;
}

export const containerStart: ActionKind<StartArgs> = defineAction<StartArgs>('container.start', {
  symbol: '>',
  gives: 'started',
  rereads: true,
  target: ({ name }) => name,
  label: ({ name, hooks }) => `start container ${name}${hooks?.post_start.length ? ' and run its post_start hooks' : ''}`,
  timeoutMs: ({ hooks }) => callMs + (hooks?.post_start.length ? hooks.startMs : 0),
  touches: (ref) => [touchUnlessMade(ref)],
  guard: mismatch,
  simulate: started,
  undo: (ref, before) => (isUp(ref.name, before) ? 'not-needed' : containerStop({ ...undoRef(ref, before), ...hooksOf(ref) })),
  async run(ref, { now, remember, ...world }) {
    await world.engine.startContainer(idOf(ref, now), world.signal);
    // Also when it ran already: a start that was cut off may have come no further
    if (ref.hooks) await runPostStart(idOf(ref, now), ref.hooks, world);
    remember(started(ref, now));
  },
});

export const containerStop: ActionKind<StopArgs> = defineAction<StopArgs>('container.stop', {
  symbol: '#',
  target: ({ name }) => name,
  label: ({ name, hooks }) => `${hooks?.pre_stop.length ? 'run the pre_stop hooks and ' : ''}stop container ${name}`,
  timeoutMs: ({ graceMs, hooks }) => (graceMs ?? defaultGraceMs) + callMs + (hooks?.pre_stop.length ? hooks.stopMs : 0),
  touches: ({ name }) => [touch('container', name)],
  guard: mismatch,
  simulate: stopped,
  undo: (ref, before) => (isUp(ref.name, before) ? containerStart({ ...lasting(ref, before), ...hooksOf(ref) }) : 'not-needed'),
  async run(ref, { now, remember, ...world }) {
    const runs = get(now.containers, ref.name)?.state.status === 'running';
    if (ref.hooks && runs) await runPreStop(idOf(ref, now), ref.hooks, world);
    await world.engine.stopContainer(idOf(ref, now), world.signal, ref.graceMs);
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
const undoRef = (ref: ContainerRef, before: Observed): ContainerRef => (ref.id === undefined ? { name: ref.name } : lasting(ref, before));

const hooksOf = ({ hooks }: StartArgs): Pick<StartArgs, 'hooks'> => (hooks ? { hooks } : {});

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
