import type { Backup } from './backup.ts';

/** What a volume is filled from: a backup, or a tar in a file (plain, or packed with gzip or zstd). */
export type RestoreSource =
  | { readonly kind: 'backup'; readonly backup: Backup }
  /** Absolute. */
  | { readonly kind: 'file'; readonly path: string };

/** As people read it: "backup 20261122-184501-3f2a", "file /srv/data.tar". */
export const sourceText = (from: RestoreSource): string => (from.kind === 'backup' ? `backup ${from.backup.id}` : `file ${from.path}`);
