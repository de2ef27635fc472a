import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createProject, type Project } from '../../kit/project.ts';
import { createBeside, createOutsider } from './beside.ts';
import { serviceText } from './field-row.ts';
import { bringUp, looksOf, plannedChanges, standing } from './story.ts';

const stack = (...services: readonly string[]): string => `services:\n${services.join('')}`;
const owner = (level: number): string =>
  serviceText('owner', `environment: { LEVEL: "${level}" }\nipc: shareable\nvolumes: ["/shared"]`, ['network_mode']);

/** One service that shares each thing of another. */
const guests = [
  serviceText('network', 'network_mode: service:owner'),
  serviceText('processes', 'pid: service:owner'),
  serviceText('memory', 'ipc: service:owner'),
  serviceText('volumes', 'volumes_from: [owner]'),
];
const paths = { network: 'network_mode', processes: 'pid', memory: 'ipc', volumes: 'volumes_from' };

describe.each(['stackctl', 'compose'] as const)('made by %s', (maker) => {
  test('what others share goes with them, and stays the same things', async () => {
    await using project = await createProject();
    await project.write('compose.yaml', stack(owner(1), ...guests));
    expect(await bringUp(maker, project)).toMatchObject({ exitCode: 0 });
    await expectEmpty(project);
    const before = await looksOf(project);
    await before['owner']!.inside('sh', '-c', 'echo kept >/shared/note');
    const planned = await change(project, stack(owner(2), ...guests));
    expect(Object.fromEntries(planned.map(({ service, fields }) => [service, fields.map(({ path }) => path)]))).toEqual({
      owner: ['environment.LEVEL'],
      network: ['network_mode'],
      processes: ['pid'],
      memory: ['ipc'],
      volumes: ['volumes_from'],
    });
    const after = await looksOf(project);
    const id = after['owner']!.Id;
    expect(after['network']!.HostConfig.NetworkMode).toBe(`container:${id}`);
    expect(after['processes']!.HostConfig.PidMode).toBe(`container:${id}`);
    expect(after['memory']!.HostConfig.IpcMode).toBe(`container:${id}`);
    expect(after['volumes']!.HostConfig.VolumesFrom).toEqual([id]);
    expect(await after['volumes']!.inside('cat', '/shared/note')).toBe('kept');
    expect(Date.parse(after['volumes']!.State.StartedAt)).toBeGreaterThan(Date.parse(after['owner']!.State.StartedAt));
  });

  test('guests of one that somebody started anew get its new network', async () => {
    await using project = await createProject();
    const text = stack(owner(1), guests[0]!, guests[2]!, guests[3]!);
    await project.write('compose.yaml', text);
    expect(await bringUp(maker, project)).toMatchObject({ exitCode: 0 });
    await project.docker.getContainer((await looksOf(project))['owner']!.Id).restart({ t: 0 });
    expect(await change(project, text)).toMatchObject([
      { service: 'memory', verb: 'replace', cause: 'drift', fields: [{ path: 'ipc' }] },
      { service: 'network', verb: 'replace', cause: 'drift', fields: [{ path: 'network_mode' }] },
    ]);
    expect(await (await looksOf(project))['network']!.inside('ls', '/sys/class/net')).toContain('eth0');
  });

  test('a container outside the stack that was made anew is seen', async () => {
    await using project = await createProject();
    const text = ['network_mode', 'pid', 'ipc']
      .map((key) => serviceText(key.replace('_', '-'), `${key}: container:${project.name}-outsider`))
      .join('');
    await project.write('compose.yaml', `services:\n${text}`);
    {
      await using _outsider = await createOutsider(project);
      expect(await bringUp(maker, project)).toMatchObject({ exitCode: 0 });
      await expectEmpty(project);
      await project.docker.getContainer(`${project.name}-outsider`).remove({ force: true, v: true });
      await using _again = await createOutsider(project);
      const planned = await plannedChanges(project);
      expect(planned.map(({ verb, cause, fields }) => [verb, cause, fields.map(({ path, after }) => `${path} ${String(after)}`)])).toEqual(
        ['ipc', 'network_mode', 'pid'].map((path) => [
          'replace',
          maker === 'compose' ? 'file' : 'drift',
          [`${path} container:PROJECT-outsider`],
        ]),
      );
      expect(await project.stackctl(['apply', '--yes'])).toMatchObject({ exitCode: 0 });
      await expectEmpty(project);
      expect(await project.stackctl(['down', '--yes'])).toMatchObject({ exitCode: 0 });
    }
  });

  test('plans empty after its import', async () => {
    await using project = await createProject();
    await using _outsider = await createOutsider(project);
    const linked = serviceText('linked', 'links: ["owner:boss", owner]\nexternal_links: [far-away]', ['network_mode']);
    const outer = serviceText('outer', `volumes_from: [owner, "container:${project.name}-outsider"]`);
    await project.write('compose.yaml', stack(owner(1), ...guests, linked, outer));
    expect(await bringUp(maker, project)).toMatchObject({ exitCode: 0 });
    await project.write('imported/keep', '');
    const imported = await project.stackctl(['import', '--project', project.name, '--out', 'imported/compose.yaml']);
    expect(imported).toMatchObject({ exitCode: 0 });
    const file = await readFile(join(project.folder, 'imported/compose.yaml'), 'utf8');
    const plan = await project.stackctl(['plan', '--detailed-exitcode'], { cwd: join(project.folder, 'imported') });
    expect(plan, file).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('No changes.') });
  });
});

