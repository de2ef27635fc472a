import type { Backup, BackupOrder, BackupPlace, EntryFacts, ListedBackup } from '../model/backup.ts';

/** Copies of volumes, on the machine that we run on. Only who holds the stack's lock may call what writes. */
export interface BackupStore {
  /** Bytes that are free where backups lie. */
  room(): Promise<number>;
  /**
   * Takes a backup: `fill` gets what writes a volume's tar. It is one only when this resolves: of what fails nothing is left, of what a
   * dead run left behind nothing either. Throws BackupError for a tar that is not as it must be, and what `fill` throws.
   */
  take(order: BackupOrder, fill: (write: WriteTar) => Promise<void>, context: BackupContext): Promise<Backup>;
  /** Whole ones, the newest first. */
  list(place: Pick<BackupPlace, 'engine' | 'stack'>): Promise<readonly ListedBackup[]>;
  /** The tar of a backup, unpacked. Throws BackupError when it has come to a part that is not as it was written, at the latest at its end. */
  read(backup: Backup, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** What it has, in the order of its tar. Throws BackupError likewise. */
  entries(backup: Backup, signal: AbortSignal): AsyncIterable<EntryFacts>;
  /** Reads all of it again and holds it against every hash. Throws BackupError with the first thing that differs. */
  verify(backup: Backup, context: BackupContext): Promise<void>;
  /** The tar in a file of the machine that we run on, unpacked where it is packed with gzip or zstd. Throws BackupError where there is none. */
  readFile(path: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** What lies in a tar, in its order. Throws BackupError for what is none. */
  entriesIn(tar: AsyncIterable<Uint8Array>): AsyncIterable<EntryFacts>;
  /** From its first moment on it is not listed any more. */
  remove(backup: Backup): Promise<void>;
}

export type WriteTar = (tar: AsyncIterable<Uint8Array>) => Promise<void>;

export interface BackupContext {
  readonly signal: AbortSignal;
  /** How many bytes of the tar have passed. */
  onBytes(bytes: number): void;
}

/** A backup that is not as it was written, or a volume's tar that cannot be kept as one. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
