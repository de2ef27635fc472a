import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createProject } from '../../kit/project.ts';
import { databaseOf, filledVolume, helper, inVolume, picture, standing } from './vector-database.ts';

test('volume fix mends files and nothing else, after asking', async () => {
  await using project = await createProject();
  await project.write('compose.yaml', databaseOf({ options: 'owner: "1000:1000"' }));
  await filledVolume(project, 'cd /place; echo x > one; busybox chmod 666 one');
  const asked = await project.stackctl(['volume', 'fix'], helper);
  expect(asked).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/no terminal to ask at/) as string });
  const fixed = await project.stackctl(['volume', 'fix', 'data', '--yes'], helper);
  expect(fixed.exitCode, fixed.stderr).toBe(0);
  expect(await picture(project)).not.toMatch(/^0:/m);
  // The service was never started, and is not now
  expect(await standing(project)).toEqual([`${project.name}_data`]);
  expect(await project.stackctl(['volume', 'fix', '--yes'], helper)).toMatchObject({ exitCode: 0 });
  const unknown = await project.stackctl(['volume', 'fix', 'dat'], helper);
  expect(unknown).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/nothing is declared of the files in "dat"/) as string });
});

test('a new volume belongs to whom it should, also when the image brings files for it', async () => {
  await using project = await createProject();
  await project.write(
    'compose.yaml',
    databaseOf({ options: 'owner: "1000:1000"' }).replace('/qdrant/storage"]', '/etc"]').replace('cd /qdrant/storage', 'cd /tmp'),
  );
  const applied = await project.stackctl(['apply', '--yes'], helper);
  expect(applied.exitCode, applied.stderr).toBe(0);
  expect(await inVolume(project, 'cd /place; [ -e passwd ]; busybox stat -c "%u:%g %n" . passwd')).toBe('1000:1000 .\n1000:1000 passwd\n');
  expect((await project.stackctl(['plan', '--detailed-exitcode'], helper)).exitCode).toBe(0);
});

test('a folder of the host is no other', async () => {
  await using project = await createProject();
  const folder = `${project.folder}/data`;
  await mkdir(folder);
  await writeFile(`${folder}/one`, 'x');
  const options =
    '{ type: bind, source: ./data, target: /qdrant/storage, x-stack: { owner: "1000:1000", mode: "u=rwX,go=", on_drift: fix } }';
  await project.write(
    'compose.yaml',
    databaseOf()
      .replace('["data:/qdrant/storage"]', `[${options}]`)
      .replace(/volumes:\n {2}data:[^]*$/, ''),
  );
  const applied = await project.stackctl(['apply', '--yes'], helper);
  expect(applied.exitCode, applied.stderr).toBe(0);
  expect(await stat(`${folder}/one`)).toMatchObject({ uid: 1000, gid: 1000, mode: 0o100600 });
  expect((await project.stackctl(['plan', '--detailed-exitcode'], helper)).exitCode).toBe(0);
  await rm(folder, { recursive: true });
});