test('a link that somebody took away is given again, and one that names an old container is mended', async () => {
  await using project = await createProject();
  await using _beside = await createBeside(project);
  const text = (name: string): string =>
    `${stack(serviceText('web', 'links: ["db:store"]\nnetworks: [default, back]', ['network_mode']), serviceText('db', name, ['network_mode']))}networks: { back: }\n`;
  await project.write('compose.yaml', text(''));
  expect(await project.stackctl(['apply', '--yes'])).toMatchObject({ exitCode: 0 });
  const { web } = await looksOf(project);
  const network = project.docker.getNetwork(`${project.name}_default`);
  await network.disconnect({ Container: web!.Id });
  await network.connect({ Container: web!.Id, EndpointConfig: { Aliases: ['web'] } });
  expect(await change(project, text(''))).toMatchObject([
    { service: 'web', verb: 'update', fields: [{ path: 'networks.PROJECT_default', before: 'without links', cause: 'drift' }] },
  ]);
  expect((await looksOf(project))['web']!.Id).toBe(web!.Id);
  expect(await web!.inside('nslookup', 'store')).toContain('store');
  const renamed = await change(project, text(`container_name: ${project.name}-named`));
  expect(renamed.map(({ service, fields }) => [service, fields.map(({ path }) => path)])).toEqual(
    expect.arrayContaining([['web', expect.arrayContaining(['links']) as unknown]]),
  );
  expect(await (await looksOf(project))['web']!.inside('nslookup', 'store')).toContain('Address');
});

test('what cannot be shared is a problem at its line, before anything is touched', async () => {
  await using project = await createProject();
  await using _outsider = await createOutsider(project);
  const good = stack(serviceText('one', 'environment: { LEVEL: "1" }'), serviceText('two', ''));
  await project.write('compose.yaml', good);
  expect(await project.stackctl(['apply', '--yes'])).toMatchObject({ exitCode: 0 });
  const before = await standing(project);
  const name = `${project.name}-outsider`;
  const problems = {
    [`pid: container:${name}s`]: `there is no container ${name}s`,
    [`volumes_from: [two, "container:${name}s"]`]: `there is no container ${name}s`,
    [`network_mode: container:${project.name}-two-1`]: 'which this stack makes itself',
    'ipc: service:two': 'one cannot share the memory of two, whose ipc is private',
  };
  for (const [yaml, message] of Object.entries(problems)) {
    await project.write('compose.yaml', stack(serviceText('one', `environment: { LEVEL: "2" }\n${yaml}`), serviceText('two', '')));
    const ran = await project.stackctl(['apply', '--yes']);
    expect(ran, yaml).toMatchObject({ exitCode: 1 });
    expect(ran.stdout + ran.stderr).toMatch(/compose\.yaml:\d+:\d+: error: .*\n +\d+ \| +(pid|volumes_from|network_mode|ipc): /);
    expect(ran.stdout + ran.stderr).toContain(message);
  }
  await project.docker.getContainer(name).stop({ t: 0 });
  await project.write('compose.yaml', stack(serviceText('one', `pid: container:${name}`), serviceText('two', '')));
  expect((await project.stackctl(['plan'])).stdout).toContain('which does not run');
  expect(await standing(project)).toEqual(before);
});

test('a failure brings the guests back with their owner', async () => {
  await using project = await createProject();
  await project.write('compose.yaml', stack(owner(1), ...guests));
  expect(await project.stackctl(['apply', '--yes'])).toMatchObject({ exitCode: 0 });
  const ids = async () =>
    Object.fromEntries(Object.entries(await looksOf(project)).map(([service, { Id, State }]) => [service, [Id, State.Status]]));
  const before = await ids();
  const broken = serviceText(
    'volumes',
    'volumes_from: ["owner:ro"]\ncommand: [sh, -c, "exit 3"]\nrestart: "no"\nports: ["127.0.0.1::80"]',
    ['network_mode'],
  );
  await project.write('compose.yaml', stack(owner(2), ...guests.slice(0, 3), broken));
  expect(await project.stackctl(['apply', '--yes'])).toMatchObject({ exitCode: 3 });
  expect(await ids()).toEqual(before);
  for (const service of Object.keys(paths)) expect((await looksOf(project))[service]!.State.Status).toBe('running');
});

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
  const applied = await project.stackctl(['apply', '--yes']);
  expect(applied, applied.stderr).toMatchObject({ exitCode: 0 });
  await expectEmpty(project);
  return planned;
}
