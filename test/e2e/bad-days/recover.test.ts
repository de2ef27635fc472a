import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { anySignal } from '../../../src/lib/any-signal.ts';
import { untilTrue } from '../../../src/lib/until-true.ts';
import { readJournal } from '../../../src/platform/journal-text.ts';
import { createRig, type Rig } from './rig.ts';
import { asRolledBack } from './standing.ts';
import { pair } from './stacks.ts';
import { containing, matching } from './matching.ts';

async function replacing(): Promise<Rig> {
  const rig = await createRig();
  await rig.up(pair('1'));
  await rig.write(pair('2'));
  return rig;
}

/** How many records are on disk of the run that is under way. */
async function recordsOf({ project }: Rig): Promise<number> {
  const state = join(project.folder, '.state');
  const names = await readdir(state, { recursive: true });
  const journal = names.find((name) => basename(name) === 'journal');
  return journal === undefined ? 0 : readJournal(await readFile(join(state, journal)).catch(() => Buffer.alloc(0))).records.length;
}

/** Kills what runs once that many records are on disk; false if it ended before. */
async function killAt(rig: Rig, words: string, count: number): Promise<boolean> {
  const run = rig.start(words);
  const over = new AbortController();
  void run.ended.then(() => over.abort());
  const signal = anySignal([over.signal, AbortSignal.timeout(60_000)]);
  const reached = untilTrue(async () => (await recordsOf(rig)) >= count, { firstPauseMs: 1, longestPauseMs: 1, signal });
  const wasReached = await reached.then(
    () => true,
    () => false,
  );
  run.signal('SIGKILL');
  await run.ended;
  return wasReached;
}

const upToDate = { exitCode: 0 };

test('after SIGKILL at some record of an apply, recover brings everything back', async () => {
  await using rig = await replacing();
  for (const count of [3, 8, 14]) {
    const before = await rig.look();
    expect(await killAt(rig, 'apply --yes --json', count)).toBe(true);
    const { exitCode, stdout, stderr } = await rig.stackctl('recover --yes');
    expect([count, exitCode], stdout + stderr).toEqual([count, 0]);
    expect(asRolledBack(await rig.look()), `killed at record ${count}`).toEqual(asRolledBack(before));
    expect(await rig.stackctl('recover')).toMatchObject({ exitCode: 0, stdout: containing('Nothing to recover') });
  }
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 2 });
  expect(await rig.stackctl('apply --yes')).toMatchObject(upToDate);
});

test('recover is killed too, and done again; it asks before it does anything', async () => {
  await using rig = await replacing();
  const before = await rig.look();
  await killAt(rig, 'apply --yes --json', 13);
  // The engine may still be stopping what the killed run told it to stop: recover waits for that before it asks
  await rig.stackctl('recover');
  const half = await rig.look();
  const asked = await rig.stackctl('recover');
  expect(asked).toMatchObject({ exitCode: 1, stdout: matching(/never finished[^]*It has left:[^]*takes it back[^]*start container/) });
  expect(asRolledBack(await rig.look())).toEqual(asRolledBack(half));
  for (let kill = 0; kill < 3; kill++) await killAt(rig, 'recover --yes --json', (await recordsOf(rig)) + 2);
  const { exitCode, stderr } = await rig.stackctl('recover --yes');
  expect(exitCode, stderr).toBe(0);
  expect(asRolledBack(await rig.look())).toEqual(asRolledBack(before));
});

test.each([4, 13])('recover --resume goes on to what is wanted (killed at record %i)', async (count) => {
  await using rig = await replacing();
  const { bystander } = await rig.look();
  await killAt(rig, 'apply --yes --json', count);
  const { exitCode, stdout, stderr } = await rig.stackctl('recover --resume --yes');
  expect(exitCode, stdout + stderr).toBe(0);
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject(upToDate);
  const after = await rig.look();
  expect(Object.keys(after.containers).sort()).toEqual([`${rig.project.name}-db-1`, `${rig.project.name}-web-1`]);
  expect(after.bystander).toEqual(bystander);
});

