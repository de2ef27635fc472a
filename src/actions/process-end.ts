import { callMs } from './container-ref.ts';
import { defineAction, type ActionKind } from './define.ts';
import { endHolder, type EndArgs } from './end-holder.ts';

/** Ends a process of the host that holds a port of the stack. No way back: what is ended is not started again. */
export const processEnd: ActionKind<EndArgs> = defineAction<EndArgs>('process.end', {
  symbol: '-',
  target: ({ process }) => String(process.pid),
  label: ({ process, ports }) => `end process ${process.pid} of ${process.user} (${process.command}), which holds ${ports.join(' and ')}`,
  timeoutMs: ({ graceMs }) => graceMs + callMs,
  touches: () => [],
  guard: () => undefined,
  simulate: ({ inodes }, now) => ({ ...now, listeners: now.listeners.filter(({ inode }) => !inodes.includes(inode)) }),
  undo: ({ process }) => ({ lost: `process ${process.pid} of ${process.user} (${process.command})` }),
  async run(args, world) {
    const ended = await endHolder(args, world);
    if ('why' in ended) throw new Error(ended.why);
    world.onProgress(ended.by === 'itself' ? 'it had ended by itself' : `it ended on ${ended.by}`);
  },
});
