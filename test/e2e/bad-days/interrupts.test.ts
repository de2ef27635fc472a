import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { createRig, type Rig } from './rig.ts';
import { asRolledBack } from './standing.ts';
import type { Line } from './started.ts';
import { pair } from './stacks.ts';
import { containing, matching } from './matching.ts';

/** Moments of a replacement of two services, by what its progress says. Twenty, and more signals: test/reliability. */
const moments: readonly (readonly [string, (line: Line) => boolean])[] = [
  ['right at its begin', ({ type }) => type === 'run_started'],
  ['while the new one is made', ({ type, id }) => type === 'step_started' && id?.startsWith('container.create') === true],
  ['at its gate', ({ type, id }) => type === 'step_progressed' && id?.startsWith('service.await') === true],
];

async function replacing(): Promise<Rig> {
  const rig = await createRig();
  await rig.up(pair('1'));
  await rig.write(pair('2'));
  return rig;
}

test('Ctrl-C walks back', async () => {
  await using rig = await replacing();
  for (const [moment, isIt] of moments) {
    const before = await rig.look();
    const run = rig.start('apply --yes --json');
    await run.until(isIt);
    run.signal('SIGINT');
    const { exitCode, lines, stderr } = await run.ended;
    expect([moment, exitCode, lines.at(-1)?.result], stderr).toEqual([moment, 130, 'interrupted']);
    expect(asRolledBack(await rig.look()), moment).toEqual(asRolledBack(before));
  }
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 2 });
});

test('Ctrl-C after the last gate changes nothing: all is up and cleaned up', async () => {
  await using rig = await replacing();
  const run = rig.start('apply --yes --json');
  await run.until(({ type }) => type === 'committed');
  run.signal('SIGINT');
  expect(await run.ended).toMatchObject({ exitCode: 0 });
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
});

test.each(['SIGTERM', 'SIGHUP'] as const)('%s walks back as Ctrl-C does, and says so', async (name) => {
  await using rig = await replacing();
  const before = await rig.look();
  const run = rig.start('apply --yes --progress plain');
  await run.said('start  create container');
  run.signal(name);
  const { exitCode, stderr } = await run.ended;
  expect(exitCode).toBe(130);
  expect(stderr).toMatch(/Interrupted[^]*Rolled back \(verified\)/);
  expect(asRolledBack(await rig.look())).toEqual(asRolledBack(before));
});

test('a second Ctrl-C stops at once; the next command lists what was left and touches nothing', async () => {
  await using rig = await replacing();
  const run = rig.start('apply --yes --json');
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  rig.proxy.before({ method: 'POST', path: /\/rename/, nth: 1 }, () => held);
  await run.until(({ type, id }) => type === 'step_started' && id?.startsWith('container.rename') === true);
  run.signal('SIGINT');
  await run.said('walk');
  await new Promise((resolve) => setTimeout(resolve, 100)); // a person's second press; nearer than 50 ms it is npm's echo of the first
  run.signal('SIGINT');
  expect(await run.ended).toMatchObject({ exitCode: 4 });
  release();
  const left = await rig.look();
  for (const words of ['plan', 'apply --yes']) {
    const next = await rig.stackctl(words);
    expect(next.exitCode).toBe(1);
    expect(next.stdout + next.stderr).toMatch(
      /never finished[^]*stop container \S+-db-1: done; to take it back: start container[^]*rename container/,
    );
  }
  expect(asRolledBack(await rig.look())).toEqual(asRolledBack(left));
});

test('a stackctl that was killed: the next plan and apply refuse and list what was left', async () => {
  await using rig = await replacing();
  const { bystander } = await rig.look();
  const run = rig.start('apply --yes --json');
  await run.until(({ type, id }) => type === 'step_started' && id?.startsWith('container.start') === true);
  run.signal('SIGKILL');
  expect(await run.ended).toMatchObject({ signal: 'SIGKILL' });
  const plan = await rig.stackctl('plan');
  expect(plan.exitCode).toBe(1);
  const said = plan.stdout + plan.stderr;
  expect(said).toMatch(
    /never finished \(apply, begun .* by .*process \d+\)[^]*start container \S+-db-1: begun, its end is not known; to take it back: stop container/,
  );
  const before = await rig.look();
  expect(await rig.stackctl('apply --yes')).toMatchObject({ exitCode: 1 });
  expect(await rig.stackctl('down --yes')).toMatchObject({ exitCode: 1 });
  expect(asRolledBack(await rig.look())).toEqual(asRolledBack(before));
  expect((await rig.look()).bystander).toEqual(bystander);

  expect(said).toMatch(/hint: stackctl recover goes back to how it was before; stackctl recover --resume goes on/);

  const journal = await onlyJournal(join(rig.project.folder, '.state'));
  const whole = await readFile(journal, 'latin1');
  await writeFile(journal, whole.slice(0, whole.lastIndexOf('\n') - 5)); // a torn last line never happened
  expect(await rig.stackctl('plan')).toMatchObject({ exitCode: 1, stdout: containing('never finished') });
  await writeFile(journal, whole.replace('started', 'STARTED'), 'latin1');
  const damaged = matching(/cannot be told: \S+ is damaged: record \d+ is not as it was written/);
  expect(await rig.stackctl('plan')).toMatchObject({ exitCode: 1, stdout: damaged });
  expect(await rig.stackctl('recover --yes')).toMatchObject({ exitCode: 1, stderr: containing('stackctl recover --forget') });
  expect(await rig.stackctl('recover --forget --yes')).toMatchObject({ exitCode: 0 }); // as the hint says, once a person has looked
  await rig.up(pair('2'));
});

async function onlyJournal(state: string): Promise<string> {
  const found = (await readdir(state, { recursive: true })).filter((name) => basename(name) === 'journal');
  expect(found).toHaveLength(1);
  return join(state, found[0]!);
}

test('without a place for the journal nothing is done', async () => {
  await using rig = await replacing();
  const before = await rig.look();
  const ran = await rig.stackctl('apply --yes', { env: { XDG_STATE_HOME: '/dev/null' } });
  expect(ran.exitCode).toBe(1);
  expect(ran.stdout + ran.stderr).toMatch(/the journal \/dev\/null\S* cannot be used[^]*hint: see that the state folder can be read/);
  expect(await rig.look()).toEqual(before);
});

test.skipIf(process.getuid?.() !== 0)('a disk that is full is told of before the first change', async () => {
  await using rig = await replacing();
  const state = join(rig.project.folder, 'small');
  await mkdir(state);
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=32k,mode=0700', 'none', state]);
  try {
    const before = await rig.look();
    const ran = await rig.stackctl('apply --yes', { env: { XDG_STATE_HOME: state } });
    expect([ran.exitCode, ran.stderr]).toEqual([1, matching(/ENOSPC[^]*nothing was touched/)]);
    expect(await rig.look()).toEqual(before);
    expect((await readdir(state, { recursive: true })).filter((name) => basename(name).startsWith('journal'))).toEqual([]);
  } finally {
    await execa('umount', [state]);
  }
});

test('what containers have read cannot be noted: the run is over all the same, with a warning', async () => {
  await using rig = await replacing();
  const record = join(rig.project.folder, '.state/stackctl/content.json');
  await rm(record, { force: true });
  await mkdir(record); // nothing can be renamed to a folder
  const ran = await rig.stackctl('apply --yes');
  expect(ran).toMatchObject({ exitCode: 0, stderr: containing('warning: what containers have read of their files could not be noted') });
  await rm(record, { recursive: true });
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
});
