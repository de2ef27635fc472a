import { execFile } from 'node:child_process';
import { chmod, chown, cp, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../../kit/fault-answers.ts';
import { startPrivateEngine, type PrivateEngine } from '../../kit/private-engine.ts';
import type { Standing } from './standing.ts';
import { createRig, type Rig } from './rig.ts';
import { pair } from './stacks.ts';
import { start } from './started.ts';
import { containing, matching } from './matching.ts';

const bin = process.env['STACKCTL_TEST_BIN'] ?? join(import.meta.dirname, '../../../dist/stackctl.js');

async function expectNoEngine(rig: Rig, host: string, says: RegExp): Promise<void> {
  for (const words of ['plan', 'apply --yes', 'down --yes', 'status']) {
    const { exitCode, stdout, stderr } = await rig.stackctl(words, { env: { DOCKER_HOST: host } });
    expect([words, exitCode, stdout]).toEqual([words, 1, '']);
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/hint: [^]*nothing was touched/);
    expect(stderr).not.toMatch(/^ {4}at /m);
  }
}

test('no engine: no socket, nobody at the socket, a name that leads nowhere', async () => {
  await using rig = await createRig();
  await rig.write(pair('1'));
  await expectNoEngine(
    rig,
    'unix:///nowhere/docker.sock',
    /No engine is running: there is no socket \/nowhere\/docker\.sock \(DOCKER_HOST\)/,
  );
  await expectNoEngine(rig, 'tcp://127.0.0.1:23199', /No engine is running: nobody listens at 127\.0\.0\.1:23199/);
  await expectNoEngine(rig, 'tcp://engine.invalid:2375', /engine\.invalid/);
});

test('an engine whose socket this user may not use', async ({ skip }) => {
  await using rig = await createRig();
  const { folder } = rig.project;
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  await rig.write(pair('1'));
  // A user of its own finds program and folder where it may read
  await chmod(folder, 0o755);
  await cp(dirname(bin), join(folder, 'dist'), { recursive: true });
  await mkdir(join(folder, 'home'));
  await chown(join(folder, 'home'), 65534, 65534);
  const [program, ...rest] = [...nobody, process.execPath];
  const mayRun = await promisify(execFile)(program, [...rest, '--version']).then(
    () => true,
    () => false,
  );
  skip(!mayRun, 'only root can become another user, and only where that one may run node');
  await chmod(rig.proxy.socket, 0o600);
  await chmod(dirname(rig.proxy.socket), 0o755);
  const env = {
    DOCKER_HOST: rig.proxy.dockerHost,
    HOME: join(folder, 'home'),
    XDG_STATE_HOME: join(folder, 'home'),
    COMPOSE_PROJECT_NAME: rig.project.name,
  };
  const ran = await start(['plan'], { cwd: folder, env, through: nobody, bin: join(folder, 'dist/stackctl.js') }).ended;
  expect(ran).toMatchObject({ exitCode: 1, stderr: matching(/This user may not use the engine’s socket[^]*hint: /) });
});

const rubbish: readonly (readonly [string, Fault])[] = [
  ['answers like a web server', { kind: 'html' }],
  ['leaves out half of each answer', { kind: 'short' }],
  ['breaks off each answer', { kind: 'truncated-chunked' }],
  ['cuts each connection', { kind: 'reset' }],
  ['fails at everything', { kind: 'respond', status: 500, body: { message: 'layer store is corrupt' } }],
  ['says other things', { kind: 'respond', status: 200, body: { hello: 'world' } }],
];

describe.each(rubbish)('an engine that %s', (_, fault) => {
  test('is told apart from an empty one; nothing is touched', async () => {
    await using rig = await createRig();
    await rig.up(pair('1'));
    await rig.write(pair('2'));
    const before = await rig.look();
    rig.proxy.addRule({ fault });
    for (const words of ['plan', 'apply --yes']) {
      const { exitCode, stderr } = await rig.stackctl(words);
      expect([words, exitCode], stderr).toEqual([words, 1]);
      expect(stderr).toMatch(/error: .*engine[^]*nothing was touched|layer store is corrupt/i);
      expect(stderr).not.toMatch(/^ {4}at /m);
    }
    expect(await rig.look()).toEqual(before);
  });
});

