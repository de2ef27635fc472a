import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listedEntries } from '../../src/adapters/docker-volume-list.ts';
import { listProgram } from '../../src/adapters/helper-list.ts';
import { TarError } from '../../src/adapters/tar-error.ts';
import type { EntryFacts } from '../../src/model/backup.ts';
import { folderWith } from '../commands/kit.ts';
import { inPieces, rawTar, type RawEntry } from '../kit/tar-texts.ts';

const isHere = ['perl', 'tar'].every((program) => spawnSync(program, ['--version']).status === 0);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function listed(output: Buffer): Promise<EntryFacts[]> {
  const found: EntryFacts[] = [];
  for await (const entry of listedEntries(inPieces(output, 100))) found.push(entry);
  return found;
}

describe.runIf(isHere)('what lies in a folder, told without its content', () => {
  /** A folder with these files, and a tar that says of it what it likes. */
  async function outputOf(files: Record<string, string>, said: Buffer, command: readonly string[] = ['true']): Promise<Buffer> {
    const folder = await folderWith(files);
    const tar = join(await folderWith({}), 'tar');
    await writeFile(tar, said);
    return execFileSync('perl', ['-e', listProgram, folder, 'cat', tar, '--', ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  }
  const file = (name: string, content: string, more: Partial<RawEntry> = {}): RawEntry => ({
    name,
    content: Buffer.from(content),
    ...more,
  });

  test('each file has the digest of what lies there, each entry what the tar says of it', async () => {
    const tar = rawTar([{ name: './', flag: '5' }, file('./a', 'x'.repeat(3000), { uid: 7 }), file('./b\nc', 'y'), file('./empty', '')]);
    const output = await outputOf({ a: 'one', 'b\nc': 'two', empty: '' }, tar);
    expect(await listed(output)).toMatchObject([
      { path: '.', type: 'folder' },
      { path: 'a', type: 'file', size: 3000, uid: 7, sha256: sha256('one') },
      { path: 'b\nc', sha256: sha256('two') },
      { path: 'empty', size: 0, sha256: sha256('') },
    ]);
    expect(output.includes('xxx')).toBe(false);
  });

  test('a size that stands in a record counts, and not one that only looks like a record', async () => {
    const lie = '\n14 size=99999\n';
    const pax = [
      ['SCHILY.xattr.user.a', lie],
      ['size', '600'],
      ['SCHILY.xattr.user.b', lie],
    ] as const;
    const output = await outputOf({ a: 'one', b: 'two' }, rawTar([file('./a', 'z'.repeat(600), { size: 0, pax }), file('./b', 'y')]));
    expect(await listed(output)).toMatchObject([{ path: 'a', size: 600, sha256: sha256('one') }, { path: 'b' }]);
  });

  test('what fails in it makes it fail: the command, and a tar that breaks off', async () => {
    const tar = rawTar([file('./a', 'x'.repeat(600))]);
    await expect(outputOf({ a: 'one' }, tar, ['sh', '-c', 'exit 3'])).rejects.toMatchObject({ status: 3 });
    await expect(outputOf({ a: 'one' }, tar.subarray(0, 700))).rejects.toThrow('tar broke off');
  });

  test('a file that nobody read, and an answer that breaks off, are errors', async () => {
    await expect(listed(await outputOf({ a: 'one' }, rawTar([file('./b', 'x')])))).rejects.toThrow('"./b" was not read');
    const whole = await outputOf({ a: 'one' }, rawTar([file('./a', 'x')]));
    for (const length of [0, 10, 20, 60, whole.length - 600]) {
      await expect(listed(whole.subarray(0, length)), String(length)).rejects.toBeInstanceOf(TarError);
    }
  });
});
