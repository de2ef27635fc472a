import { expect, test } from 'vitest';
import { createProject } from '../../kit/project.ts';
import { serviceText } from '../fields/field-row.ts';
import { bringUp, compose, looksOf, standing } from '../fields/story.ts';

const stack = (...services: readonly string[]): string =>
  `services:\n${services.join('')}volumes: { data: }\nconfigs: { told: { content: told } }\nsecrets: { hidden: { environment: HIDDEN } }\n`;
const env = { HIDDEN: 'hush' };
const text = stack(
  serviceText('db', 'healthcheck: { test: exit 0, interval: 1s }\nvolumes: ["data:/data"]\nx-stack: {}', ['network_mode']),
  serviceText(
    'web',
    'ports: ["127.0.0.1:22101:80"]\nconfigs: [told]\nsecrets: [hidden]\ndepends_on: { db: { condition: service_healthy } }',
    ['network_mode'],
  ),
  serviceText('many', 'deploy: { replicas: 2 }'),
);

test('docker-compose ps, logs, restart and down work on a stack that stackctl made', async () => {
  await using project = await createProject();
  await project.write('compose.yaml', text);
  expect(await bringUp('stackctl', project, { env })).toMatchObject({ exitCode: 0 });
  const ps = await compose(project, ['ps', '--format', 'json'], env);
  const rows = ps.stdout.split('\n').map((line) => JSON.parse(line) as { Name: string; Service: string; State: string });
  expect(rows.map(({ Service, State }) => `${Service} ${State}`).sort()).toEqual([
    'db running',
    'many running',
    'many running',
    'web running',
  ]);
  expect(await compose(project, ['logs'], env)).toMatchObject({ exitCode: 0 });
  expect(await compose(project, ['restart', 'many'], env)).toMatchObject({ exitCode: 0 });
  expect(await project.stackctl(['plan', '--detailed-exitcode'], { env })).toMatchObject({ exitCode: 0 });
  expect(await compose(project, ['down', '--volumes'], env)).toMatchObject({ exitCode: 0 });
  const filters = { label: [`com.docker.compose.project=${project.name}`] };
  const { Volumes } = await project.docker.listVolumes({ filters });
  expect([await project.containers(), await project.docker.listNetworks({ filters }), Volumes]).toEqual([{}, [], []]);
});

test('a stack that Compose made is adopted as it is, and goes back and forth', async () => {
  await using project = await createProject();
  await project.write('compose.yaml', text);
  expect(await bringUp('compose', project, { env })).toMatchObject({ exitCode: 0 });
  const before = await standing(project);
  expect(await project.stackctl(['plan', '--detailed-exitcode'], { env })).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('No changes.'),
  });
  expect(await project.stackctl(['apply', '--yes'], { env })).toMatchObject({ exitCode: 0 });
  expect(await standing(project)).toEqual(before);
  await project.write('compose.yaml', text.replace('/data"', '/data:ro"'));
  expect(await project.stackctl(['apply', '--yes'], { env })).toMatchObject({ exitCode: 0 });
  const { db, web } = await looksOf(project);
  expect([db!.Mounts[0]?.RW, web!.State.Running]).toEqual([false, true]);
  // Compose may make anew what stackctl made; stackctl then finds it as declared
  expect(await bringUp('compose', project, { env })).toMatchObject({ exitCode: 0 });
  expect(await project.stackctl(['plan', '--detailed-exitcode'], { env })).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('No changes.'),
  });
  expect(await project.stackctl(['down', '--yes'], { env })).toMatchObject({ exitCode: 0 });
  expect(await project.containers()).toEqual({});
});
