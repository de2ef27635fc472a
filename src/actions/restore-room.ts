import { amountText } from '../lib/amount.ts';
import type { EntryFacts } from '../model/backup.ts';
import { sourceText, type RestoreSource } from '../model/restore-source.ts';
import type { BackupStore } from '../platform/backup-store.ts';

/** What an entry takes of a disk beside its content. */
const entryBytes = 4_096;
/** A disk is never filled to its last block. */
const marginBytes = 16 * 1024 * 1024;

/** What it takes to hold what a backup or a tar holds. */
export interface RestoreMeasure {
  /** Bytes that are stored: without holes. */
  readonly stored: number;
  /** Of a backup: bytes of its tar. */
  readonly tarBytes?: number;
  readonly limits: { readonly entries: number; readonly bytes: number };
}

/** Of a backup its manifest says it; a file is read through. Throws BackupError for what is no tar. */
export async function restoreMeasure(from: RestoreSource, backups: BackupStore, signal: AbortSignal): Promise<RestoreMeasure> {
  if (from.kind === 'backup') {
    const { tarBytes, contentBytes, entries } = from.backup;
    return { stored: Math.min(tarBytes, contentBytes), tarBytes, limits: { entries, bytes: contentBytes } };
  }
  let [stored, bytes, entries] = [0, 0, 0];
  for await (const facts of entriesOf(from, backups, signal)) {
    entries += 1;
    bytes += facts.size ?? 0;
    stored += facts.stored ?? facts.size ?? 0;
  }
  return { stored, limits: { entries, bytes } };
}

/** Why it does not fit where so many bytes are free, with both numbers; undefined if it does. */
export function whyNoRoom(from: RestoreSource, { stored, limits }: RestoreMeasure, free: number): string | undefined {
  const needed = stored + limits.entries * entryBytes + marginBytes;
  if (needed <= free) return undefined;
  return `${sourceText(from)} needs up to ${amountText(needed)}, and only ${amountText(free)} are free where volumes lie`;
}

/** What lies in it, in the order of its tar. */
export const entriesOf = (from: RestoreSource, backups: BackupStore, signal: AbortSignal): AsyncIterable<EntryFacts> =>
  from.kind === 'backup' ? backups.entries(from.backup, signal) : backups.entriesIn(backups.readFile(from.path, signal));
