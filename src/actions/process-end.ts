import type { HostProcess } from '../model/listener.ts';
import { callMs } from './container-ref.ts';
import { defineAction, type ActionKind } from './define.ts';

interface EndArgs {
  readonly process: Pick<HostProcess, 'pid' | 'startTicks' | 'executable' | 'command' | 'user' | 'containerId'>;
  /** The sockets of the stack's ports that it holds, by their inodes. */
  readonly inodes: readonly string[];
  /** The ports, for people: "8091/tcp". */
  readonly ports: readonly string[];
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs: number;
  /** The glob of the rule that names it. */
  readonly rule: string;
}

/** Ends a process of the host that holds a port of the stack. What it is, and whether it may be ended, is looked at once more right before. */
export const processEnd: ActionKind<EndArgs> = defineAction<EndArgs>('process.end', {
  symbol: '-',
  target: ({ process }) => String(process.pid),
  label: ({ process, ports }) => `end process ${process.pid} of ${process.user} (${process.command}), which holds ${ports.join(' and ')}`,
  timeoutMs: ({ graceMs }) => graceMs + callMs,
  touches: () => [],
  guard: () => undefined,
  simulate: ({ inodes }, now) => ({ ...now, listeners: now.listeners.filter(({ inode }) => !inodes.includes(inode)) }),
  undo: ({ process }) => ({ lost: `process ${process.pid} of ${process.user} (${process.command})` }),
  async run({ process, inodes, graceMs }, { engine, host, signal, onProgress }) {
    if (process.containerId !== undefined) {
      const state = Object.values(await engine.states([process.containerId], signal))[0];
      if (state && ['running', 'paused', 'restarting', 'removing'].includes(state.status))
        throw new Error(`process ${process.pid} runs in container ${process.containerId.slice(0, 12)}, and is not ended`);
    }
    const ended = await host.endProcess({ process, inodes, graceMs }, signal);
    if ('why' in ended) throw new Error(ended.why);
    onProgress(ended.by === 'itself' ? 'it had ended by itself' : `it ended on ${ended.by}`);
  },
});