test.concurrent('an engine that hangs at one question ends with its name, not never', { timeout: 60_000 }, async () => {
  await using rig = await createRig();
  await rig.write(pair('1'));
  rig.proxy.addRule({ path: /\/networks/, fault: { kind: 'hang' } });
  const ran = await rig.stackctl('plan');
  expect(ran).toMatchObject({
    exitCode: 1,
    stderr: matching(/The engine did not answer within 20 s \(list networks\)[^]*hint: the engine is there but does not answer/),
  });
});

test.concurrent('somebody listens and never answers', { timeout: 60_000 }, async () => {
  await using rig = await createRig();
  await rig.write(pair('1'));
  const socket = join(rig.project.folder, 'mute.sock');
  const mute = createServer(() => undefined).listen(socket);
  try {
    const ran = await rig.stackctl('plan', { env: { DOCKER_HOST: `unix://${socket}` } });
    expect(ran).toMatchObject({ exitCode: 1, stderr: containing('did not answer within') });
  } finally {
    mute.close();
  }
});

describe('a private engine', () => {
  let engine: PrivateEngine;
  beforeAll(async () => {
    engine = await startPrivateEngine();
  });
  afterAll(() => engine.stop());

  test('that freezes in the middle: Ctrl-C twice gets out, the journal knows, and no question hangs', async () => {
    await using rig = await createRig(engine.dockerHost);
    await rig.up(pair('1'));
    const { bystander } = await rig.look();
    await rig.write(pair('2'));
    const run = rig.start('apply --yes --json');
    await run.until(({ type, id }) => type === 'step_started' && id?.startsWith('container.rename') === true);
    engine.kill('SIGSTOP');
    run.signal('SIGINT');
    await run.said('walk');
    await new Promise((resolve) => setTimeout(resolve, 100)); // a second press by a person, not an echo of the first
    run.signal('SIGINT');
    expect(await run.ended).toMatchObject({ exitCode: 4 });
    engine.kill('SIGCONT');
    const next = await rig.stackctl('plan');
    expect(next).toMatchObject({ exitCode: 1 });
    expect(next.stdout + next.stderr).toMatch(/never finished[^]*stop container \S+-db-1: done; to take it back: start container/);
    expect((await rig.look()).bystander).toEqual(bystander);
  });

  test('that is killed in the middle: exit 4 and what is left; up again, recover brings back what ran', async () => {
    await using rig = await createRig(engine.dockerHost);
    await rig.up(pair('1'));
    const before = await rig.look();
    await rig.write(pair('2'));
    const run = rig.start('apply --yes --progress plain');
    await run.said('start  create container');
    engine.kill('SIGKILL');
    const { exitCode, stderr } = await run.ended;
    expect(exitCode, stderr).toBe(4);
    expect(stderr).toMatch(/Failed: [^]*engine[^]*Not fully rolled back/);
    expect(stderr).not.toMatch(/^ {4}at /m);
    await engine.restart();
    expect(await rig.stackctl('apply --yes')).toMatchObject({ exitCode: 1 });
    const recovered = await rig.stackctl('recover --yes');
    expect(recovered.exitCode, recovered.stdout + recovered.stderr).toBe(0);
    expect(standingOf((await rig.look()).containers)).toEqual(standingOf(before.containers));
    await rig.up(pair('2'));
    expect(Object.keys((await rig.look()).containers).sort()).toEqual(['db', 'web'].map((name) => `${rig.project.name}-${name}-1`));
    expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
  });
});

/** An engine that starts again writes some settings in another way ("Dns": [] for null): what it says of itself is left out. */
const standingOf = (containers: Standing['containers']): unknown =>
  Object.values(containers).map(({ Id, Name, Config, HostConfig, State }) => ({
    Id,
    Name,
    Config,
    State: State.Status,
    restart: HostConfig.RestartPolicy,
  }));
