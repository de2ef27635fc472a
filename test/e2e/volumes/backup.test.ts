import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { untilTrue } from '../../../src/lib/until-true.ts';
import { createProject, type Project } from '../../kit/project.ts';

const env = { STACKCTL_HELPER_IMAGE: 'stackctl/helper:1' };

/** A program that writes a line whenever it starts, and says so in a file of its own volume. */
const stackOf = (version: string, options: string): string => `
services:
  db:
    image: stackctl/busybox:1
    environment: { VERSION: "${version}" }
    command: [sh, -c, 'echo "start $$VERSION" >> /data/log; trap "echo stop >> /data/log; exit 0" TERM; sleep 99999 & wait']
    volumes: ["data:/data"]
    x-stack: { ready: [{ stable: 100ms }], timeout: { ready: 5s } }
  reader:
    image: stackctl/busybox:1
    command: [sleep, "99999"]
    init: true
    volumes: ["data:/data:ro"]
    x-stack: { ready: [{ stable: 100ms }], timeout: { ready: 5s } }
volumes:
  data:
    x-stack: ${options}
`;

async function started(options = '{}'): Promise<Project> {
  const project = await createProject();
  await project.write('compose.yaml', stackOf('1', options));
  expect(await project.stackctl(['up', '--yes'], { env })).toMatchObject({ exitCode: 0 });
  return project;
}

interface Listed {
  readonly volumes: readonly { readonly owner?: string; readonly bytes?: number; readonly users: readonly unknown[] }[];
  readonly backups: readonly { readonly id: string; readonly quiet: string; readonly revision?: number }[];
}

async function list(project: Project): Promise<Listed> {
  const { stdout, exitCode } = await project.stackctl(['volume', 'list', '--json'], { env });
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as Listed;
}

const logOf = async (project: Project, id: string): Promise<string> => {
  const file = join(project.folder, `${id}.tar`);
  expect(await project.stackctl(['volume', 'export', id, '-o', file], { env })).toMatchObject({ exitCode: 0 });
  return (await execa('tar', ['-xOf', file, './log'])).stdout;
};

const idsOf = async (project: Project): Promise<Record<string, string>> =>
  Object.fromEntries(Object.values(await project.containers()).map(({ Name, Id, State }) => [Name, `${Id} ${State.Status}`]));

test('a volume is copied while nobody writes to it, and everybody runs again as before', async () => {
  await using project = await started();
  const before = await idsOf(project);
  const taken = await project.stackctl(['volume', 'backup', '--yes'], { env });
  expect(taken.exitCode, taken.stderr).toBe(0);
  expect(taken.stdout).toContain('will be backed up (because a backup was asked for)');
  expect(taken.stdout).toContain(`stops ${project.name}-db-1`);
  expect(await idsOf(project)).toEqual(before);
  const { volumes, backups } = await list(project);
  expect(volumes).toMatchObject([{ owner: '0:0', users: [{}, {}] }]);
  expect(backups).toMatchObject([{ quiet: 'stopped', revision: 1 }]);
  const { id } = backups[0]!;
  expect(await logOf(project, id)).toBe('start 1\nstop');
  expect(await project.stackctl(['volume', 'verify'], { env })).toMatchObject({ exitCode: 0 });
  expect((await project.stackctl(['volume', 'show', 'data'], { env })).stdout).toContain(`backup ${id}`);
  // What it wanted of the stack is what was applied before
  expect((await project.stackctl(['rollback'], { env })).stderr).toContain('there is no earlier revision');

  const deaf = await project.stackctl(['volume', 'export', id], { env, deaf: true, withinMs: 20_000 });
  expect(deaf).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('has stopped before its end') as string });
  expect((await project.stackctl(['volume', 'export', id, '-o', `${id}.tar`], { env })).stderr).toContain(`${id}.tar is there already`);

  const folder = (await readdir(join(project.folder, '.state'), { recursive: true })).find((path) => path.endsWith(`${id}/data.tar.zst`));
  const data = join(project.folder, '.state', folder ?? 'data.tar.zst is not there');
  const whole = await readFile(data);
  whole[whole.length - 20]! ^= 1;
  await writeFile(data, whole);
  const verified = await project.stackctl(['volume', 'verify', id], { env });
  expect(verified).toMatchObject({ exitCode: 2 });
  expect(verified.stdout).toMatch(/damaged {2}.*: data\.tar\.zst has changed/);
  expect((await project.stackctl(['volume', 'export', id, '-o', 'half.tar'], { env })).exitCode).toBe(1);
  expect(await readdir(project.folder)).not.toContain('half.tar');
});

