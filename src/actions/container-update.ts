import { get } from '../lib/record.ts';
import type { Hooks } from '../model/hook.ts';
import type { Settings } from '../model/settings.ts';
import type { ContainerUpdate } from '../platform/engine.ts';
import { callMs, idOf, lasting, mismatch, readAnew, touch, withContainer, type ContainerRef } from './container-ref.ts';
import { containerStart } from './container-start.ts';
import { defineAction, type ActionKind } from './define.ts';
import { runPostStart, runPreStop } from './run-hooks.ts';

interface UpdateArgs extends ContainerRef {
  readonly update: ContainerUpdate;
}

interface RestartArgs extends ContainerRef {
  readonly hooks?: Hooks;
}

interface SignalArgs extends ContainerRef {
  readonly signalName: string;
}

/** Restart policy and resource limits, in place. */
export const containerUpdate: ActionKind<UpdateArgs> = defineAction<UpdateArgs>('container.update', {
  symbol: '~',
  target: ({ name, update }) => `${name} ${fieldsOf(update).join(' ')}`,
  label: ({ name, update }) => `update ${fieldsOf(update).join(' and ')} of container ${name}`,
  timeoutMs: () => callMs,
  touches: ({ name }) => [touch('container', name)],
  guard: mismatch,
  simulate: ({ name, update }, now) => withContainer(name, now, (seen) => ({ ...seen, settings: updated(seen.settings, update) })),
  undo(args, before) {
    const settings = get(before.containers, args.name)?.settings;
    return settings ? containerUpdate({ ...lasting(args, before), update: valuesBefore(args.update, settings) }) : 'not-needed';
  },
  run: (args, { engine, now, signal }) => engine.updateContainer(idOf(args, now), args.update, signal),
});

/** "restart", "memory", "cpus": one container may be updated twice, before the commit and after. */
const fieldsOf = ({ restart, resources = {} }: ContainerUpdate): string[] => [
  ...(restart === undefined ? [] : ['restart']),
  ...Object.keys(resources).sort(),
];

/** After a mounted file changed: so that the program reads it again. A stop and a start, with the hooks of both. */
export const containerRestart: ActionKind<RestartArgs> = defineAction<RestartArgs>('container.restart', {
  symbol: '~',
  gives: 'started',
  rereads: true,
  target: ({ name }) => name,
  label: ({ name }) => `restart container ${name}`,
  timeoutMs: ({ hooks }) => 2 * callMs + (hooks ? hooks.startMs + hooks.stopMs : 0),
  touches: ({ name }) => [touch('container', name)],
  guard: mismatch,
  simulate: ({ name }, now) => readAnew(name, now),
  // It runs before and after; the files that it reads are not ours to turn back. But a restart may have come no further than its hooks
  undo: (ref, before) => (ref.hooks?.post_start.length ? containerStart({ ...lasting(ref, before), hooks: ref.hooks }) : 'not-needed'),
  async run(ref, { now, ...world }) {
    const id = idOf(ref, now);
    if (ref.hooks) await runPreStop(id, ref.hooks, world);
    await world.engine.restartContainer(id, world.signal);
    if (ref.hooks) await runPostStart(id, ref.hooks, world);
  },
});

export const containerSignal: ActionKind<SignalArgs> = defineAction<SignalArgs>('container.signal', {
  symbol: '~',
  rereads: true,
  target: ({ name }) => name,
  label: ({ name, signalName }) => `send ${signalName} to container ${name}`,
  timeoutMs: () => callMs,
  touches: ({ name }) => [touch('container', name)],
  guard: mismatch,
  simulate: ({ name }, now) => readAnew(name, now),
  undo: () => 'not-needed', // as for a restart
  run: (args, { engine, now, signal }) => engine.signalContainer(idOf(args, now), args.signalName, signal),
});

function updated(settings: Settings, { restart, resources }: ContainerUpdate): Settings {
  const { restart: _restart, ...rest } = settings;
  const policy = restart ?? settings.restart;
  return {
    ...rest,
    ...(policy !== undefined && policy !== 'no' && { restart: policy }),
    ...((resources ?? settings.resources) && { resources: { ...settings.resources, ...resources } }),
  };
}

/** The same keys with the values from before; a limit that was not there cannot be named, the engine takes 0 for "unchanged". */
function valuesBefore({ restart, resources }: ContainerUpdate, before: Settings): ContainerUpdate {
  const had = Object.entries(before.resources ?? {}).filter(([key]) => Object.hasOwn(resources ?? {}, key));
  return {
    ...(restart !== undefined && { restart: before.restart ?? 'no' }),
    ...(had.length > 0 && { resources: Object.fromEntries(had) }),
  };
}
