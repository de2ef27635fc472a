import { describe, expect, test } from 'vitest';
import { createProject, type Project } from '../../kit/project.ts';
import { createBeside } from './beside.ts';
import { serviceText } from './field-row.ts';
import { bringUp, looksOf, plannedChanges, standing } from './story.ts';

/** Fields that say something about a stack rather than about one container. */
describe.each(['stackctl', 'compose'] as const)('made by %s', (maker) => {
  const up = async (text: string): Promise<Project> => {
    const project = await createProject();
    await project.write('compose.yaml', text);
    expect(await bringUp(maker, project)).toMatchObject({ exitCode: 0 });
    await expectEmpty(project);
    return project;
  };

  test('replicas', async () => {
    const text = (count: number): string => stack(serviceText('many', `deploy: { replicas: ${count} }`));
    await using project = await up(text(2));
    const before = Object.keys(await project.containers());
    expect(await change(project, text(3))).toMatchObject([{ verb: 'create', cause: 'file' }]);
    const more = Object.keys(await project.containers());
    expect(more.filter((name) => !before.includes(name))).toEqual([`${project.name}-many-3`]);
    expect(await change(project, stack(serviceText('many', '')))).toMatchObject([{ verb: 'remove' }, { verb: 'remove' }]);
    expect(Object.keys(await project.containers())).toEqual([`${project.name}-many-1`]);
  });

  test('depends_on', async () => {
    const text = (yaml: string, level: number): string =>
      stack(serviceText('db', `environment: { LEVEL: "${level}" }`), serviceText('aside', ''), serviceText('web', yaml));
    await using project = await up(text('depends_on: [db]', 1));
    const { db, web } = await looksOf(project);
    expect(Date.parse(web!.State.StartedAt)).toBeGreaterThan(Date.parse(db!.State.StartedAt));
    // What a service waits for is no property of its container
    const restarting =
      'depends_on: { db: { condition: service_started, restart: true }, aside: { condition: service_started, required: false } }';
    expect(await change(project, text(restarting, 1))).toEqual([]);
    expect(await change(project, text(restarting, 2))).toMatchObject([
      { service: 'db', verb: 'replace', fields: [{ path: 'environment.LEVEL', before: '1', after: '2' }] },
      { service: 'web', verb: 'update', fields: [{ path: 'depends_on.db.restart', after: true }] },
    ]);
    const after = await looksOf(project);
    expect(after['web']!.Id).toBe(web!.Id);
    expect(Date.parse(after['web']!.State.StartedAt)).toBeGreaterThan(Date.parse(after['db']!.State.StartedAt));
    expect(await change(project, text('', 2))).toEqual([]);
  });

  test('a shared network goes with its owner', async () => {
    const text = (level: number): string =>
      stack(
        serviceText('owner', `environment: { LEVEL: "${level}" }`, ['network_mode']),
        serviceText('guest', 'network_mode: service:owner'),
      );
    await using project = await up(text(1));
    const before = await looksOf(project);
    expect(await change(project, text(2))).toMatchObject([
      { service: 'owner', verb: 'replace', fields: [{ path: 'environment.LEVEL' }] },
      { service: 'guest', verb: 'replace', fields: [{ path: 'network_mode' }] },
    ]);
    await project.docker.getContainer((await looksOf(project))['owner']!.Id).stop({ t: 0 });
    expect(await change(project, text(2))).toMatchObject([
      { service: 'owner', verb: 'start', cause: 'drift' },
      { service: 'guest', verb: 'replace' },
    ]);
    const { owner, guest } = await looksOf(project);
    expect(guest!.HostConfig.NetworkMode).toBe(`container:${owner!.Id}`);
    expect(guest!.Id).not.toBe(before['guest']!.Id);
  });

  test('profiles', async () => {
    const text = (yaml: string): string => stack(serviceText('always', ''), serviceText('tool', yaml));
    await using project = await up(text('profiles: [tools]'));
    expect(Object.keys(await looksOf(project))).toEqual(['always']);
    expect(await project.stackctl(['apply', '--yes', '--profile', 'tools'])).toMatchObject({ exitCode: 0 });
    expect(Object.keys(await looksOf(project)).sort()).toEqual(['always', 'tool']);
    // One of an inactive profile is left as it is
    await expectEmpty(project);
    expect(await change(project, text('profiles: [others]'))).toEqual([]);
    expect(await change(project, text(''))).toEqual([]);
    expect(await change(project, stack(serviceText('always', '')))).toMatchObject([{ service: 'tool', verb: 'remove' }]);
  });

  test('what only says how to update, pull or wait changes no container', async () => {
    const text = (yaml: string, top = ''): string => stack(serviceText('web', yaml)) + top;
    await using project = await up(text('pull_policy: never\ndeploy: { update_config: { order: start-first, monitor: 1s } }'));
    const before = await standing(project);
    for (const yaml of [
      'pull_policy: missing',
      'deploy: { update_config: { parallelism: 2, failure_action: pause } }',
      'x-stack: { timeout: { pull: 1m, ready: 1m, stop: 5s } }',
      'x-other: 1',
    ]) {
      expect(await change(project, text(yaml)), yaml).toEqual([]);
    }
    expect(await change(project, text('', 'x-stack: { timeout: 5m, rollback_timeout: 6m, sensitive: [LEVEL] }\n'))).toEqual([]);
    expect(await standing(project)).toEqual(before);
  });

  test('build', async () => {
    const dockerfile = (level: number): string =>
      `FROM stackctl/busybox:1 AS base\nARG WHO=nobody\nENV LEVEL=${level} WHO=$WHO\nFROM base AS more\nENV MORE=1\n`;
    const text = (build: string): string => stack(serviceText('made', `build: ${build}`, ['image']));
    const look = async (): Promise<string> => (await looksOf(project))['made']!.inside('sh', '-c', 'echo $LEVEL $WHO $MORE');
    await using project = await createProject();
    await project.write('app/Dockerfile', dockerfile(1));
    await project.write('compose.yaml', text('{ context: app, target: base, args: { WHO: me } }'));
    // Compose has no builder here: the image is stackctl's
    expect(await project.stackctl(['apply', '--yes'])).toMatchObject({ exitCode: 0 });
    await using _image = { [Symbol.asyncDispose]: () => removeImage(project) };
    if (maker === 'compose') {
      expect(await project.stackctl(['down', '--yes'])).toMatchObject({ exitCode: 0 });
      expect(await bringUp('compose', project)).toMatchObject({ exitCode: 0 });
    }
    await expectEmpty(project);
    expect(await look()).toBe('1 me');
    // As with Compose: another recipe says nothing until a build is asked for
    await project.write('app/Dockerfile', dockerfile(2));
    expect(await change(project, text('./app'))).toEqual([]);
    const planned = await project.stackctl(['plan', '--build', '--json']);
    expect(planned.stdout).toContain('(known after build)');
    expect(await project.stackctl(['apply', '--yes', '--build'])).toMatchObject({ exitCode: 0 });
    expect(await look()).toBe('2 nobody 1');
    await expectEmpty(project);
    const before = await standing(project);
    expect(await project.stackctl(['apply', '--yes', '--build'])).toMatchObject({ exitCode: 0 });
    expect(await standing(project)).toEqual(before);
  });
});

