import { get, omit, put } from '../lib/record.ts';
import type { Observed } from '../model/observed.ts';
import { callMs, idOf, mismatch, recall, type ContainerRef } from './container-ref.ts';
import { defineAction, type ActionKind } from './define.ts';

interface Args extends ContainerRef {
  readonly to: string;
}

export const containerRename: ActionKind<Args> = defineAction<Args>('container.rename', {
  symbol: '~',
  target: ({ name }) => name,
  label: ({ name, to }) => `rename container ${name} to ${to}`,
  renames: ({ name, to }) => ({ from: name, to }),
  timeoutMs: () => callMs,
  // By its id, and the engine refuses a name that is taken
  touches: ({ name, to }) => [recall('container', name), recall('container', to)],
  guard: (args, now, run) =>
    get(now.containers, args.to) || get(now.others, args.to) ? `the name ${args.to} is taken` : mismatch(args, now, run),
  simulate: renamed,
  undo: ({ name, to, id }) => containerRename({ name: to, to: name, ...(id !== undefined && { id }) }),
  async run(args, { engine, now, signal, remember }) {
    await engine.renameContainer(idOf(args, now), args.to, signal);
    remember(renamed(args, now));
  },
});

function renamed({ name, to }: Args, now: Observed): Observed {
  const seen = get(now.containers, name);
  return seen ? { ...now, containers: put(omit(now.containers, name), to, { ...seen, name: to }) } : now;
}
