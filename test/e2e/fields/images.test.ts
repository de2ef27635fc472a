import { expect, test } from 'vitest';
import { createProject, type Project } from '../../kit/project.ts';
import { startRegistry } from '../../kit/registry.ts';
import { serviceText } from './field-row.ts';
import { looksOf, plannedChanges } from './story.ts';

const native = process.arch === 'x64' ? 'amd64' : process.arch;
const foreign = native === 'amd64' ? 'arm64' : 'amd64';
const stack = (...services: readonly string[]): string => `services:\n${services.join('')}`;

/** A project, and the images of a registry that go with it. */
async function createPulling() {
  const project = await createProject();
  const registry = await startRegistry(project.docker);
  return {
    project,
    registry,
    async [Symbol.asyncDispose]() {
      await project[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
      const images = await project.docker.listImages();
      const names = images.flatMap(({ RepoTags, RepoDigests }) => [...(RepoTags ?? []), ...(RepoDigests ?? [])]);
      for (const name of names.filter((each) => each.startsWith(`${registry.host}/`)))
        await project.docker
          .getImage(name)
          .remove({ force: true })
          .catch(() => undefined); // its digest goes with its last tag
    },
  };
}

async function steps(project: Project): Promise<string[]> {
  const { stdout } = await project.stackctl(['plan', '--json']);
  return (JSON.parse(stdout) as { readonly steps: readonly { readonly label: string }[] }).steps.map(({ label }) => label);
}

async function applied(project: Project, text: string): Promise<void> {
  await project.write('compose.yaml', text);
  const ran = await project.stackctl(['apply', '--yes']);
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ exitCode: 0 });
  expect(await project.stackctl(['plan', '--detailed-exitcode'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('No changes.'),
  });
}

test('platform: pulled for the one that is asked for, also where the local image is for another', async () => {
  await using pulling = await createPulling();
  const { project, registry } = pulling;
  registry.put('app:1', { [`linux/${native}`]: { env: ['FOR=native'] }, [`linux/${foreign}`]: { env: ['FOR=foreign'] } });
  const image = `${registry.host}/app:1`;
  const web = (yaml: string): string => stack(serviceText('web', `image: ${image}\n${yaml}`));
  const made = async () => {
    const { inside, Image } = (await looksOf(project))['web']!;
    return [await inside('sh', '-c', 'echo $FOR'), (await project.docker.getImage(Image).inspect()).Architecture];
  };

  await applied(project, web(''));
  expect(await made()).toEqual(['native', native]);
  await project.write('compose.yaml', web(`platform: linux/${foreign}`));
  expect(await plannedChanges(project)).toMatchObject([
    { verb: 'replace', fields: expect.arrayContaining([expect.objectContaining({ path: 'platform' })]) },
  ]);
  expect(await steps(project)).toContain(`pull image ${image} for linux/${foreign}`);
  await applied(project, web(`platform: linux/${foreign}`));
  expect(await made()).toEqual(['foreign', foreign]);
  // The tag means that image now, and nobody asks for another
  await applied(project, web(''));
  expect(await made()).toEqual(['foreign', foreign]);
  await project.write('compose.yaml', web(`platform: linux/${native}\npull_policy: never`));
  const refused = await project.stackctl(['apply', '--yes']);
  expect(refused).toMatchObject({ exitCode: 1 });
  expect(refused.stdout + refused.stderr).toMatch(/compose\.yaml:\d+:\d+: error: image .* is here for linux\/\w+, not for linux\/\w+/);
});

test('platform: an image that the registry has for another one only fails before anything is touched', async () => {
  await using pulling = await createPulling();
  const { project, registry } = pulling;
  registry.put('only:1', { env: [] });
  const text = stack(serviceText('web', `image: ${registry.host}/only:1\nplatform: linux/${foreign}`));
  await project.write('compose.yaml', text);
  const failed = await project.stackctl(['apply', '--yes']);
  expect(failed).toMatchObject({ exitCode: 1 });
  expect(failed.stdout + failed.stderr).toMatch(/(not for linux\/|does not match the specified platform|no matching manifest)/);
  expect(await project.containers()).toEqual({});
});

test('image mounts: pulled first, pinned, and told when the name means another image', async () => {
  await using pulling = await createPulling();
  const { project, registry } = pulling;
  registry.put('tools:1', { env: ['ONE=1'] });
  const tools = `${registry.host}/tools:1`;
  const web = (yaml = ''): string => stack(serviceText('web', `volumes: [{ type: image, source: "${tools}", target: /tools }]\n${yaml}`));
  const part = stack(serviceText('web', `volumes: [{ type: image, source: "${tools}", target: /tools, image: { subpath: bin } }]`));
  await project.write('compose.yaml', web());
  const { ApiVersion } = await project.docker.version();
  if (Number(ApiVersion.split('.')[1]) < 48) {
    const refused = await project.stackctl(['apply', '--yes']);
    expect(refused).toMatchObject({ exitCode: 1 });
    expect(refused.stdout + refused.stderr).toMatch(
      /compose\.yaml:8:\d+: error: image of the mount at \/tools of web has no effect[^]*volumes:/,
    );
    expect(registry.asked).toEqual([]);
    return;
  }
  await project.write('compose.yaml', web('pull_policy: never'));
  const refused = await project.stackctl(['apply', '--yes']);
  expect(refused).toMatchObject({ exitCode: 1 });
  expect(refused.stdout + refused.stderr).toMatch(/compose\.yaml:\d+:\d+: error: image .*tools:1 is not here/);
  await project.write('compose.yaml', web());
  expect(await steps(project)).toContain(`pull image ${tools}`);
  await applied(project, web());
  const before = (await looksOf(project))['web']!;
  expect(await before.inside('ls', '/tools/bin/busybox')).toBe('/tools/bin/busybox');
  // A part of it
  await applied(project, part);
  expect(await (await looksOf(project))['web']!.inside('ls', '/tools/busybox')).toBe('/tools/busybox');
  // The name means another image now
  registry.put('tools:1', { env: ['ONE=2'] });
  expect(await project.stackctl(['plan', '--pull'])).toMatchObject({ stdout: expect.stringContaining('(known after pull)') });
  const stream = await project.docker.pull(tools);
  await new Promise((done, failed) => project.docker.modem.followProgress(stream, (error) => (error ? failed(error) : done(undefined))));
  expect(await plannedChanges(project)).toMatchObject([
    { verb: 'replace', cause: 'image', fields: [{ path: 'volumes./tools', cause: 'image', forces_replacement: true }] },
  ]);
  await applied(project, part);
  await applied(project, stack(serviceText('web', '')));
});
