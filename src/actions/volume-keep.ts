import { callMs } from './container-ref.ts';
import { defineAction, type ActionKind } from './define.ts';

interface Args {
  readonly engine: string;
  readonly stack: string;
  readonly volume: string;
  readonly keep: number;
}

/** Removes backups of a volume beyond the newest so many. A damaged one is nobody's to throw away unseen, and does not count. */
export const volumeKeep: ActionKind<Args> = defineAction<Args>('volume.keep', {
  symbol: '-',
  target: ({ volume }) => volume,
  label: ({ volume, keep }) => `remove all but the newest ${keep} backups of volume ${volume}`,
  timeoutMs: () => callMs,
  touches: () => [],
  guard: () => undefined,
  simulate: (_args, now) => now,
  undo: ({ volume }) => ({ lost: `older backups of volume ${volume}` }),
  async run({ engine, stack, volume, keep }, { backups, signal }) {
    const all = await backups.list({ engine, stack });
    const whole = all.flatMap((each) => (each.volume === volume && !('damaged' in each) ? [each] : []));
    for (const old of whole.slice(keep)) {
      signal.throwIfAborted();
      await backups.remove(old);
    }
  },
});
