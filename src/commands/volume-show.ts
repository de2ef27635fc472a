import { backupJson, backupText } from '../render/backup-text.ts';
import { jsonText } from '../render/json-text.ts';
import type { ExitCode, Invocation } from './command.ts';
import { findBackup } from './find-backup.ts';
import { openBackups } from './open-backups.ts';
import { refuse, styleOf } from './screen.ts';

/** Shows one backup: what it is of, when and how it was taken, and what it holds. Reads only. */
export async function runVolumeShow(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, positionals } = invocation;
  const [word] = positionals;
  if (word === undefined) return refuse([missing], invocation);
  const open = await openBackups(invocation);
  if (!open.ok) return refuse(open.error, invocation);
  const found = findBackup(word, open.value.listed, open.value.opened.setup.stack.desired);
  if (!found.ok) return refuse(found.error, invocation);
  if (flags.json) io.stdout.write(`${jsonText({ format_version: '1.0', ...backupJson(found.value) }, 2)}\n`);
  else io.stdout.write(backupText(found.value, styleOf(invocation, io.stdout)));
  return 0;
}

const missing = {
  code: 'missing-value',
  severity: 'error',
  message: 'stackctl volume show needs a backup',
  hint: 'its ID, or a volume for its newest one',
} as const;
