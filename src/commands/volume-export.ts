import { open, rm, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { Readable } from 'node:stream';
import { resolvePath } from '../lib/posix-path.ts';
import { errorCode } from '../lib/error-code.ts';
import { messageOf } from '../lib/message-of.ts';
import type { Problem } from '../model/problem.ts';
import { BackupError } from '../platform/backup-store.ts';
import type { ExitCode, Invocation } from './command.ts';
import { findBackup } from './find-backup.ts';
import { openBackups } from './open-backups.ts';
import { refuse } from './screen.ts';

/** Writes a backup as a plain tar, to a file that is not there yet or to the standard output. It is held against its hashes on the way. */
export async function runVolumeExport(invocation: Invocation): Promise<ExitCode> {
  const { flags, positionals, io } = invocation;
  const [word] = positionals;
  if (word === undefined) return refuse([problem('missing-value', 'stackctl volume export needs a backup')], invocation);
  const path = flags.output ?? '-';
  if (path === '-' && io.stdout.isTTY)
    return refuse([problem('binary-output', 'a tar is nothing for a terminal', 'name a file with -o FILE')], invocation);
  const opened = await openBackups(invocation);
  if (!opened.ok) return refuse(opened.error, invocation);
  const found = findBackup(word, opened.value.listed, opened.value.opened.setup.stack.desired);
  if (!found.ok) return refuse(found.error, invocation);
  const tar = opened.value.opened.setup.backups.read(found.value, invocation.cancel);
  try {
    if (path === '-') await toStdout(tar);
    else await toFile(tar, resolvePath(io.cwd, path));
  } catch (error) {
    if (invocation.cancel.aborted) return 130;
    if (!(error instanceof BackupError) && errorCode(error) === undefined) throw error;
    const why = errorCode(error) === 'EEXIST' ? `${path} is there already` : messageOf(error);
    return refuse([problem('export-failed', `backup ${found.value.id} was not exported: ${why}`)], invocation);
  }
  if (path !== '-') io.stderr.write(`Wrote ${path}.\n`);
  return 0;
}

const problem = (code: string, message: string, hint?: string): Problem => ({
  code,
  severity: 'error',
  message,
  ...(hint !== undefined && { hint }),
});

/** Half of one is left to nobody. */
async function toFile(tar: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await writeFile(file, tar);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** As fast as it is taken. */
async function toStdout(tar: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of Readable.from(tar)) {
    if (!process.stdout.write(chunk as Uint8Array)) await new Promise((resolve) => process.stdout.once('drain', resolve));
  }
}
