import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProject, type Project } from '../../kit/project.ts';
import { start } from '../bad-days/started.ts';

const secret = 'canary-of-build';
const stackOf = (...build: string[]): string =>
  [
    'services:',
    '  web:',
    '    build:',
    '      context: .',
    ...build.map((line) => `      ${line}`),
    '    command: [sleep, "99999"]',
    '    x-stack: { ready: [{ stable: 100ms }] }',
    'secrets: { token: { environment: BUILD_TOKEN } }',
    '',
  ].join('\n');

const env = { BUILD_TOKEN: secret };

async function hasBuildKit({ docker }: Project): Promise<boolean> {
  const { Version } = await docker.version();
  return Number(Version.split('.')[0]) >= 23;
}

/** A project whose image goes with it. */
async function building(dockerfile: string, stack: string): Promise<AsyncDisposable & { readonly project: Project }> {
  const project = await createProject();
  // The engine must not have it in its cache from the last time
  await project.write('Dockerfile', dockerfile.replace('RUN', `ENV MADE_FOR=${project.name}\nRUN`));
  await project.write('compose.yaml', stack);
  return {
    project,
    async [Symbol.asyncDispose]() {
      await project[Symbol.asyncDispose]();
      await project.docker
        .getImage(`${project.name}-web`)
        .remove({ force: true })
        .catch(() => undefined);
    },
  };
}

async function textBelow(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
}

test('a build with a secret: BuildKit gives it to the step alone; an engine without refuses it at its line', async () => {
  const run = 'RUN --mount=type=secret,id=token busybox cat /run/secrets/token && busybox sha256sum /run/secrets/token > /sum';
  await using made = await building(`FROM stackctl/busybox:1\n${run}\n`, stackOf('secrets: [token]'));
  const { project } = made;
  const ran = await project.stackctl(['apply', '--yes', '--json'], { env });
  expect(ran.stdout + ran.stderr).not.toContain(secret);
  if (!(await hasBuildKit(project))) {
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout + ran.stderr).toMatch(/no-buildkit/);
    const said = await project.stackctl(['plan'], { env });
    expect(said.stderr + said.stdout).toMatch(/compose\.yaml:5:7[^]*offers no BuildKit[^]*this needs BuildKit: Docker 23 or newer/);
    return;
  }
  expect([ran.exitCode, ran.stderr]).toEqual([0, expect.any(String)]);
  expect(ran.stdout).toContain('(sensitive)'); // the step prints it
  expect(await textBelow(join(project.folder, '.state'))).not.toContain(secret);
  const image = await project.docker.getImage(`${project.name}-web`).inspect();
  expect(JSON.stringify(image)).not.toContain(secret);
});

test('a failed build says at which step, and what it printed last; nothing is left', async () => {
  await using made = await building('FROM stackctl/busybox:1\nRUN busybox echo the compiler is unhappy; exit 7\n', stackOf());
  const { project } = made;
  const ran = await project.stackctl(['apply', '--yes']);
  expect(ran.exitCode).toBe(1);
  expect(ran.stdout + ran.stderr).toMatch(/exit 7/);
  if (await hasBuildKit(project))
    expect(ran.stdout + ran.stderr).toMatch(/\[2\/\d\] RUN .* failed: exit code: 7\n\s+last log +\| the compiler is unhappy\n/);
  expect(await project.containers()).toEqual({});
});

test('Ctrl-C ends a build', async () => {
  await using made = await building('FROM stackctl/busybox:1\nRUN busybox echo begun; busybox sleep 600\n', stackOf());
  const { project } = made;
  const dockerHost = process.env['DOCKER_HOST'] ?? '';
  const run = start(['apply', '--yes', '--json'], {
    cwd: project.folder,
    env: { DOCKER_HOST: dockerHost, XDG_STATE_HOME: join(project.folder, '.state'), COMPOSE_PROJECT_NAME: project.name },
  });
  await run.saidOut('begun');
  run.signal('SIGINT');
  const { exitCode } = await run.ended;
  expect(exitCode).toBe(130);
  expect(await project.containers()).toEqual({});
  await expect(project.docker.getImage(`${project.name}-web`).inspect()).rejects.toMatchObject({ statusCode: 404 });
});
