import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRig } from '../bad-days/rig.ts';
import { containing, matching } from '../bad-days/matching.ts';
import { healthy, service, stack } from '../bad-days/stacks.ts';

const failing = 'healthcheck: { test: [CMD, "false"], interval: 100ms, retries: 1 }';
const web = (version: string, check = healthy): string => stack(service('web', check, `environment: { V: "${version}" }`));

test('a plan for an empty machine is applied once: not again, and not after a down', async () => {
  await using rig = await createRig();
  await rig.write(web('1'));
  expect(await rig.stackctl('plan --out next.plan')).toMatchObject({ exitCode: 0 });
  expect(await rig.stackctl('apply --yes next.plan')).toMatchObject({ exitCode: 0 });
  const used = { exitCode: 6, stderr: matching(/this plan was applied at \S+ \(run 1\)/) };
  expect(await rig.stackctl('apply --yes next.plan')).toMatchObject(used);
  expect(await rig.stackctl('down --yes')).toMatchObject({ exitCode: 0 });
  expect(await rig.stackctl('apply --yes next.plan')).toMatchObject(used);
  expect(Object.keys((await rig.look()).containers)).toEqual([]);
});

test('a plan that failed was tried, and is not tried again', async () => {
  await using rig = await createRig();
  await rig.write(web('1', failing));
  expect(await rig.stackctl('plan --out next.plan')).toMatchObject({ exitCode: 0 });
  expect(await rig.stackctl('apply --yes next.plan')).toMatchObject({ exitCode: 3 });
  expect(await rig.stackctl('apply --yes next.plan')).toMatchObject({ exitCode: 6, stderr: containing('(run 1)') });
});

test('a stale plan lists what has changed since; refused, it may still be applied when all is as it was', async () => {
  await using rig = await createRig();
  await rig.write(web('1'));
  expect(await rig.stackctl('plan --out next.plan')).toMatchObject({ exitCode: 0 });
  const { docker, name } = rig.project;
  const network = await docker.createNetwork({ Name: `${name}_default`, Labels: { 'com.docker.compose.project': name } });
  const refused = await rig.stackctl('apply --yes next.plan');
  expect(refused).toMatchObject({ exitCode: 6, stderr: containing(`- network ${name}_default is new`) });
  await network.remove();
  expect(await rig.stackctl('apply --yes next.plan')).toMatchObject({ exitCode: 0 });
});

test('a plan for another stack, and one of another format, are told from a stale one', async () => {
  await using rig = await createRig();
  await rig.write(web('1'));
  expect(await rig.stackctl('plan --out next.plan')).toMatchObject({ exitCode: 0 });
  const elsewhere = await rig.stackctl('apply --yes next.plan', { env: { COMPOSE_PROJECT_NAME: `${rig.project.name}-b` } });
  expect(elsewhere).toMatchObject({ exitCode: 1, stderr: matching(/made for stack \S+, and this is stack \S+-b/) });
  const path = join(rig.project.folder, 'next.plan');
  await writeFile(path, (await readFile(path, 'utf8')).replace('"format_version":"1.1"', '"format_version":"7.0"'));
  expect(await rig.stackctl('apply --yes next.plan')).toMatchObject({ exitCode: 1, stderr: containing('a plan of format 7.0') });
});
