import type { BackupPolicy } from '../model/backup-policy.ts';
import type { Vault } from '../model/vault.ts';
import { present } from '../lib/present.ts';
import { writersOf } from './backup-users.ts';
import type { Complete } from './complete.ts';
import type { DeclaredBackup } from './declared-data.ts';
import { commandOf } from './resolve-hooks.ts';

/** How a volume is backed up, by its key; undefined if nothing is declared. Where commands make a copy of their own, programs go on. */
export function backupPolicy(key: string, declared: DeclaredBackup | null | undefined, { stack, vault }: From): BackupPolicy | undefined {
  if (!declared) return undefined;
  const { before = [], keep, pre = [], post = [] } = declared;
  const hasHooks = pre.length + post.length > 0;
  const service = declared.service ?? writersOf(key, stack)[0];
  const commands = { pre: pre.map((each) => commandOf(each, vault)), post: post.map((each) => commandOf(each, vault)) };
  return present({
    before,
    keep,
    quiesce: declared.quiesce ?? (hasHooks ? ('none' as const) : ('stop' as const)),
    hooks: hasHooks && service !== undefined ? { service, ...commands } : undefined,
  });
}

interface From {
  readonly stack: Complete;
  readonly vault: Vault;
}