test('start_interval, where the engine has it, and a problem at its line where it drops it', async () => {
  await using project = await createProject();
  const text = (seconds: number): string =>
    stack(serviceText('web', `healthcheck: { test: exit 0, start_period: 9s, start_interval: ${seconds}s }`));
  await project.write('compose.yaml', text(1));
  const { ApiVersion } = await project.docker.version();
  const made = await project.stackctl(['apply', '--yes']);
  if (Number(ApiVersion.split('.')[1]) < 44) {
    expect(made).toMatchObject({ exitCode: 1 });
    expect(made.stdout + made.stderr).toMatch(/compose\.yaml:\d+:\d+: error: healthcheck\.start_interval of web has no effect/);
    return;
  }
  expect(made).toMatchObject({ exitCode: 0 });
  await expectEmpty(project);
  expect(await change(project, text(2))).toMatchObject([
    { fields: [{ path: 'healthcheck.start_interval', before: 1000, after: 2000, cause: 'file' }] },
  ]);
  expect(await change(project, stack(serviceText('web', '')))).toHaveLength(1);
});

test('privileged, where the engine may', async ({ skip }) => {
  await using project = await createProject();
  const text = (yaml: string): string => stack(serviceText('web', yaml));
  await project.write('compose.yaml', text('privileged: false'));
  expect(await project.stackctl(['apply', '--yes'])).toMatchObject({ exitCode: 0 });
  await project.write('compose.yaml', text('privileged: true'));
  const planned = await plannedChanges(project);
  expect(planned).toMatchObject([
    { verb: 'replace', fields: [{ path: 'privileged', after: true, cause: 'file', forces_replacement: true }] },
  ]);
  const applied = await project.stackctl(['apply', '--yes']);
  skip(/operation not permitted|apply caps/.test(applied.stderr), 'this machine lets nobody be privileged');
  expect(applied).toMatchObject({ exitCode: 0 });
  await expectEmpty(project);
  expect((await looksOf(project))['web']!.HostConfig.Privileged).toBe(true);
  expect(await change(project, text(''))).toMatchObject([{ fields: [{ path: 'privileged', before: true, cause: 'file' }] }]);
});

