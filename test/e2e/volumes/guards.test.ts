import { expect, test } from 'vitest';
import { createRig, type Rig } from '../bad-days/rig.ts';
import { service, stack } from '../bad-days/stacks.ts';

const helper = { env: { STACKCTL_HELPER_IMAGE: 'stackctl/helper:1' } };

/** One service that keeps a line in its volume, and one that has nothing to do with it. */
const text = (volume: string, ...more: readonly string[]): string =>
  stack(
    service(
      'db',
      `command: [sh, -c, 'trap "exit 0" TERM; [ -e /data/line ] || echo first > /data/line; sleep 99999 & wait']`,
      'volumes: ["data:/data"]',
      ...more,
    ),
    service('web'),
  ) + `volumes: { data: ${volume} }\n`;

const volumeOf = ({ project }: Rig) => project.docker.getVolume(`${project.name}_data`).inspect();
const lineOf = async ({ project }: Rig): Promise<string> => {
  const exec = await project.docker
    .getContainer(`${project.name}-db-1`)
    .exec({ Cmd: ['cat', '/data/line'], AttachStdout: true, Tty: true });
  const stream = await exec.start({ hijack: true, stdin: false });
  let said = '';
  for await (const chunk of stream) said += String(chunk);
  return said.slice(8).trim(); // behind the frame's header
};
const write = async ({ project }: Rig, line: string): Promise<void> => {
  const exec = await project.docker
    .getContainer(`${project.name}-db-1`)
    .exec({ Cmd: ['sh', '-c', `echo ${line} > /data/line`], AttachStdout: true, Tty: true });
  for await (const _chunk of await exec.start({ hijack: true, stdin: false }));
};

const small = '{ driver_opts: { type: tmpfs, device: tmpfs } }';

test('a volume with other options is made anew only when it is named, and then holds nothing', async () => {
  await using rig = await createRig();
  await rig.up(text('{}'));
  const refused = await rig.stackctl('apply --yes');
  expect(refused.exitCode).toBe(0);
  await rig.write(text(small));
  const ran = await rig.stackctl('apply --yes', helper);
  expect(ran.exitCode).toBe(1);
  expect(ran.stdout + ran.stderr).toMatch(
    /compose\.yaml:\d+:\d+[^]*driver option device, driver option type[^]*--allow-destroy volume\/data/,
  );
  const web = await rig.project.docker.getContainer(`${rig.project.name}-web-1`).inspect();

  const done = await rig.stackctl('apply --yes --allow-destroy volume/data', helper);
  expect(done, done.stderr).toMatchObject({ exitCode: 0 });
  expect((await volumeOf(rig)).Options).toEqual({ type: 'tmpfs', device: 'tmpfs' });
  expect((await rig.project.docker.getContainer(`${rig.project.name}-web-1`).inspect()).Id).toBe(web.Id);
  expect((await rig.project.docker.listVolumes()).Volumes.map(({ Name }) => Name).filter((name) => name.includes('.before'))).toEqual([]);
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
});

test('when the new one does not come up, what was in the volume is in it again', async () => {
  await using rig = await createRig();
  await rig.up(text('{}'));
  await write(rig, 'precious');
  await rig.write(text(small, 'environment: { VERSION: "2" }', 'healthcheck: { test: [CMD, "false"], interval: 1s, retries: 1 }'));
  const ran = await rig.stackctl('apply --yes --allow-destroy volume/data', helper);
  expect(ran.exitCode).toBe(4);
  expect((await volumeOf(rig)).Options ?? {}).toEqual({});
  await rig.up(text('{}'));
  expect(await lineOf(rig)).toBe('precious');
});

test('what the file forbids, no flag allows', async () => {
  await using rig = await createRig();
  await rig.up(text('{ x-stack: { prevent_destroy: true } }'));
  const before = await volumeOf(rig);
  await rig.write(text('{ x-stack: { prevent_destroy: true }, driver_opts: { type: tmpfs, device: tmpfs } }'));
  for (const words of ['apply --yes --allow-destroy volume/data', 'down --volumes --yes --allow-destroy volume/data']) {
    const ran = await rig.stackctl(words, helper);
    expect([words, ran.exitCode]).toEqual([words, 1]);
    expect(ran.stdout + ran.stderr).toMatch(/compose\.yaml:\d+:\d+[^]*prevent_destroy/);
  }
  expect(await volumeOf(rig)).toEqual(before);
});

test('down keeps volumes and says so; with --volumes each has to be named', async () => {
  await using rig = await createRig();
  await rig.up(text('{}'));
  const name = `${rig.project.name}_data`;
  const refused = await rig.stackctl('down --volumes --yes');
  expect(refused).toMatchObject({ exitCode: 1 });
  expect(refused.stdout).toMatch(/all that is in it \(\d+ B\) is gone for good/);
  expect(refused.stderr).toContain('--allow-destroy volume/data');
  expect(await rig.stackctl('down --volumes')).toMatchObject({ exitCode: 1 });
  expect(await lineOf(rig)).toBe('first');

  const kept = await rig.stackctl('down --yes');
  expect(kept).toMatchObject({ exitCode: 0 });
  expect(kept.stderr).toContain(`Volumes stay, with all that is in them: ${name}.`);
  expect((await volumeOf(rig)).Name).toBe(name);

  expect(await rig.stackctl('down --volumes --yes --allow-destroy volume/data')).toMatchObject({ exitCode: 0 });
  await expect(volumeOf(rig)).rejects.toMatchObject({ statusCode: 404 });
});

test('data in a volume without a name is not left behind', async () => {
  await using rig = await createRig();
  await rig.up(stack(service('db', 'volumes: ["/data"]')));
  await write(rig, 'precious');
  await rig.write(text('{}'));
  const ran = await rig.stackctl('apply --yes');
  expect(ran.exitCode).toBe(1);
  const [hidden = ''] = /volume [0-9a-f]{64}/.exec(ran.stdout + ran.stderr) ?? [];
  expect(hidden).not.toBe('');
  expect(await lineOf(rig)).toBe('precious');
  expect(await rig.stackctl(`apply --yes --allow-destroy volume/${hidden.slice(7, 19)}`)).toMatchObject({ exitCode: 0 });
  expect((await rig.project.docker.getVolume(hidden.slice(7)).inspect()).Name).toBe(hidden.slice(7));
  await rig.stackctl('down --yes');
  await rig.project.docker.getVolume(hidden.slice(7)).remove();
});
