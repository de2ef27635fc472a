import { execa } from 'execa';
import { chmod, chown, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileContentRecord } from '../../src/adapters/file-content-record.ts';
import { fileJournal } from '../../src/adapters/file-journal.ts';
import { fileLeftRecord } from '../../src/adapters/file-left-record.ts';
import { fileUsedPlans } from '../../src/adapters/file-used-plans.ts';
import { readPlan } from '../../src/commands/plan-file.ts';
import { folderWith } from '../commands/kit.ts';

const isRoot = process.geteuid?.() === 0;

/** What somebody else can do to a file, and how it is told. */
const tricks: readonly (readonly [string, (path: string) => Promise<unknown>, RegExp])[] = [
  [
    'a symbolic link',
    async (path) => {
      await rename(path, `${path}.real`);
      await symlink(`${path}.real`, path);
    },
    /is a symbolic link/,
  ],
  ['writable by its group', (path) => chmod(path, 0o620), /other users can write to .* \(mode 620\)/],
  ['writable by all', (path) => chmod(path, 0o666), /other users can write to .* \(mode 666\)/],
  ...(isRoot ? [['a file of another user', (path: string) => chown(path, 65_534, 65_534), /belongs to another user/] as const] : []),
  [
    'a folder',
    async (path) => {
      await rm(path);
      await mkdir(path);
    },
    /is no regular file/,
  ],
  [
    'a pipe that nobody writes to',
    async (path) => {
      await rm(path);
      await execa('mkfifo', [path]);
    },
    /is no regular file/,
  ],
];

async function put(name: string, text: string): Promise<{ readonly folder: string; readonly path: string }> {
  const folder = await folderWith({});
  const path = join(folder, name);
  await writeFile(path, text, { mode: 0o600 });
  return { folder, path };
}

describe.each(tricks)('%s', (_what, trick, told) => {
  it('is refused as a journal', async () => {
    const { folder, path } = await put('journal', 'x');
    await trick(path);
    await expect(fileJournal(folder).unfinished()).rejects.toThrow(told);
  });

  it('is refused as the list of plans that were used', async () => {
    const { folder, path } = await put('used-plans.json', '{}');
    expect(await fileUsedPlans(folder).of('aa')).toBeUndefined();
    await trick(path);
    await expect(fileUsedPlans(folder).of('aa')).rejects.toThrow(told);
  });

  it('is refused as a plan, with what to do', async () => {
    const { path } = await put('next.plan', '{}');
    await trick(path);
    expect(await readPlan(path)).toMatchObject({
      ok: false,
      error: [{ code: 'plan-unreadable', message: expect.stringMatching(told), hint: expect.any(String) }],
    });
  });

  it('says nothing as what was left, or as what containers were told', async () => {
    const { folder, path } = await put('left.json', '[{"service":"web","number":1}]');
    expect(await fileLeftRecord(folder).read()).toHaveLength(1);
    await trick(path);
    expect(await fileLeftRecord(folder).read()).toEqual([]);
    const contents = await put('content.json', '{"c1":{"image":"aa"}}');
    expect((await fileContentRecord(contents.folder)).of('c1')).toEqual({ image: 'aa' });
    await trick(contents.path);
    expect((await fileContentRecord(contents.folder)).of('c1')).toEqual({});
  });
});

it('what others may only read is read', async () => {
  const { folder, path } = await put('used-plans.json', '{"aa":{"at":"noon","run":7}}');
  await chmod(path, 0o644);
  expect(await fileUsedPlans(folder).of('aa')).toEqual({ at: 'noon', run: 7 });
});
