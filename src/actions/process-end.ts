import type { Listener } from '../model/listener.ts';
import { callMs } from './container-ref.ts';
import { defineAction, type ActionKind } from './define.ts';
import { endHolder, type EndArgs } from './end-holder.ts';

/** Ends a process of the host that holds a port of the stack. No way back: what is ended is not started again. */
export const processEnd: ActionKind<EndArgs> = defineAction<EndArgs>('process.end', {
  symbol: '-',
  target: ({ process }) => String(process.pid),
  label: ({ process, sockets }) =>
    `end process ${process.pid} of ${process.user} (${process.command}), which holds ${sockets.map(({ port, protocol }) => `${port}/${protocol}`).join(' and ')}`,
  timeoutMs: ({ graceMs }) => graceMs + callMs,
  touches: () => [],
  guard: () => undefined,
  simulate: ({ process, inodes }, now) => ({ ...now, listeners: without(process.pid, inodes, now.listeners) }),
  undo: ({ process }) => ({ lost: `process ${process.pid} of ${process.user} (${process.command})` }),
  async run(args, world) {
    const ended = await endHolder(args, world);
    if ('why' in ended) throw new Error(ended.why);
    world.onProgress(ended.by === 'itself' ? 'it had ended by itself' : `it ended on ${ended.by}`);
  },
});

/** A socket is closed when the last one that holds it has gone. */
const without = (pid: number, inodes: readonly string[], listeners: readonly Listener[]): Listener[] =>
  listeners.flatMap((listener) => {
    const holders = inodes.includes(listener.inode) ? listener.holders.filter((holder) => holder.pid !== pid) : listener.holders;
    return holders.length > 0 || listener.holders.length === 0 ? [{ ...listener, holders }] : [];
  });
