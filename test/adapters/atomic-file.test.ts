import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeAtomically } from '../../src/adapters/atomic-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atomic-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('what a process that was killed has left is taken away by the next one that writes; what is under way is not', async () => {
  const old = new Date(Date.now() - 3_600_000);
  for (const name of ['a.json.0123456789ab.tmp', 'a.json.mine.tmp', 'b.json.0123456789ab.tmp']) {
    await writeFile(join(folder, name), '');
    await utimes(join(folder, name), old, old);
  }
  await writeFile(join(folder, 'a.json.ba9876543210.tmp'), '');
  await writeAtomically(join(folder, 'a.json'), 'new');
  expect((await readdir(folder)).sort()).toEqual(['a.json', 'a.json.ba9876543210.tmp', 'a.json.mine.tmp', 'b.json.0123456789ab.tmp']);
  expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe('new');
});