test('x-stack.timeout.stop is how long a stop may take, and no setting of the container', async () => {
  await using project = await createProject();
  // Deaf to the stop signal, with a grace period of a minute
  const deaf = (yaml: string): string =>
    stack(serviceText('web', `command: [sh, -c, "trap '' TERM; while :; do sleep 0.1; done"]\n${yaml}`, ['command', 'stop_grace_period']));
  await project.write('compose.yaml', deaf('stop_grace_period: 1m'));
  expect(await bringUp('compose', project)).toMatchObject({ exitCode: 0 });
  expect(await change(project, deaf('stop_grace_period: 1m\nx-stack: { timeout: { stop: 1s } }'))).toEqual([]);
  const started = performance.now();
  expect(await project.stackctl(['down', '--yes'])).toMatchObject({ exitCode: 0 });
  expect(performance.now() - started).toBeLessThan(20_000);
});

test('an external network or volume that is not there is a problem, and is never made or removed', async () => {
  await using project = await createProject();
  const text = stack(serviceText('web', 'networks: [outside]\nvolumes: ["outside:/out"]', ['network_mode'])).replaceAll(
    'PROJECT',
    project.name,
  );
  const top = `networks: { outside: { external: true, name: ${project.name}-outside } }\nvolumes: { outside: { external: true, name: ${project.name}-outside } }\n`;
  await project.write('compose.yaml', text + top);
  const refused = await project.stackctl(['apply', '--yes']);
  expect(refused).toMatchObject({ exitCode: 1 });
  expect(refused.stdout + refused.stderr).toMatch(/external network .* is not there[^]*external volume .* is not there/);
  {
    await using _beside = await createBeside(project);
    expect(await project.stackctl(['apply', '--yes'])).toMatchObject({ exitCode: 0 });
    expect(await project.stackctl(['down', '--yes'])).toMatchObject({ exitCode: 0 });
    await project.docker.getNetwork(`${project.name}-outside`).inspect();
    await project.docker.getVolume(`${project.name}-outside`).inspect();
  }
});

const stack = (...services: readonly string[]): string => `services:\n${services.join('')}`;

async function expectEmpty(project: Project): Promise<void> {
  expect(await project.stackctl(['plan', '--detailed-exitcode'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('No changes.'),
  });
}

/** Writes the file, and gives what was planned once it is applied and nothing more is left to do. */
async function change(project: Project, text: string): ReturnType<typeof plannedChanges> {
  await project.write('compose.yaml', text);
  const planned = await plannedChanges(project);
  expect(await project.stackctl(['apply', '--yes'])).toMatchObject({ exitCode: 0 });
  await expectEmpty(project);
  return planned;
}

async function removeImage(project: Project): Promise<void> {
  const containers = await project.docker.listContainers({ all: true, filters: { label: [`com.docker.compose.project=${project.name}`] } });
  await Promise.all(containers.map(({ Id }) => project.docker.getContainer(Id).remove({ force: true })));
  const images = await project.docker.listImages();
  const ours = images.filter(({ RepoTags }) => RepoTags?.some((tag) => tag.startsWith(`${project.name}-`)));
  await Promise.all(ours.map(({ Id }) => project.docker.getImage(Id).remove({ force: true })));
}
