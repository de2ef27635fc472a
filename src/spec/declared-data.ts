import type { ByName } from '../lib/record.ts';
import type { BackupTrigger, Quiesce } from '../model/backup-policy.ts';
import type { DeclaredHook } from './declared-hooks.ts';

export interface DeclaredVolume {
  readonly name?: string;
  readonly external?: boolean;
  readonly driver?: string;
  readonly driver_opts?: ByName<string>;
  readonly labels?: ByName<string>;
  readonly 'x-stack'?: DeclaredVolumeOptions | null;
}

/** `x-stack` of a volume. */
export interface DeclaredVolumeOptions extends DeclaredDataOptions {
  readonly backup?: DeclaredBackup | null;
  readonly prevent_destroy?: boolean;
}

export interface DeclaredBackup {
  readonly before?: readonly BackupTrigger[];
  readonly keep?: number;
  readonly quiesce?: Quiesce;
  readonly service?: string;
  readonly pre?: readonly DeclaredHook[];
  readonly post?: readonly DeclaredHook[];
}

/** `x-stack` of a volume, or of a mount. */
export interface DeclaredDataOptions {
  /** "UID", "UID:GID", "name", "name:group" or "image-user". */
  readonly owner?: string;
  /** As chmod takes it. */
  readonly mode?: string;
  readonly depth?: number;
  readonly on_drift?: 'report' | 'fix';
  readonly remove_before_start?: readonly string[];
}
