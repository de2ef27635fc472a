import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { expect, test } from 'vitest';
import { createRig, type Rig } from '../bad-days/rig.ts';
import { containing, matching } from '../bad-days/matching.ts';
import { idle } from '../bad-days/stacks.ts';
import { startRegistry } from '../../kit/registry.ts';

/** A registry with an image of its own, whose tag can be moved there. */
interface Place {
  readonly rig: Rig;
  readonly reference: string;
  /** Gives the tag another image, which its containers can be told by; its digest. */
  put(mark: string): Promise<string>;
  /** Takes the image of that digest off the engine. */
  forget(digest: string): Promise<void>;
}

async function withPlace(work: (place: Place) => Promise<void>): Promise<void> {
  await using rig = await createRig();
  const { docker, name } = rig.project;
  await using registry = await startRegistry(docker);
  const repository = `${registry.host}/${name}`;
  const digests: string[] = [];
  const remove = async (digest: string): Promise<void> => {
    for (const image of [`${repository}:1`, `${repository}@${digest}`])
      await docker
        .getImage(image)
        .remove({ force: true })
        .catch(() => undefined); // one goes with the other
  };
  try {
    await work({
      rig,
      reference: `${repository}:1`,
      forget: remove,
      async put(mark) {
        registry.put(`${name}:1`, { env: [`MARK=${mark}`] });
        const { Descriptor } = (await docker.getImage(`${repository}:1`).distribution()) as {
          readonly Descriptor: { readonly digest: string };
        };
        digests.push(Descriptor.digest);
        return Descriptor.digest;
      },
    });
  } finally {
    await rig.project.stackctl(['down', '--yes']);
    for (const digest of digests) await remove(digest);
  }
}

const text = (reference: string, ...lines: readonly string[]): string =>
  ['services:', '  web:', `    image: ${reference}`, `    ${idle}`, ...lines.map((line) => `    ${line}`), ''].join('\n');

const web = async ({ project }: Rig): Promise<Docker.ContainerInspectInfo | undefined> =>
  (await project.containers())[`${project.name}-web-1`];

const markOf = async (rig: Rig): Promise<string | undefined> => (await web(rig))?.Config.Env.find((line) => line.startsWith('MARK='));

test('a tag that moves after the lock changes nothing but a line of the plan, until the lock takes it over', () =>
  withPlace(async ({ rig, reference, put }) => {
    const first = await put('first');
    await rig.write(text(reference));
    expect(await rig.stackctl('lock --check')).toMatchObject({ exitCode: 2, stdout: containing('stack.lock.yaml would change') });
    expect(await rig.stackctl('lock')).toMatchObject({ exitCode: 0, stdout: containing(`+ ${reference} = ${first}`) });
    const file = join(rig.project.folder, 'stack.lock.yaml');
    expect([((await stat(file)).mode & 0o777).toString(8), await readFile(file, 'utf8')]).toEqual(['644', containing(first)]);
    expect(await rig.stackctl('lock --check')).toMatchObject({ exitCode: 0 });

    const second = await put('second');
    expect(await rig.stackctl('apply --yes')).toMatchObject({ exitCode: 0 });
    expect(await markOf(rig)).toBe('MARK=first');
    expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
    const asked = await rig.stackctl('plan --detailed-exitcode --pull');
    expect(asked).toMatchObject({ exitCode: 0 });
    expect(asked.stdout + asked.stderr).toContain(`${reference} now means ${second}; stack.lock.yaml holds ${first}`);

    expect(await rig.stackctl('lock --check')).toMatchObject({ exitCode: 2 });
    expect(await rig.stackctl('lock')).toMatchObject({ exitCode: 0, stdout: containing(`${first} → ${second}`) });
    expect(await rig.stackctl('apply --yes --frozen')).toMatchObject({ exitCode: 0 });
    expect(await markOf(rig)).toBe('MARK=second');
    expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
  }));

test('an image that is not here is pulled by its digest, and known by what the file calls it; a rollback pulls it again', () =>
  withPlace(async ({ rig, reference, put, forget }) => {
    const first = await put('first');
    await rig.write(text(reference));
    expect(await rig.stackctl('lock')).toMatchObject({ exitCode: 0 });
    await put('second');
    expect(await rig.stackctl('apply --yes')).toMatchObject({ exitCode: 0, stdout: containing(`${reference}@${first}`) });
    expect([await markOf(rig), (await web(rig))?.Config.Labels['io.stackctl.image']]).toEqual(['MARK=first', reference]);
    expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
    expect((await rig.stackctl('history show 1')).stdout).toContain(first);

    expect(await rig.stackctl('down --yes')).toMatchObject({ exitCode: 0 });
    await forget(first);
    expect(await rig.stackctl('rollback --yes')).toMatchObject({ exitCode: 0 });
    expect(await markOf(rig)).toBe('MARK=first');
  }));

test('--frozen refuses without a lock file, and an image that it does not have; nothing is touched', () =>
  withPlace(async ({ rig, reference, put }) => {
    await put('first');
    await rig.write(text(reference));
    for (const words of ['plan --frozen', 'apply --yes --frozen', 'up --yes --frozen'])
      expect(await rig.stackctl(words)).toMatchObject({ exitCode: 1, stderr: containing('there is no stack.lock.yaml') });
    expect(await rig.stackctl('lock')).toMatchObject({ exitCode: 0 });
    await rig.write(text(reference).replace(':1\n', ':2\n'));
    expect(await rig.stackctl('apply --yes --frozen')).toMatchObject({
      exitCode: 1,
      stderr: matching(/compose\.yaml:3[^]*does not have|does not have[^]*compose\.yaml:3/),
    });
    expect(await rig.project.containers()).toEqual({});
  }));

test('a damaged lock file is a problem at its place', () =>
  withPlace(async ({ rig, reference }) => {
    await rig.write(text(reference));
    await rig.project.write('stack.lock.yaml', `format_version: "1.0"\nimages:\n  ${reference}: { digest: sha256:00 }\n`);
    for (const words of ['plan', 'apply --yes', 'lock'])
      expect(await rig.stackctl(words)).toMatchObject({ exitCode: 1, stderr: matching(/stack\.lock\.yaml:3:\d+/) });
  }));
