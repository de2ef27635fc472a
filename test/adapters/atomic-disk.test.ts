import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeAtomically } from '../../src/adapters/atomic-file.ts';
import { folderWith } from '../commands/kit.ts';
import { watchedDisk } from '../kit/watched-disk.ts';

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

it('is whole on disk before it has its name, and its name is on disk before anybody is told', async () => {
  const folder = await folderWith({ 'left.json': 'old' });
  const done = watchedDisk();
  await writeAtomically(join(folder, 'left.json'), 'new');
  const [temporary, name] = ['left.json.RANDOM.tmp', folder.split('/').at(-1)!];
  expect(done).toEqual([
    `writeFile ${temporary}`,
    `sync ${temporary}`,
    `close ${temporary}`,
    `rename ${temporary} left.json`,
    `sync ${name}`,
    `close ${name}`,
  ]);
  expect(await readFile(join(folder, 'left.json'), 'utf8')).toBe('new');
});

it('is for its owner only unless said otherwise, and so is a folder that has to be made', async () => {
  const folder = join(await folderWith({}), 'state', 'shop');
  await writeAtomically(join(folder, 'own'), '');
  await writeAtomically(join(folder, 'shared'), '', 0o644);
  expect([await modeOf(folder), await modeOf(join(folder, 'own')), await modeOf(join(folder, 'shared'))]).toEqual(['700', '600', '644']);
});

it.each(['open', 'writeFile', 'sync'])('leaves what was there, and nothing beside it, where %s fails', async (verb) => {
  const folder = await folderWith({ 'left.json': 'old' });
  const done = watchedDisk(`${verb} left.json.RANDOM.tmp`);
  await expect(writeAtomically(join(folder, 'left.json'), 'new')).rejects.toThrow('ENOSPC');
  if (verb !== 'open') expect(done.at(-1)).toBe('close left.json.RANDOM.tmp');
  expect([await readdir(folder), await readFile(join(folder, 'left.json'), 'utf8')]).toEqual([['left.json'], 'old']);
});

it('leaves nothing beside a folder that has the name', async () => {
  const folder = await folderWith({});
  await mkdir(join(folder, 'left.json'));
  await writeFile(join(folder, 'left.json', 'x'), '');
  await expect(writeAtomically(join(folder, 'left.json'), 'new')).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['left.json']);
});
