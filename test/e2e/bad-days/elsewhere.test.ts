import { expect, test } from 'vitest';
import { containing } from './matching.ts';
import { createRig, elsewhere, type Rig } from './rig.ts';
import { pair } from './stacks.ts';
import { asRolledBack } from './standing.ts';
import type { Line } from './started.ts';

/** Moments of a replacement at which the machine that applies is gone for good, by what its progress says. */
const moments: readonly (readonly [string, (line: Line) => boolean])[] = [
  ['at its begin', ({ type }) => type === 'run_started'],
  ['while the first one is put aside', ({ type, id }) => type === 'step_started' && id?.startsWith('container.rename') === true],
  ['while the new one is made', ({ type, id }) => type === 'step_started' && id?.startsWith('container.create') === true],
  [
    'while the second one starts',
    ({ type, id }) => type === 'step_started' && id?.startsWith('container.start') === true && id.includes('web'),
  ],
];

async function killedElsewhere(rig: Rig, isIt: (line: Line) => boolean): Promise<void> {
  const run = rig.start('apply --yes --json', elsewhere);
  await run.until(isIt);
  run.signal('SIGKILL');
  await run.ended;
}

test('what another machine has left half done is told, and taken back by what the engine shows', async () => {
  await using rig = await createRig();
  await rig.up(pair('1'));
  await rig.write(pair('2'));
  for (const [moment, isIt] of moments) {
    const before = await rig.look();
    await killedElsewhere(rig, isIt);
    expect(await rig.stackctl('plan'), moment).toMatchObject({ exitCode: 1, stdout: containing('its journal is not on this machine') });
    expect(await rig.stackctl('recover'), moment).toMatchObject({ exitCode: 1 });
    const { exitCode, stdout, stderr } = await rig.stackctl('recover --yes');
    expect([moment, exitCode], stdout + stderr).toEqual([moment, 0]);
    expect(asRolledBack(await rig.look()), moment).toEqual(asRolledBack(before));
    expect(await rig.stackctl('recover')).toMatchObject({ exitCode: 0, stdout: containing('Nothing to recover') });
    // The other machine comes back, and still has its journal
    const late = await rig.start('plan', elsewhere).ended;
    expect(late).toMatchObject({ exitCode: 1, stdout: containing('if it was recovered from another machine') });
    expect(await rig.start('recover --forget --yes', elsewhere).ended).toMatchObject({ exitCode: 0 });
  }
  expect(await rig.stackctl('apply --yes')).toMatchObject({ exitCode: 0 });
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
});

test('what another machine has left can be forgotten here, without its journal', async () => {
  await using rig = await createRig();
  await rig.up(pair('1'));
  await rig.write(pair('2'));
  await killedElsewhere(rig, moments[2]![1]);
  expect(await rig.stackctl('recover --forget --yes')).toMatchObject({ exitCode: 0 });
  expect(await rig.stackctl('recover')).toMatchObject({ exitCode: 0, stdout: containing('Nothing to recover') });
});

test('a journal whose run was ended elsewhere is not walked back by a script', async () => {
  await using rig = await createRig();
  await rig.up(pair('1'));
  await rig.write(pair('2'));
  await killedElsewhere(rig, moments[2]![1]);
  expect(await rig.stackctl('recover --yes')).toMatchObject({ exitCode: 0 });
  const late = await rig.start('recover --yes', elsewhere).ended;
  expect(late).toMatchObject({ exitCode: 1, stderr: containing('recover --forget') });
});

test('a run that is under way elsewhere is none that was interrupted', async () => {
  await using rig = await createRig();
  await rig.up(pair('1'));
  await rig.write(pair('2', 'healthcheck: { test: [CMD, "false"], interval: 1s, start_period: 100s }'));
  const run = rig.start('apply --yes --json', elsewhere);
  await run.until(({ type, id }) => type === 'step_progressed' && id?.startsWith('service.await') === true);
  expect(await rig.stackctl('plan')).toMatchObject({ exitCode: 0, stdout: containing('is being changed by') });
  expect(await rig.stackctl('recover --yes')).toMatchObject({ exitCode: 5 });
  run.signal('SIGINT');
  expect((await run.ended).exitCode).toBe(130);
  expect(await rig.stackctl('recover')).toMatchObject({ exitCode: 0, stdout: containing('Nothing to recover') });
});
