import type { OpenStack } from '../../src/commands/open-stack.ts';
import { createVault } from '../../src/model/vault.ts';
import type { Desired } from '../../src/model/desired.ts';
import type { Engine } from '../../src/platform/engine.ts';
import type { Acquired, LockHolder, SharedLockKeeper } from '../../src/platform/lock.ts';
import type { RunDeadline } from '../../src/platform/run-deadline.ts';
import { memoryBackups } from './memory-backups.ts';
import { memoryNotes, type MemoryNotes } from './memory-notes.ts';

/** The lock of an engine in memory: one has it, and it is lost when it is taken away. */
export interface MemoryLock extends SharedLockKeeper {
  heldBy: LockHolder | undefined;
  /** What was asked of it: "acquire shop", "release shop". */
  readonly asked: string[];
}

export function memoryLock(): MemoryLock {
  const asked: string[] = [];
  let lost = new AbortController();
  const keeper: MemoryLock = {
    asked,
    heldBy: undefined,
    async acquire(name, holder): Promise<Acquired> {
      asked.push(`acquire ${name}`);
      if (keeper.heldBy) return { heldBy: keeper.heldBy };
      keeper.heldBy = holder;
      lost = new AbortController();
      const release = async (): Promise<void> => {
        asked.push(`release ${name}`);
        keeper.heldBy = undefined;
      };
      return { lock: { lost: lost.signal, release } };
    },
    async standing() {
      const { heldBy } = keeper;
      return heldBy && { heldBy, takeAway: async () => lost.abort() };
    },
  };
  return keeper;
}

export interface Opened extends OpenStack {
  readonly lock: MemoryLock;
  readonly notes: MemoryNotes;
  /** What was asked of the deadline: "start 60000", "run 12000", "end". */
  readonly deadlines: string[];
}

/** A stack as the commands have it when they have read its files and found its engine: on one in memory, with its state in a folder. */
export function opened(desired: Desired, engine: Engine, stateDir: string, vaultKey = '00'.repeat(16)): Opened {
  const [lock, notes, vault] = [memoryLock(), memoryNotes(), createVault(vaultKey)];
  const deadlines: string[] = [];
  const deadline: RunDeadline = { begin: (part, ms) => void deadlines.push(`${part} ${ms}`), end: () => void deadlines.push('end') };
  const host = { listeners: async () => [], whyUnseen: () => undefined, answers: async () => 'yes' as const };
  const value = <T>(of: T) => ({ value: of, by: 'default' });
  const settings = {
    stateDir: value(stateDir),
    parallelism: value(4),
    progress: value('plain'),
    timeoutMs: value(9_999),
    rollbackTimeoutMs: value(9_999),
  };
  const content = { of: () => ({}), note: () => Promise.resolve() };
  const stack = { desired: { ...desired, workingDir: stateDir }, vault, warnings: [], missing: [], profiles: [] };
  const setup = { stack, platform: { engine, host, vault, content }, lock, notes, deadline, backups: memoryBackups() };
  const made = { choice: { settings }, request: {}, setup };
  return { ...(made as unknown as OpenStack), lock, notes, deadlines };
}
