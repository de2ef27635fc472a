import type { LockHolder } from '../platform/lock.ts';
import { sanitize } from '../render/sanitize.ts';

/** Who holds a lock: `"stackctl apply" (process 812 of ann@build-7, since 2026-11-22T07:31:24.000Z, commit 3bfe5ac)`. */
export function holderText(holder: LockHolder | undefined): string {
  if (!holder) return 'a process that does not say who it is';
  const { command, pid, user, host, since, commit } = holder;
  return sanitize(`"${command}" (process ${pid} of ${user}@${host}, since ${since}${commit === undefined ? '' : `, commit ${commit}`})`);
}