test('a service that does not work is copied like any other, and stays as it is', async () => {
  await using project = await createProject();
  const check = 'healthcheck: { test: [CMD, test, "!", -e, /data/broken], interval: 200ms, retries: 1 }';
  await project.write(
    'compose.yaml',
    stackOf('1', '{}').replace('volumes: ["data:/data"]', (volumes) => `${volumes}\n    ${check}`),
  );
  expect(await project.stackctl(['up', '--yes'], { env })).toMatchObject({ exitCode: 0 });
  const name = `${project.name}-db-1`;
  const exec = await project.docker.getContainer(name).exec({ Cmd: ['touch', '/data/broken'] });
  await exec.start({ Detach: true });
  const healthOf = async (): Promise<string | undefined> => (await project.containers())[name]?.State.Health?.Status;
  const signal = AbortSignal.timeout(20_000);
  await untilTrue(async () => (await healthOf()) === 'unhealthy', { firstPauseMs: 50, longestPauseMs: 200, signal });
  const before = await idsOf(project);
  const taken = await project.stackctl(['volume', 'backup', '--yes'], { env });
  expect(taken.exitCode, taken.stderr).toBe(0);
  expect(taken.stdout).toContain('it is not ready now, and is not waited for');
  expect(await idsOf(project)).toEqual(before);
  expect((await list(project)).backups).toMatchObject([{ quiet: 'stopped' }]);
});

test('a replacement is preceded by the backup that the volume declares, and older ones go when it has gone well', async () => {
  await using project = await started('{ backup: { before: [replace], keep: 1 } }');
  for (const version of ['2', '3']) {
    await project.write('compose.yaml', stackOf(version, '{ backup: { before: [replace], keep: 1 } }'));
    const applied = await project.stackctl(['apply', '--yes'], { env });
    expect(applied.exitCode, applied.stderr).toBe(0);
    expect(applied.stdout).toContain('will be backed up (because x-stack.backup says so before a container with it is replaced)');
  }
  const { backups } = await list(project);
  expect(backups).toHaveLength(1);
  expect(await logOf(project, backups[0]!.id)).toBe('start 1\nstop\nstart 2\nstop');
  expect(await project.stackctl(['plan', '--detailed-exitcode'], { env })).toMatchObject({ exitCode: 0 });
});

test('paused, or after commands of its own, a service goes on; its commands run in it', async () => {
  await using project = await started('{ backup: { quiesce: pause } }');
  expect(await project.stackctl(['volume', 'backup', 'data', '--yes'], { env })).toMatchObject({ exitCode: 0 });
  const hooks = `{ backup: { service: db, pre: [{ command: [sh, -c, 'echo pre >> /data/log'] }], post: [{ command: [sh, -c, 'echo post >> /data/log'] }] } }`;
  await project.write('compose.yaml', stackOf('1', hooks));
  expect(await project.stackctl(['volume', 'backup', '--yes'], { env })).toMatchObject({ exitCode: 0 });
  const { backups } = await list(project);
  expect(backups.map(({ quiet }) => quiet)).toEqual(['hook', 'paused']);
  expect(await logOf(project, backups[1]!.id)).toBe('start 1');
  expect(await logOf(project, backups[0]!.id)).toBe('start 1\npre');
  await project.stackctl(['volume', 'backup', '--yes'], { env });
  const pruned = await project.stackctl(['volume', 'prune', '--keep', '1', '--yes'], { env });
  expect(pruned.exitCode).toBe(0);
  expect(pruned.stdout.split('\n').filter((line) => line.startsWith('- backup'))).toHaveLength(2);
  const left = (await list(project)).backups;
  expect(left).toHaveLength(1);
  expect(await logOf(project, left[0]!.id)).toBe('start 1\npre\npost\npre');
});

test('one that fails leaves nothing behind, and everybody runs as before', async () => {
  await using project = await started(`{ backup: { pre: [{ command: [sh, -c, 'exit 3'] }] } }`);
  const before = await idsOf(project);
  const failed = await project.stackctl(['volume', 'backup', '--yes'], { env });
  expect(failed.exitCode).not.toBe(0);
  expect(failed.stderr).toContain('its backup.pre hook "sh -c exit 3" ended with code 3');
  expect(await idsOf(project)).toEqual(before);
  expect((await list(project)).backups).toEqual([]);
});
