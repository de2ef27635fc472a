import { amountText } from '../lib/amount.ts';
import type { VolumeUser } from '../model/volume-user.ts';
import type { ListedBackup } from '../model/backup.ts';
import { backupJson, momentText } from './backup-text.ts';
import type { Json } from './plan-json.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';
import { textTable } from './text-table.ts';

/** What is known of a stack's volumes. */
export interface VolumesShown {
  readonly volumes: readonly VolumeShown[];
  /** Newest first. */
  readonly backups: readonly ListedBackup[];
  /** Bytes that are free where volumes lie, if it could be seen, and where backups do. */
  readonly room: { readonly volumes?: number; readonly backups: number };
}

export interface VolumeShown {
  /** The engine's name. */
  readonly name: string;
  readonly isThere: boolean;
  readonly bytes?: number;
  /** "999:999" */
  readonly owner?: string;
  readonly users: readonly VolumeUser[];
}

/** One line a volume, then one a backup, and how much room there is. */
export function volumesText({ volumes, backups, room }: VolumesShown, style: Style): string {
  const rows = volumes.map(({ name, isThere, bytes, owner = '-', users }) => {
    const last = backups.find((backup) => backup.volume === name && !('damaged' in backup));
    const size = bytes === undefined ? '-' : amountText(bytes);
    const names = users.map((user) => `${user.name}${user.writes ? '' : ' (reads)'}${user.running ? '' : ' (stopped)'}`);
    return [
      name,
      isThere ? size : 'not there yet',
      owner,
      names.join(', ') || '-',
      last && 'takenAt' in last ? momentText(last.takenAt) : 'never',
    ];
  });
  const free = room.volumes === undefined ? '' : `${amountText(room.volumes)} are free where volumes lie, `;
  const parts = [
    volumes.length === 0 ? 'The stack has no volumes.\n' : textTable(['VOLUME', 'SIZE', 'OWNER', 'USED BY', 'LAST BACKUP'], rows, style),
    ...(backups.length > 0 ? [textTable(['BACKUP', 'VOLUME', 'TAKEN', 'CONTENT', 'ON DISK', 'STATE'], backups.map(rowOf), style)] : []),
    `${sanitize(`${free}${amountText(room.backups)} where backups do.`)}\n`,
  ];
  return parts.join('\n');
}

function rowOf(backup: ListedBackup): string[] {
  if ('damaged' in backup) return [backup.id, backup.volume, '-', '-', '-', `damaged: ${backup.damaged}`];
  const disk = amountText(backup.files.data.bytes + backup.files.entries.bytes);
  return [backup.id, backup.volume, momentText(backup.takenAt), amountText(backup.contentBytes), disk, backup.quiet];
}

/** The same as data. */
export const volumesJson = ({ volumes, backups, room }: VolumesShown): Json => ({
  format_version: '1.0',
  volumes: volumes.map(({ name, isThere, bytes, owner, users }) => ({
    name,
    there: isThere,
    ...(bytes !== undefined && { bytes }),
    ...(owner !== undefined && { owner }),
    users: users.map((user) => ({
      container: user.name,
      running: user.running,
      writes: user.writes,
      ...(user.stack && { stack: user.stack }),
    })),
  })),
  backups: backups.map((backup) =>
    'damaged' in backup ? { id: backup.id, volume: backup.volume, damaged: backup.damaged } : backupJson(backup),
  ),
  free_bytes: { ...(room.volumes !== undefined && { volumes: room.volumes }), backups: room.backups },
});
