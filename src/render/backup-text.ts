import { amountText } from '../lib/amount.ts';
import type { Backup, Quiet } from '../model/backup.ts';
import type { Json } from './plan-json.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';
import { padded } from './text-width.ts';

export const quietWords: { readonly [quiet in Quiet]: string } = {
  stopped: 'while nobody wrote',
  paused: 'while who writes was paused',
  hook: 'after its commands, while programs went on',
  running: 'while programs went on: files may not fit together',
};

/** "2026-11-22 18:45:01" */
export const momentText = (iso: string): string => iso.slice(0, 19).replace('T', ' ');

/** One backup in full. */
export function backupText(backup: Backup, style: Style): string {
  const { id, volume, stack, takenAt, by, quiet, entries, contentBytes, files, compression, revision, images } = backup;
  const rows: [string, string][] = [
    ['volume', `${volume} of stack ${stack}`],
    ['taken', `${momentText(takenAt)} UTC by ${by.user}@${by.host}, ${quietWords[quiet]}`],
    ['holds', `${entries} entries, ${amountText(contentBytes)} of content`],
    ['on disk', `${amountText(files.data.bytes + files.entries.bytes)} (${compression})`],
    ['belongs to', revision === undefined ? 'no run that is known' : `run ${revision} of stackctl history`],
    ...Object.entries(images).map(([reference, image]): [string, string] => ['image', `${reference} ${image.digests[0] ?? image.id}`]),
    ['sha256', `${files.data.sha256} ${files.data.name}`],
  ];
  const lines = rows.map(([title, text]) => `  ${style.dim(padded(title, 10))}  ${sanitize(text)}`);
  return `${style.bold(`backup ${sanitize(id)}`)}\n${lines.join('\n')}\n`;
}

/** The same as data. */
export const backupJson = (backup: Backup): { readonly [key: string]: Json } => ({
  id: backup.id,
  stack: backup.stack,
  volume: backup.volume,
  driver: backup.driver,
  taken_at: backup.takenAt,
  by: { user: backup.by.user, host: backup.by.host },
  stackctl: backup.stackctl,
  quiet: backup.quiet,
  run: backup.run,
  ...(backup.revision !== undefined && { revision: backup.revision }),
  images: Object.entries(backup.images).map(([reference, { id, digests }]) => ({ reference, id, digests: [...digests] })),
  compression: backup.compression,
  entries: backup.entries,
  content_bytes: backup.contentBytes,
  tar_bytes: backup.tarBytes,
  disk_bytes: backup.files.data.bytes + backup.files.entries.bytes,
  sha256: backup.files.data.sha256,
});
