import type { Commit } from '../platform/journal.ts';

const answerMs = 2_000;

/**
 * The commit that a folder's files are of, and whether tracked files differ from it; undefined without git, outside a repository,
 * or when git takes too long. Runs no program that the repository names.
 */
export async function gitCommit(folder: string): Promise<Commit | undefined> {
  const { execa } = await import('execa'); // only here, so that no other start pays for it
  const { exitCode, stdout } = await execa(
    'git',
    ['--no-optional-locks', '-c', 'core.fsmonitor=false', 'status', '--porcelain=v2', '--branch', '--untracked-files=no'],
    { cwd: folder, reject: false, timeout: answerMs, stdin: 'ignore' },
  );
  const id = /^# branch\.oid ([0-9a-f]{40,64})$/m.exec(stdout)?.[1];
  if (exitCode !== 0 || id === undefined) return undefined;
  return { id, dirty: /^[12u] /m.test(stdout) };
}
