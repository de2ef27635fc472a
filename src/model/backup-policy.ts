import type { Command } from './hook.ts';

/** `x-stack.backup` of a volume. */
export interface BackupPolicy {
  /** A plan that does this to the volume, or to who uses it, backs it up before. */
  readonly before: readonly BackupTrigger[];
  /** So many are kept, the newest; absent: all. */
  readonly keep?: number;
  readonly quiesce: Quiesce;
  /** What is run in a container that goes on meanwhile. */
  readonly hooks?: { readonly service: string; readonly pre: readonly Command[]; readonly post: readonly Command[] };
}

/** A container with it is replaced; its files get another owner; a container with it is removed; anything is done to who uses it. */
export type BackupTrigger = 'replace' | 'fix' | 'remove' | 'apply';

/** How containers that can write to it stand meanwhile: stopped, paused, or as they are. */
export type Quiesce = 'stop' | 'pause' | 'none';

export const usualBackup: BackupPolicy = { before: [], quiesce: 'stop' };
