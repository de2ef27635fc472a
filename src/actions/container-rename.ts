import { get, omit, put } from '../lib/record.ts';
import { callMs, idOf, mismatch, touch, type ContainerRef } from './container-ref.ts';
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
  touches: ({ name, to }) => [touch('container', name), touch('container', to)],
  guard: (args, now, run) =>
    get(now.containers, args.to) || get(now.others, args.to) ? `the name ${args.to} is taken` : mismatch(args, now, run),
  simulate({ name, to }, now) {
    const seen = get(now.containers, name);
    return seen ? { ...now, containers: put(omit(now.containers, name), to, { ...seen, name: to }) } : now;
  },
  undo: ({ name, to, id }) => containerRename({ name: to, to: name, ...(id !== undefined && { id }) }),
  run: (args, { engine, now, signal }) => engine.renameContainer(idOf(args, now), args.to, signal),
});
