import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { removeDurably, writeAtomically } from '../../src/adapters/atomic-file.ts';
import { readOwnFile } from '../../src/adapters/own-file.ts';
import { folderWith } from '../commands/kit.ts';
import { failingDisk } from '../kit/failing-disk.ts';

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

it('is for its owner only unless said otherwise, and so is a folder that has to be made', async () => {
  const folder = join(await folderWith({}), 'state', 'shop');
  await writeAtomically(join(folder, 'own'), '');
  await writeAtomically(join(folder, 'shared'), '', { mode: 0o644 });
  expect([await modeOf(folder), await modeOf(join(folder, 'own')), await modeOf(join(folder, 'shared'))]).toEqual(['700', '600', '644']);
});

it.each([
  ['the new file', 1],
  ['its bytes', 2],
  ['the sync of them', 3],
  ['the rename', 4],
])('leaves what was there, and nothing beside it, where the disk fails at %s', async (_what, place) => {
  const { fs, failAt } = failingDisk();
  await writeAtomically('/state/left.json', 'old', { fs });
  failAt(place);
  await expect(writeAtomically('/state/left.json', 'new', { fs })).rejects.toThrow('ENOSPC');
  expect([await fs.readdir('/state'), String(await readOwnFile('/state/left.json', fs)), fs.leftOpen()]).toEqual([['left.json'], 'old', 0]);
});

it('is not told to be there for good where that is not known', async () => {
  const { fs, failAt } = failingDisk();
  await writeAtomically('/state/left.json', 'old', { fs });
  failAt(5);
  await expect(writeAtomically('/state/left.json', 'new', { fs })).rejects.toThrow('ENOSPC');
  expect(fs.leftOpen()).toBe(0);
});

it('leaves nothing beside a folder that has the name', async () => {
  const folder = await folderWith({});
  await mkdir(join(folder, 'left.json'));
  await writeFile(join(folder, 'left.json', 'x'), '');
  await expect(writeAtomically(join(folder, 'left.json'), 'new')).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['left.json']);
});

it('takes away what a process that was killed has left; what is under way it does not', async () => {
  const folder = await folderWith({});
  const old = new Date(Date.now() - 3_600_000);
  for (const name of ['a.json.0123456789ab.tmp', 'a.json.mine.tmp', 'b.json.0123456789ab.tmp', 'a.json.0123456789ab.tmp.bak']) {
    await writeFile(join(folder, name), '');
    await utimes(join(folder, name), old, old);
  }
  await writeFile(join(folder, 'a.json.ba9876543210.tmp'), '');
  await writeAtomically(join(folder, 'a.json'), 'new');
  const kept = ['a.json.0123456789ab.tmp.bak', 'a.json.ba9876543210.tmp', 'a.json.mine.tmp', 'b.json.0123456789ab.tmp'];
  expect((await readdir(folder)).sort()).toEqual(['a.json', ...kept]);
  expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe('new');
});

it('takes a file away for good, and does not mind that there is none', async () => {
  const { fs } = failingDisk();
  await writeAtomically('/state/left.json', 'old', { fs });
  await removeDurably('/state/left.json', fs);
  await removeDurably('/state/left.json', fs);
  expect([await fs.readdir('/state'), fs.moment().pending]).toEqual([[], []]);
});
