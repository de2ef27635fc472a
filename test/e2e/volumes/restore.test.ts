import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRig, type Rig } from '../bad-days/rig.ts';
import { service, stack } from '../bad-days/stacks.ts';
import { rawTar, type RawEntry } from '../../kit/tar-texts.ts';

const helper = { env: { STACKCTL_HELPER_IMAGE: 'stackctl/helper:1' } };

/** A service that is only well with "good" in its volume, and one that has nothing to do with it. */
const text = (volume = '{}'): string =>
  stack(
    service(
      'db',
      `command: [sh, -c, 'trap "exit 0" TERM; [ -e /data/line ] || echo good old > /data/line; sleep 99999 & wait']`,
      'volumes: ["data:/data"]',
      'healthcheck: { test: [CMD, grep, -q, good, /data/line], interval: 1s, retries: 2 }',
    ),
    service('web'),
  ) + `volumes: { data: ${volume} }\n`;

const ids = async ({ project }: Rig): Promise<string[]> =>
  Object.values(await project.containers())
    .map(({ Id, State }) => `${Id} ${State.Status}`)
    .sort();
const volumes = async ({ project }: Rig): Promise<string[]> =>
  (await project.docker.listVolumes({ filters: { label: [`com.docker.compose.project=${project.name}`] } })).Volumes.map(({ Name }) =>
    Name.replace(`${project.name}_`, ''),
  ).sort();
async function lineIn({ project }: Rig, volume = `${project.name}_data`): Promise<string> {
  const container = await project.docker.createContainer({
    Image: 'stackctl/busybox:1',
    Cmd: ['cat', '/data/line'],
    Tty: true,
    HostConfig: { Binds: [`${volume}:/data:ro`] },
  });
  await container.start();
  await container.wait();
  const said = String(await container.logs({ stdout: true }));
  await container.remove();
  return said.trim();
}
async function archive({ project }: Rig, line: string, ...more: readonly RawEntry[]): Promise<string> {
  const path = join(project.folder, 'in.tar');
  const entries = [{ name: './', flag: '5', mode: 0o755 }, { name: './line', content: Buffer.from(`${line}\n`) }, ...more];
  await writeFile(path, rawTar(entries));
  return path;
}

test('other content comes into a volume while its services stand still, and into nobody else', async () => {
  await using rig = await createRig();
  await rig.up(text());
  const before = await ids(rig);
  const file = await archive(rig, 'good new');
  const asked = await rig.stackctl(`volume restore data --from-file ${file}`, helper);
  expect(asked).toMatchObject({ exitCode: 1 });
  expect(asked.stdout).toContain(`file ${file}`);
  expect(await lineIn(rig)).toBe('good old');

  const ran = await rig.stackctl(`volume restore data --yes --from-file ${file}`, helper);
  expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
  expect(await lineIn(rig)).toBe('good new');
  expect(await ids(rig)).toEqual(before);
  expect(await volumes(rig)).toEqual(['data']);
  expect(await rig.stackctl('plan --detailed-exitcode', helper)).toMatchObject({ exitCode: 0 });
});

test('when a service does not come up with it, all is as it was', async () => {
  await using rig = await createRig();
  await rig.up(text());
  const before = await ids(rig);
  const ran = await rig.stackctl(`volume restore data --yes --from-file ${await archive(rig, 'bad')}`, helper);
  expect(ran, ran.stderr).toMatchObject({ exitCode: 3 });
  expect(await lineIn(rig)).toBe('good old');
  expect(await ids(rig)).toEqual(before);
  expect(await volumes(rig)).toEqual(['data']);
});

test('into a new volume nothing else is touched; what is not the stack’s is not restored in its place', async () => {
  await using rig = await createRig();
  await rig.up(text());
  const before = await rig.look();
  const file = await archive(rig, 'anything');
  const copy = `${rig.project.name}_copy`;
  expect(await rig.stackctl(`volume restore --yes --to ${copy} --from-file ${file}`, helper)).toMatchObject({ exitCode: 0 });
  expect(await lineIn(rig, copy)).toBe('anything');
  expect((await rig.look()).containers).toEqual(before.containers);
  expect(await rig.stackctl(`volume restore --yes --to ${copy} --from-file ${file}`, helper)).toMatchObject({ exitCode: 1 });
  for (const words of [
    `volume restore other --yes --from-file ${file}`,
    `volume restore --yes --from-file ${file}`,
    'volume restore data --yes',
  ])
    expect(await rig.stackctl(words, helper), words).toMatchObject({ exitCode: 1 });
  await rig.write(text(`{ external: true, name: ${rig.project.name}_data }`));
  const refused = await rig.stackctl(`volume restore data --yes --from-file ${file}`, helper);
  expect(refused.stderr).toMatch(/is external[^]*--to/);
  expect(await lineIn(rig)).toBe('good old');
});

test('an archive that must not be restored is refused while everything still runs', async () => {
  await using rig = await createRig();
  await rig.up(text());
  const before = await rig.look();
  const file = await archive(rig, 'good', { name: '../out', content: Buffer.from('bad') });
  const ran = await rig.stackctl(`volume restore data --yes --from-file ${file}`, helper);
  expect(ran).toMatchObject({ exitCode: 1 });
  expect(ran.stderr).toMatch(/"\.\.\/out" is not restored: its name leads out of the volume[^]*nothing was touched/);
  const missing = await rig.stackctl('volume restore data --yes --from-file missing.tar', helper);
  expect(missing).toMatchObject({ exitCode: 1 });
  const path = join(rig.project.folder, 'missing.tar');
  expect(missing.stderr).toContain(
    `error: there is no file ${path}\n  hint: name a tar, plain or packed with gzip or zstd: --from-file FILE\n`,
  );
  expect(await rig.look()).toEqual(before);
  expect(await volumes(rig)).toEqual(['data']);
});

test('a backup comes back by its ID as it was taken, and another one of the same volume does not', async () => {
  await using rig = await createRig();
  await rig.up(text());
  expect(await rig.stackctl('volume backup data --yes', helper)).toMatchObject({ exitCode: 0 });
  await rig.stackctl(`volume restore data --yes --from-file ${await archive(rig, 'good new')}`, helper);
  expect(await rig.stackctl('volume backup data --yes', helper)).toMatchObject({ exitCode: 0 });
  const { backups } = JSON.parse((await rig.stackctl('volume list --json', helper)).stdout) as {
    backups: { id: string; taken_at: string }[];
  };
  const [oldest, newest] = backups.toSorted((one, other) => (one.taken_at < other.taken_at ? -1 : 1));
  for (const [backup, line] of [
    [oldest!, 'good old'],
    [newest!, 'good new'],
  ] as const) {
    const ran = await rig.stackctl(`volume restore ${backup.id} --yes`, helper);
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    expect(await lineIn(rig)).toBe(line);
    expect(await volumes(rig)).toEqual(['data']);
  }
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
});
