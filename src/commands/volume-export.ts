import { access, lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { writeAtomically } from '../adapters/atomic-file.ts';
import { writeAt } from '../adapters/write-at.ts';
import { drained } from '../adapters/write-to.ts';
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
    return refuse([problem('export-failed', `backup ${found.value.id} was not exported: ${whyOf(error)}`)], invocation);
  }
  if (path !== '-') io.stderr.write(`Wrote ${path}.\n`);
  return 0;
}

const whyOf = (error: unknown): string =>
  errorCode(error) === 'EPIPE' ? 'whoever reads the standard output has stopped before its end' : messageOf(error);

const problem = (code: string, message: string, hint?: string): Problem => ({
  code,
  severity: 'error',
  message,
  ...(hint !== undefined && { hint }),
});

/** Half of one is left to nobody, and nothing is written over. */
async function toFile(tar: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  await access(dirname(path));
  if (await isThere(path)) throw new BackupError(`${path} is there already`);
  await writeAtomically(path, async (file) => {
    let end = 0;
    for await (const bytes of tar) end = await writeAt(file, Buffer.from(bytes), end);
  });
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** As fast as it is taken. Nobody who reads on is an error: it was not all of the backup. */
async function toStdout(tar: AsyncIterable<Uint8Array>): Promise<void> {
  const { stdout } = process;
  let lost: Error | undefined;
  const note = (error: Error): void => void (lost ??= error);
  stdout.on('error', note);
  try {
    for await (const chunk of tar) {
      if (!lost && !stdout.write(chunk)) await drained(stdout);
      if (lost) throw lost;
    }
  } finally {
    stdout.off('error', note);
  }
}
