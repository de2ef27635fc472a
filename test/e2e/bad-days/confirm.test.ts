import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRig, type Rig } from './rig.ts';
import { asRolledBack } from './standing.ts';
import { idle, pair } from './stacks.ts';
import { containing, matching } from './matching.ts';

async function planned(): Promise<Rig> {
  const rig = await createRig();
  await rig.up(pair('1'));
  await rig.write(pair('2'));
  expect(await rig.stackctl('plan --out saved.plan')).toMatchObject({ exitCode: 0, stderr: containing('stackctl apply saved.plan') });
  return rig;
}

test('no terminal and no --yes: refused, nothing touched, no question printed', async () => {
  await using rig = await planned();
  const before = await rig.look();
  rig.proxy.readOnly = true;
  for (const words of ['apply', 'up -d', 'down', 'apply saved.plan']) {
    const ran = await rig.stackctl(words, { input: 'yes\n' });
    expect([words, ran.exitCode]).toEqual([words, 1]);
    expect(ran.stderr).toMatch(/no terminal[^]*--yes[^]*nothing was touched/);
    expect(ran.stdout + ran.stderr).not.toMatch(/Only "yes"|\?\s*$/m);
  }
  expect(rig.proxy.calls.filter(({ refused }) => refused)).toEqual([]);
  expect(await rig.look()).toEqual(before);
});

test('a saved plan of a stack as it stands is applied exactly', async () => {
  await using rig = await planned();
  await rig.write(pair('3')); // the plan says 2
  expect(await rig.stackctl('apply --yes saved.plan')).toMatchObject({ exitCode: 0 });
  const { containers } = await rig.look();
  expect(Object.values(containers).map(({ Config }) => Config.Env.filter((each) => each.startsWith('VERSION')))).toEqual([
    ['VERSION=2'],
    ['VERSION=2'],
  ]);
});

type Change = readonly [string, (rig: Rig) => Promise<unknown>, RegExp];

const changes: readonly Change[] = [
  [
    'stopped a container',
    ({ project }) => project.docker.getContainer(`${project.name}-db-1`).stop({ t: 0 }),
    /container \S+-db-1 has changed/,
  ],
  [
    'removed a container',
    ({ project }) => project.docker.getContainer(`${project.name}-web-1`).remove({ force: true }),
    /container \S+-web-1 is gone/,
  ],
  [
    'added a network of the stack',
    ({ project }) => project.docker.createNetwork({ Name: `${project.name}_more`, Labels: { 'com.docker.compose.project': project.name } }),
    /network \S+_more is new/,
  ],
];

test.each(changes)('somebody %s between plan and apply: exit 6, what changed, nothing written', async (_, change, says) => {
  await using rig = await planned();
  await change(rig);
  const before = await rig.look();
  rig.proxy.readOnly = true;
  const ran = await rig.stackctl('apply --yes saved.plan');
  expect(ran).toMatchObject({ exitCode: 6, stderr: matching(says) });
  expect(ran.stderr).toMatch(/hint: .*plan/);
  expect(rig.proxy.calls.filter(({ refused }) => refused)).toEqual([]);
  expect(await rig.look()).toEqual(before);
});

test('a secret that changed since the plan stops it by name, not by value', async () => {
  await using rig = await createRig();
  const text = `services:\n  web:\n    image: stackctl/busybox:1\n    ${idle}\n    environment: { DB_PASSWORD: "$PASSWORD_OF_TODAY" }\n`;
  await rig.write(text);
  expect(await rig.stackctl('plan --out saved.plan', { env: { PASSWORD_OF_TODAY: 'first-canary' } })).toMatchObject({ exitCode: 0 });
  const ran = await rig.stackctl('apply --yes saved.plan', { env: { PASSWORD_OF_TODAY: 'second-canary' } });
  expect(ran).toMatchObject({ exitCode: 1, stderr: matching(/DB_PASSWORD[^]*is not what it was/) });
  expect(ran.stdout + ran.stderr).not.toMatch(/canary/);
  expect((await rig.look()).containers).toEqual({});
  expect(await rig.stackctl('apply --yes saved.plan', { env: { PASSWORD_OF_TODAY: 'first-canary' } })).toMatchObject({ exitCode: 0 });
});

test.each([
  ['is not there', undefined],
  ['is no JSON', 'hello'],
  ['is of another format', '{"format_version":"0.1","plan":{},"source":{}}'],
  ['was cut off', 'half'],
  ['has lost its steps', '{"format_version":"1.0","plan":{},"source":{}}'],
  ['was edited', 'edited'],
])('a plan file that %s is refused', async (_, content) => {
  await using rig = await planned();
  const before = await rig.look();
  const path = join(rig.project.folder, 'bad.plan');
  const whole = await readFile(join(rig.project.folder, 'saved.plan'), 'utf8');
  const damaged: Record<string, string> = {
    half: whole.slice(0, whole.length / 2),
    edited: whole.replaceAll('stackctl/busybox:1', 'stackctl/busybox:2'),
  };
  if (content !== undefined) await writeFile(path, damaged[content] ?? content);
  const ran = await rig.stackctl('apply --yes bad.plan');
  expect(ran).toMatchObject({ exitCode: 1, stderr: matching(/bad\.plan[^]*stackctl plan --out/) });
  expect(ran.stderr).not.toMatch(/^ {4}at /m);
  expect(await rig.look()).toEqual(before);
});

test('a second apply while one runs is refused with who holds the stack', async () => {
  await using rig = await createRig();
  await rig.up(pair('1'));
  const before = await rig.look();
  await rig.write(pair('2', 'healthcheck: { test: [CMD, "false"], interval: 60s }'));
  const first = rig.start('apply --yes --json');
  await first.until(({ type, id }) => type === 'step_progressed' && id?.includes('web') === true);
  const second = await rig.stackctl('apply --yes');
  expect(second.exitCode, second.stdout + second.stderr).toBe(5);
  expect(second.stderr).toMatch(new RegExp(`"stackctl apply" \\(process ${first.pid} of \\S+@\\S+, since \\d{4}-`));
  expect(await rig.stackctl('status')).toMatchObject({ exitCode: 0 });
  first.signal('SIGINT');
  expect(await first.ended).toMatchObject({ exitCode: 130 });
  expect(asRolledBack(await rig.look())).toEqual(asRolledBack(before));
});
