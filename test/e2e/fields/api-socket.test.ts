import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProject, type Project } from '../../kit/project.ts';
import { serviceText } from './field-row.ts';
import { looksOf, plannedChanges } from './story.ts';

const text = (...lines: readonly string[]): string => `services:\n${serviceText('web', lines.join('\n'))}`;

const logIn = (project: Project, password: string): Promise<void> => {
  const auth = Buffer.from(`me:${password}`).toString('base64');
  return project.write('docker/config.json', JSON.stringify({ currentContext: 'default', auths: { 'reg.example.com': { auth } } }));
};

async function keptBy({ folder }: Project): Promise<string> {
  const files = await readdir(join(folder, '.state'), { recursive: true, withFileTypes: true });
  return (await Promise.all(files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'utf8')))).join(
    '\n',
  );
}

test('use_api_socket hands over the socket and the logins, sealed, and new logins are no change', async ({ skip }) => {
  await using project = await createProject();
  // Docker 28.5 cannot put a file into a container with a mount below a link such as busybox's /var/run ("path escapes from parent")
  const { ApiVersion } = await project.docker.version();
  skip(Number(ApiVersion.split('.')[1]) > 44, 'this engine puts no files into such a container');
  const env = { DOCKER_CONFIG: join(project.folder, 'docker') };
  const quiet = async (): Promise<void> => {
    const { exitCode, stdout, stderr } = await project.stackctl(['plan', '--detailed-exitcode'], { env });
    expect(exitCode, `${stdout}${stderr}`).toBe(0);
  };
  await logIn(project, 'letmein');
  await project.write('compose.yaml', text('use_api_socket: true'));
  const said = [await project.stackctl(['plan', '--json'], { env }), await project.stackctl(['apply', '--yes'], { env })];
  expect(said.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  await quiet();
  const { web } = await looksOf(project);
  expect(await web!.inside('sh', '-c', 'test -S /var/run/docker.sock && echo a socket')).toBe('a socket');
  const config: unknown = JSON.parse(await web!.inside('sh', '-c', 'cat $DOCKER_CONFIG/config.json'));
  const auth = Buffer.from('me:letmein').toString('base64');
  expect(config).toEqual({ auths: { 'reg.example.com': { auth } } });
  expect(`${JSON.stringify(said)}${JSON.stringify(web)}${await keptBy(project)}`).not.toContain(auth);

  await logIn(project, 'another');
  await quiet();

  await project.write('compose.yaml', text('use_api_socket: true\nenvironment: { DOCKER_CONFIG: /mine }'));
  const paths = async (): Promise<string[]> => (await plannedChanges(project, env)).flatMap(({ fields }) => fields.map(({ path }) => path));
  expect(await paths()).toEqual(['environment.DOCKER_CONFIG', 'secrets and configs']);

  await project.write('compose.yaml', text());
  expect(await paths()).toEqual(['environment.DOCKER_CONFIG', 'volumes./var/run/docker.sock', 'secrets and configs']);
  expect(await project.stackctl(['apply', '--yes'], { env })).toMatchObject({ exitCode: 0 });
  await quiet();
  expect(
    await (await looksOf(project))['web']!.inside('sh', '-c', 'ls /var/run/docker.sock $DOCKER_CONFIG/run/secrets/docker'),
  ).not.toContain('config.json');
});
