import { chmod, chown, copyFile, link, lutimes, mkdtemp, rm, symlink, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { randomTreeProgram } from './random-tree.ts';
import { listing } from './tree-listing.ts';

const setAttribute = `my ($p, $n, $v) = ($ARGV[0], 'user.x', 'y'); syscall(189, $p, $n, $v, 1, 0) == 0 or die $!`;

/** What must not go unnoticed when somebody holds two trees against each other. */
const changes: readonly (readonly [string, (folder: string) => Promise<unknown>])[] = [
  ['a mode', (folder) => chmod(join(folder, 'file'), 0o4644)],
  ['an owner', (folder) => chown(join(folder, 'file'), 1, 0)],
  ['a group', (folder) => chown(join(folder, 'file'), 0, 1)],
  ['a time', (folder) => lutimes(join(folder, 'file'), 1, 2.000001)],
  ['content of the same length', (folder) => writeFile(join(folder, 'file'), 'b').then(() => lutimes(join(folder, 'file'), 1, 2))],
  ['an attribute', (folder) => execa('perl', ['-e', setAttribute, join(folder, 'file')])],
  ['a hole that was filled', (folder) => unlink(join(folder, 'hollow')).then(() => filled(join(folder, 'hollow')))],
  [
    'a second name that is a copy',
    (folder) => unlink(join(folder, 'second')).then(() => copyFile(join(folder, 'file'), join(folder, 'second'))),
  ],
  ['where a link leads', (folder) => unlink(join(folder, 'link')).then(() => symlink('elsewhere', join(folder, 'link')))],
  ['a name that is gone', (folder) => unlink(join(folder, 'link'))],
  ['a name more', (folder) => writeFile(join(folder, 'more'), '')],
];

async function filled(path: string): Promise<void> {
  await writeFile(path, Buffer.alloc(1_000_000));
  await lutimes(path, 1, 2);
}

async function onTree<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'tree-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test.each(changes)('a listing tells of %s', (_what, change) =>
  onTree(async (folder) => {
    await writeFile(join(folder, 'file'), 'a');
    await link(join(folder, 'file'), join(folder, 'second'));
    await writeFile(join(folder, 'hollow'), '');
    await truncate(join(folder, 'hollow'), 1_000_000);
    await symlink('nowhere', join(folder, 'link'));
    for (const name of ['file', 'hollow', 'link', '.']) await lutimes(join(folder, name), 1, 2);
    const before = await listing(folder);
    expect(await listing(folder)).toEqual(before);
    await change(folder);
    await lutimes(folder, 1, 2);
    expect(await listing(folder)).not.toEqual(before);
  }),
);

test('a random tree is another one for each seed, and the same each time', async () => {
  const trees = await Promise.all(
    [1, 1, 2].map((seed) =>
      onTree(async (folder) => {
        await execa('perl', ['-e', randomTreeProgram, folder, String(seed)]);
        await lutimes(folder, 1, 2);
        return listing(folder);
      }),
    ),
  );
  expect(trees[0]).toEqual(trees[1]);
  expect(trees[0]).not.toEqual(trees[2]);
});
