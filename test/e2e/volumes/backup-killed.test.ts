import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProject, type Project } from '../../kit/project.ts';
import { start, type Started } from '../bad-days/started.ts';

const helper = { STACKCTL_HELPER_IMAGE: 'stackctl/helper:1' };

/** Its volume takes a while to be copied. */
const stackText = `
services:
  db:
    image: stackctl/busybox:1
    command: [sh, -c, 'dd if=/dev/urandom of=/data/big bs=1M count=150 2>/dev/null; touch /ready; trap "exit 0" TERM; sleep 99999 & wait']
    volumes: ["data:/data"]
    healthcheck: { test: [CMD, test, -e, /ready], interval: 1s }
volumes:
  data: {}
`;

async function rig(): Promise<{ readonly project: Project; readonly begin: (words: readonly string[]) => Started } & AsyncDisposable> {
  const project = await createProject();
  await project.write('compose.yaml', stackText);
  const env = { ...helper, XDG_STATE_HOME: join(project.folder, '.state'), COMPOSE_PROJECT_NAME: project.name };
  const up = await project.stackctl(['up', '--yes'], { env });
  expect(up.exitCode, up.stderr).toBe(0);
  const begin = (words: readonly string[]): Started => start(words, { cwd: project.folder, env });
  return { project, begin, [Symbol.asyncDispose]: () => project[Symbol.asyncDispose]() };
}

const standing = async (project: Project): Promise<string[]> =>
  Object.values(await project.containers()).map(({ Id, Name, State }) => `${Name} ${Id} ${State.Status}`);

const backupsIn = async (project: Project): Promise<readonly unknown[]> =>
  (JSON.parse((await project.stackctl(['volume', 'list', '--json'], { env: helper })).stdout) as { backups: unknown[] }).backups;

const foldersIn = async (project: Project): Promise<number> =>
  (await readdir(join(project.folder, '.state'), { recursive: true })).filter((path) => /\/\d{8}-\d{6}-[0-9a-f]{4}$/.test(path)).length;

const isEnd = (kind: string) => (line: { readonly type: string; readonly id?: string; readonly outcome?: string }) =>
  line.outcome !== undefined && (line.id ?? '').startsWith(kind);

test('killed in the middle of a copy: recover brings the service back, and half a backup is none', async () => {
  await using made = await rig();
  const { project, begin } = made;
  const before = await standing(project);
  const run = begin(['volume', 'backup', '--yes', '--json']);
  await run.until(isEnd('container.stop'));
  run.signal('SIGKILL');
  await run.ended;
  expect(await standing(project)).not.toEqual(before);
  expect(await backupsIn(project)).toEqual([]);
  const next = await project.stackctl(['volume', 'backup', '--yes'], { env: helper });
  expect(next.exitCode).toBe(1);
  expect(next.stderr).toContain('stackctl recover');
  expect(await project.stackctl(['recover', '--yes'], { env: helper })).toMatchObject({ exitCode: 0 });
  expect(await standing(project)).toEqual(before);
  expect(await project.stackctl(['volume', 'backup', '--yes'], { env: helper })).toMatchObject({ exitCode: 0 });
  expect(await backupsIn(project)).toHaveLength(1);
  expect(await foldersIn(project)).toBe(1);
});

test('interrupted in the middle of a copy: the service runs again, and nothing is left', async () => {
  await using made = await rig();
  const { project, begin } = made;
  const before = await standing(project);
  const run = begin(['volume', 'backup', '--yes', '--json']);
  await run.until(isEnd('container.stop'));
  run.signal('SIGINT');
  expect((await run.ended).exitCode).toBe(130);
  expect(await standing(project)).toEqual(before);
  expect(await backupsIn(project)).toEqual([]);
  expect(await foldersIn(project)).toBe(0);
});
