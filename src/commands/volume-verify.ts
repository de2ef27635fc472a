import { amountText } from '../lib/amount.ts';
import type { ListedBackup } from '../model/backup.ts';
import { BackupError } from '../platform/backup-store.ts';
import { jsonText } from '../render/json-text.ts';
import { sanitize } from '../render/sanitize.ts';
import type { ExitCode, Invocation } from './command.ts';
import { openBackups, type OpenBackups } from './open-backups.ts';
import { refuse, styleOf } from './screen.ts';

/** Reads backups again, every byte, and holds them against their hashes; all of the stack unless some are named. 2: one is not as it was written. */
export async function runVolumeVerify(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, positionals } = invocation;
  const open = await openBackups(invocation);
  if (!open.ok) return refuse(open.error, invocation);
  const { listed } = open.value;
  const unknown = positionals.filter((word) => !listed.some(({ id }) => id === word));
  if (unknown.length > 0) {
    const hint = 'stackctl volume list shows those that there are';
    return refuse(
      unknown.map((word) => ({ code: 'no-backup', severity: 'error', message: `there is no backup ${word}`, hint })),
      invocation,
    );
  }
  const chosen = listed.filter(({ id }) => positionals.length === 0 || positionals.includes(id));
  const found: { readonly backup: ListedBackup; readonly why: string | undefined }[] = [];
  for (const backup of chosen) {
    const why = await whyDamaged(backup, open.value, invocation);
    if (invocation.cancel.aborted) return 130;
    found.push({ backup, why });
    if (!flags.json) io.stdout.write(lineOf(backup, why, invocation));
  }
  if (flags.json) io.stdout.write(`${jsonText(verifiedJson(found), 2)}\n`);
  if (!flags.json && found.length === 0) io.stdout.write('There are no backups of this stack.\n');
  return found.some(({ why }) => why !== undefined) ? 2 : 0;
}

async function whyDamaged(backup: ListedBackup, { opened }: OpenBackups, { cancel }: Invocation): Promise<string | undefined> {
  if ('damaged' in backup) return backup.damaged;
  try {
    await opened.setup.backups.verify(backup, { signal: cancel, onBytes: () => undefined });
    return undefined;
  } catch (error) {
    if (error instanceof BackupError || cancel.aborted) return error instanceof Error ? error.message : String(error);
    throw error;
  }
}

function lineOf(backup: ListedBackup, why: string | undefined, invocation: Invocation): string {
  const style = styleOf(invocation, invocation.io.stdout);
  const what = `${backup.id}  ${sanitize(backup.volume)}`;
  if (why !== undefined) return `${style.red('damaged')}  ${what}: ${sanitize(why)}\n`;
  return `${style.green('  whole')}  ${what}${'entries' in backup ? ` (${backup.entries} entries, ${amountText(backup.contentBytes)})` : ''}\n`;
}

const verifiedJson = (found: readonly { readonly backup: ListedBackup; readonly why: string | undefined }[]) => ({
  format_version: '1.0',
  backups: found.map(({ backup, why }) => ({
    id: backup.id,
    volume: backup.volume,
    whole: why === undefined,
    ...(why !== undefined && { why }),
  })),
});
