import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { untilTrue } from '../../../src/lib/until-true.ts';
import { createRig, elsewhere, type Rig } from './rig.ts';
import type { Started } from './started.ts';
import { service, stack } from './stacks.ts';
import { containing } from './matching.ts';

/** Is never ready, so that whoever applies it holds the lock until it is ended. */
const never = `healthcheck: { test: [CMD, "false"], interval: 1s, start_period: 100s }`;

async function holding(rig: Rig, through?: readonly string[]): Promise<Started> {
  const run = rig.start('apply --yes --json', through);
  await run.until(({ type, id }) => type === 'step_progressed' && id?.startsWith('service.await') === true);
  return run;
}

const lockOf = async ({ project }: Rig): Promise<number> =>
  (await project.docker.listContainers({ all: true, filters: { name: [`^/stackctl-lock-${project.name}$`] } })).length;

async function rigWith(text: string): Promise<Rig> {
  const rig = await createRig();
  await rig.write(text);
  return rig;
}

test('a second apply of the same host is refused at once, and told by whom', async () => {
  await using rig = await rigWith(stack(service('web', never)));
  const run = await holding(rig);
  const second = await rig.stackctl('down --yes');
  expect(second).toMatchObject({ exitCode: 5, stderr: containing(`"stackctl apply" (process ${run.pid} of `) });
  run.signal('SIGINT');
  expect((await run.ended).exitCode).toBe(130);
  expect(await lockOf(rig)).toBe(0);
});

test('a second apply of another host is refused too', async () => {
  await using rig = await rigWith(stack(service('web', never)));
  const run = await holding(rig, elsewhere);
  const changes = rig.proxy.calls.length;
  const second = await rig.stackctl('down --yes');
  expect(second).toMatchObject({ exitCode: 5, stderr: containing('@elsewhere, since') });
  const own = rig.proxy.calls.slice(changes).filter(({ method, path }) => method === 'DELETE' || /\/(stop|kill)/.test(path));
  expect(own).toEqual([]);
  run.signal('SIGINT');
  expect((await run.ended).exitCode).toBe(130);
});

test('--lock-timeout waits until the lock is free', async () => {
  await using rig = await rigWith(stack(service('web', never)));
  for (const through of [undefined, elsewhere]) {
    const run = await holding(rig, through);
    await rig.write(stack(service('web')));
    const second = rig.start('apply --yes --lock-timeout 60s');
    await second.said('for the lock, which "stackctl apply"');
    run.signal('SIGINT');
    expect((await run.ended).exitCode).toBe(130);
    const { exitCode, stderr } = await second.ended;
    expect(exitCode, stderr).toBe(0);
    await rig.write(stack(service('web', never)));
    expect((await rig.stackctl('down --yes')).exitCode).toBe(0);
  }
});

test('the lock goes with a holder that is killed', async () => {
  await using rig = await rigWith(stack(service('web', never)));
  const run = await holding(rig, elsewhere);
  run.signal('SIGKILL');
  await run.ended;
  await untilTrue(async () => (await lockOf(rig)) === 0, { firstPauseMs: 5, longestPauseMs: 5, signal: AbortSignal.timeout(1_000) });
});

/** What a process leaves that dies between the two requests by which it takes the lock. */
async function leftHalfTaken({ project: { docker, name } }: Rig, host: string): Promise<void> {
  const holder = { pid: 2 ** 22 + 1, user: 'root', host, since: new Date().toISOString(), command: 'stackctl apply' };
  const Labels = { 'io.stackctl.lock.holder': JSON.stringify(holder) };
  await docker.createContainer({ name: `stackctl-lock-${name}`, Image: 'stackctl-lock:1', Cmd: ['/hold'], Labels });
}

test('a lock that its holder died over is taken at once on the same host, and within seconds from another', async () => {
  await using rig = await rigWith(stack(service('web')));
  expect((await rig.stackctl('apply --yes')).exitCode).toBe(0); // there is the image of the lock now
  await leftHalfTaken(rig, hostname());
  expect(await rig.stackctl('down --yes')).toMatchObject({ exitCode: 0 });
  await leftHalfTaken(rig, 'elsewhere');
  expect(await rig.stackctl('apply --yes')).toMatchObject({ exitCode: 5 });
  expect(await rig.stackctl('apply --yes --lock-timeout 15s')).toMatchObject({ exitCode: 0 });
});

test('a holder that has lost its lock while it was stopped changes nothing any more', async () => {
  await using rig = await rigWith(stack(service('web', never)));
  const run = await holding(rig, elsewhere);
  run.signal('SIGSTOP');
  expect(await rig.stackctl('unlock')).toMatchObject({ exitCode: 1, stdout: containing('@elsewhere') });
  expect(await rig.stackctl('unlock --yes')).toMatchObject({ exitCode: 0, stdout: containing('Unlocked.') });
  const standing = await rig.look();
  const already = rig.proxy.calls.length;
  run.signal('SIGCONT');
  const { exitCode, stderr } = await run.ended;
  expect(exitCode, stderr).toBe(4);
  expect(stderr).toContain('the lock of this stack on the engine has gone');
  expect(rig.proxy.calls.slice(already).filter(({ method, path }) => method !== 'GET' && !path.includes('/wait'))).toEqual([]);
  expect(await rig.look()).toEqual(standing);
});

test('unlock spares a holder that lives', async () => {
  await using rig = await rigWith(stack(service('web', never)));
  expect(await rig.stackctl('unlock')).toMatchObject({ exitCode: 0, stdout: containing('Nothing to unlock') });
  const run = await holding(rig);
  expect(await rig.stackctl('unlock --yes')).toMatchObject({ exitCode: 5, stderr: containing('that process still runs') });
  run.signal('SIGINT');
  await run.ended;
});
