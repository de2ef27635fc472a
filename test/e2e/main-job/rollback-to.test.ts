import type Docker from 'dockerode';
import { expect, test } from 'vitest';
import { createRig, type Rig } from '../bad-days/rig.ts';
import { containing, matching } from '../bad-days/matching.ts';
import { healthy, idle } from '../bad-days/stacks.ts';

/** A stack of one service, `lines` more, from an image of its own whose tag can be moved. */
const text = (rig: Rig, version: string, ...lines: readonly string[]): string =>
  [
    'services:',
    '  web:',
    `    image: ${rig.project.name}:1`,
    `    ${idle}`,
    ...(lines.some((line) => line.startsWith('healthcheck')) ? [] : [`    ${healthy}`]),
    `    environment: { V: "${version}", DB_PASSWORD: "\${PASSWORD:-first-one}" }`,
    '    volumes: ["data:/data"]',
    ...lines.map((line) => `    ${line}`),
    'volumes: { data: {} }',
    '',
  ].join('\n');

const failing = 'healthcheck: { test: [CMD, "false"], interval: 100ms, retries: 1 }';

/** Another image under the tag of the stack; its id. */
async function moveTag({ project: { docker, name } }: Rig, mark: string): Promise<string> {
  const container = await docker.createContainer({ Image: 'stackctl/busybox:1', Cmd: ['true'], Labels: { mark } });
  const { Id } = (await container.commit({ repo: name, tag: '1' })) as { readonly Id: string };
  await container.remove();
  return Id;
}

async function withImages(work: (rig: Rig, first: string) => Promise<void>): Promise<void> {
  await using rig = await createRig();
  const made: string[] = [await moveTag(rig, 'first')];
  try {
    await work(rig, made[0] ?? '');
  } finally {
    const { docker, name } = rig.project;
    const own = await docker.listContainers({ all: true, filters: { label: [`com.docker.compose.project=${name}`] } });
    await Promise.all(own.map(({ Id }) => docker.getContainer(Id).remove({ force: true })));
    for (const id of [...made, `${name}:1`])
      await docker
        .getImage(id)
        .remove({ force: true })
        .catch(() => undefined);
  }
}

const web = async ({ project }: Rig): Promise<Docker.ContainerInspectInfo> => {
  const container = (await project.containers())[`${project.name}-web-1`];
  if (!container) throw new Error('web is not there');
  return container;
};

const environmentOf = ({ Config }: Docker.ContainerInspectInfo): string =>
  Config.Env.filter((line) => /^(V=|DB)/.test(line))
    .sort()
    .join(' ');

test('goes back to the image and the settings of then, though the tag has moved; the file then says otherwise', () =>
  withImages(async (rig, first) => {
    await rig.up(text(rig, '1'));
    const second = await moveTag(rig, 'second');
    await rig.up(text(rig, '2'));
    expect((await web(rig)).Image).toBe(second);

    const back = await rig.stackctl('rollback --yes');
    expect(back).toMatchObject({
      exitCode: 0,
      stdout: matching(/run 1 had it otherwise[^]*what was written into volumes since stays as it is/),
    });
    expect(back.stderr).toMatch(/Back at run 1[^]*volumes since stays[^]*next apply changes that again/);
    const now = await web(rig);
    expect([now.Image, environmentOf(now)]).toEqual([first, 'DB_PASSWORD=first-one V=1']);
    expect(now.Config.Labels['io.stackctl.image']).toBe(`${rig.project.name}:1`);

    expect(await rig.stackctl('rollback --yes 1')).toMatchObject({ exitCode: 0, stderr: containing('is as run 1 wanted it') });
    const history = await rig.stackctl('history');
    expect(history.stdout).toMatch(/^3 .* rollback +applied/m);
    expect(history.stdout).not.toMatch(/^4 /m);
    expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 2, stdout: matching(/environment\.V/) });

    expect(await rig.stackctl('rollback --yes 2')).toMatchObject({ exitCode: 0 });
    expect((await web(rig)).Image).toBe(second);
    expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
  }));

test('stops at a sensitive value that is not what it was, before anything is touched', () =>
  withImages(async (rig) => {
    await rig.up(text(rig, '1'));
    await rig.project.write('.env', 'PASSWORD=second-one\n');
    await rig.up(text(rig, '2'));
    const before = await web(rig);
    const refused = await rig.stackctl('rollback --yes');
    expect(refused).toMatchObject({
      exitCode: 1,
      stderr: containing('environment.DB_PASSWORD of service web is not what it was in run 1'),
    });
    expect(refused.stdout + refused.stderr).not.toMatch(/first-one|second-one/);
    expect((await web(rig)).Id).toBe(before.Id);
    await rig.project.write('.env', 'PASSWORD=first-one\n');
    expect(await rig.stackctl('rollback --yes')).toMatchObject({ exitCode: 0 });
    expect(environmentOf(await web(rig))).toBe('DB_PASSWORD=first-one V=1');
  }));

test('after a down it brings back what was applied last, with its data', () =>
  withImages(async (rig) => {
    await rig.up(text(rig, '1'));
    await rig.up(text(rig, '2'));
    const volume = await rig.project.docker.getVolume(`${rig.project.name}_data`).inspect();
    expect(await rig.stackctl('down --yes')).toMatchObject({ exitCode: 0 });
    expect(await rig.stackctl('rollback --yes')).toMatchObject({ exitCode: 0 });
    expect(environmentOf(await web(rig))).toMatch(/V=2/);
    expect(await rig.project.docker.getVolume(`${rig.project.name}_data`).inspect()).toEqual(volume);
  }));

test('a run that failed is nothing to go back to; the Problem says what is', () =>
  withImages(async (rig) => {
    await rig.up(text(rig, '1'));
    await rig.write(text(rig, '2', failing));
    expect(await rig.stackctl('apply --yes')).toMatchObject({ exitCode: 3 });
    expect(await rig.stackctl('rollback --yes 2')).toMatchObject({
      exitCode: 1,
      stderr: matching(/run 2 is nothing to go back to: it was rolled back[^]*these can be gone back to: 1/),
    });
    expect(await rig.stackctl('rollback --yes')).toMatchObject({ exitCode: 1, stderr: containing('no earlier revision') });
  }));

test('an image that is gone and that no registry has is a problem, and nothing is touched', () =>
  withImages(async (rig, first) => {
    await rig.up(text(rig, '1'));
    await moveTag(rig, 'second');
    await rig.up(text(rig, '2'));
    await rig.project.docker.getImage(first).remove({ force: true });
    const before = await web(rig);
    expect(await rig.stackctl('rollback --yes')).toMatchObject({
      exitCode: 1,
      stderr: matching(/the image \S+:1 of run 1 is not here any more \(it was sha256:\w+\), and it was built or loaded here/),
    });
    expect((await web(rig)).Id).toBe(before.Id);
  }));