test('after the last gate there is only forward: recover cleans up', async () => {
  await using rig = await replacing();
  const run = rig.start('apply --yes --json');
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  rig.proxy.before({ method: 'DELETE', path: /\/containers\// }, () => held);
  await run.until(({ type }) => type === 'committed');
  run.signal('SIGKILL');
  await run.ended;
  release();
  expect(await rig.stackctl('plan')).toMatchObject({ exitCode: 1, stdout: containing('stackctl recover ends it') });
  const { exitCode, stdout, stderr } = await rig.stackctl('recover --yes');
  expect(exitCode, stdout + stderr).toBe(0);
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject(upToDate);
  expect(Object.keys((await rig.look()).containers)).toHaveLength(2);
});

test('a down that is killed between a stop and its removal is brought to its end', async () => {
  await using rig = await replacing();
  rig.proxy.addRule({ method: 'DELETE', path: /\/containers\//, fault: { kind: 'hang' } });
  const run = rig.start('down --yes --json');
  await run.until(({ type, id }) => type === 'step_started' && id?.startsWith('container.remove') === true);
  run.signal('SIGKILL');
  await run.ended;
  rig.proxy.clearRules();
  const { exitCode, stdout, stderr } = await rig.stackctl('recover --yes');
  expect(exitCode, stdout + stderr).toBe(0);
  expect((await rig.look()).containers).toEqual({});
});

test('history tells what happened, by whom, how long each step took and from which images', async () => {
  await using rig = await replacing();
  await killAt(rig, 'apply --yes --json', 8);
  expect(await rig.stackctl('history')).toMatchObject({ exitCode: 0, stdout: matching(/not finished[^]*\n1 .* apply +applied/) });
  await rig.stackctl('recover --yes');
  const all = JSON.parse((await rig.stackctl('history --json')).stdout) as { readonly runs: readonly object[] };
  expect(all.runs).toMatchObject([
    { run: 2, command: 'apply', result: 'rolled_back' },
    { run: 1, command: 'apply', result: 'applied', commit: null },
  ]);
  const first = await rig.stackctl('history show 1');
  expect(first.stdout).toMatch(/Result +applied, after [^]*Steps:[^]* s +start container|ms +start container/);
  expect(first.stdout).toMatch(/Images:\n +\S+: stackctl\/\S+ = sha256:[0-9a-f]{64}/);
  expect((await rig.stackctl('history show 2')).stdout).toMatch(/Recovered +\S+, taken back, by [^]*Way back:[^]*start container/);
  expect(await rig.stackctl('history show 7')).toMatchObject({ exitCode: 1, stderr: containing('there is no run 7') });
});

test('a note on the engine that nobody can read is told, and forgotten when that is asked for', async () => {
  await using rig = await createRig();
  await rig.up(pair('1'));
  const { docker, name } = rig.project;
  for (const note of ['nonsense', Buffer.from('nonsense').toString('base64')]) {
    await docker.createVolume({ Name: `stackctl-run-${name}`, Labels: { 'io.stackctl.run.note': note } });
    for (const words of ['plan', 'apply --yes', 'recover --yes']) {
      const { exitCode, stdout, stderr } = await rig.stackctl(words);
      expect([words, exitCode, stdout + stderr]).toEqual([words, 1, matching(/damaged[^]*recover --forget/)]);
    }
    expect(await rig.stackctl('recover --forget --yes')).toMatchObject({ exitCode: 0, stderr: containing('Forgotten') });
    expect(await rig.stackctl('recover --forget --yes')).toMatchObject({ exitCode: 0, stdout: containing('Nothing to recover') });
  }
});

test('recover --forget does not say that there is nothing where the engine does not tell', async () => {
  await using rig = await createRig();
  await rig.up(pair('1'));
  rig.proxy.addRule({
    method: 'GET',
    path: /volumes\/stackctl-run-/,
    fault: { kind: 'respond', status: 500, body: { message: 'not now' } },
  });
  expect(await rig.stackctl('recover --forget --yes')).toMatchObject({ exitCode: 1, stderr: containing('not now') });
});
