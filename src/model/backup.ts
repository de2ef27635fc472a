import type { ByName } from '../lib/record.ts';

/** Where the backups of a volume belong. */
export interface BackupPlace {
  /** The engine's id. */
  readonly engine: string;
  readonly stack: string;
  /** The engine's name of the volume. */
  readonly volume: string;
}

/** How the programs that write to the volume stood while it was read; "hook": they went on, after a command that makes a copy of its own. */
export type Quiet = 'stopped' | 'paused' | 'hook' | 'running';

export type Compression = 'zstd' | 'gzip';

/** What a run says of the backup that it takes. */
export interface BackupOrder extends BackupPlace {
  readonly driver: string;
  readonly quiet: Quiet;
  /** Id of the run that takes it. */
  readonly run: string;
  /** What the stack's containers were made of, by the reference of the image. */
  readonly images: ByName<{ readonly id: string; readonly digests: readonly string[] }>;
}

/** Who takes backups, and after which run. */
export interface BackupOrigin {
  readonly by: { readonly user: string; readonly host: string; readonly pid: number };
  /** Version of stackctl. */
  readonly stackctl: string;
  /** Number of the last run that was applied to the stack; absent: none is known. */
  readonly revision?: number;
}

/** What is known of a backup before it is taken. */
export interface BackupFacts extends BackupOrder, BackupOrigin {
  /** ISO 8601. */
  readonly takenAt: string;
}

/** A whole backup, as its manifest says: it is written last, so whatever has one is whole. */
export interface Backup extends BackupFacts {
  readonly format: 1;
  /** Sorts by time: "20261122-184501-3f2a". */
  readonly id: string;
  readonly compression: Compression;
  /** How many entries it has. */
  readonly entries: number;
  /** Bytes of the tar when it is unpacked. */
  readonly tarBytes: number;
  /** Bytes of all files in it, as programs read them. */
  readonly contentBytes: number;
  /** "data.tar.zst" and "entries.jsonl", as they lie on the disk. */
  readonly files: { readonly data: BackupFile; readonly entries: BackupFile };
}

/** A backup, or one whose manifest is there and not as it was written. */
export type ListedBackup = Backup | DamagedBackup;

export interface DamagedBackup extends BackupPlace {
  readonly id: string;
  readonly damaged: string;
}

export interface BackupFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A text that is bytes: as text where it is UTF-8. */
export type ByteText = string | { readonly base64: string };

/** One entry of a backup, as a line of "entries.jsonl" says it. */
export interface EntryFacts {
  /** Within the volume; its root is ".". */
  readonly path: ByteText;
  readonly type: 'file' | 'hard-link' | 'symlink' | 'char-device' | 'block-device' | 'folder' | 'fifo';
  /** Octal, with setuid, setgid and sticky: "0644". */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  /** Nanoseconds since 1970. */
  readonly mtime: string;
  /** Of a file: bytes, as a program reads it. */
  readonly size?: number;
  /** Of a file: of its content as a program reads it, holes as zeros. */
  readonly sha256?: string;
  /** Of a file with holes: how much of it is stored. */
  readonly stored?: number;
  /** Of a symlink where it points, as written; of a hard link the path of the entry that it is the same file as. */
  readonly link?: ByteText;
  /** Of a device: "8:0". */
  readonly device?: string;
  /** Extended attributes, access lists and capabilities among them; sorted by name. */
  readonly xattrs?: readonly { readonly name: ByteText; readonly base64: string }[];
}
