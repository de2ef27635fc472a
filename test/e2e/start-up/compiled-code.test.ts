import { chmod, mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createProject, type Project } from '../../kit/project.ts';

/** A project whose stack is valid, and a start of the program with a cache of its own. */
async function prepared() {
  const project = await createProject();
  await project.write('compose.yaml', 'services: { web: { image: "stackctl/busybox:1" } }\n');
  const folder = join(project.folder, 'cache/stackctl');
  return { project, folder, start: (env: Record<string, string> = {}) => validate(project, env) };
}

const validate = (project: Project, env: Record<string, string>) =>
  project.stackctl(['validate'], { env: { XDG_CACHE_HOME: join(project.folder, 'cache'), ...env } });

const valid = { exitCode: 0, stdout: expect.stringContaining('valid') as string };
const kept = async (folder: string): Promise<string> => join(folder, (await readdir(folder))[0] ?? '');

it('keeps the compiled code for its user alone, and takes it from then on', async () => {
  const { project, folder, start } = await prepared();
  await using _ = project;
  expect(await start()).toMatchObject(valid);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  const first = await stat(await kept(folder));
  expect(first.mode & 0o777).toBe(0o600);
  expect(await start()).toMatchObject(valid);
  expect(await stat(await kept(folder))).toMatchObject({ ino: first.ino, mtimeMs: first.mtimeMs });
});

it.each([
  ['damaged', (file: string) => readFile(file).then((bytes) => writeFile(file, bytes.fill(0x55, bytes.length / 2)))],
  ['cut short', (file: string) => truncate(file, 5000)],
  ['empty', (file: string) => truncate(file, 0)],
  ['open to others', (file: string) => chmod(file, 0o622)],
])('makes it anew when it is %s', async (_, spoil) => {
  const { project, folder, start } = await prepared();
  await using _project = project;
  await start();
  const file = await kept(folder);
  await spoil(file);
  const spoilt = await stat(file);
  expect(await start()).toMatchObject(valid);
  expect((await stat(file)).ino).not.toBe(spoilt.ino);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it('starts without it where none can be kept or none is wanted', async () => {
  const { project, folder, start } = await prepared();
  await using _ = project;
  await project.write('not-a-folder', '');
  expect(await start({ XDG_CACHE_HOME: join(project.folder, 'not-a-folder') })).toMatchObject(valid);
  expect(await start({ NODE_DISABLE_COMPILE_CACHE: '1' })).toMatchObject(valid);
  await expect(readdir(folder)).rejects.toThrow('ENOENT');
});

it('forgets the oldest', async () => {
  const { project, folder, start } = await prepared();
  await using _ = project;
  await mkdir(folder, { recursive: true });
  await Promise.all(Array.from({ length: 30 }, (_, i) => writeFile(join(folder, `old-${i}`), '')));
  await start();
  const left = await readdir(folder);
  expect(left).toHaveLength(24);
  expect(left.filter((name) => name.endsWith('-validate'))).toHaveLength(1);
});
