import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { untilTrue } from '../../../src/lib/until-true.ts';
import { containing } from '../bad-days/matching.ts';
import { createRig, type Rig } from '../bad-days/rig.ts';
import { idle, service, stack } from '../bad-days/stacks.ts';

/** How long a program takes until it answers, in seconds. */
const slowness = 2;

/** Serves /health on that port of the host, but not at once. */
const server = (port: number, ...more: readonly string[]): string =>
  stack(
    service(
      'web',
      'network_mode: host',
      `command: [sh, -c, "mkdir /tmp/www; echo fine > /tmp/www/health; sleep ${slowness}; exec httpd -f -p 127.0.0.1:${port} -h /tmp/www"]`,
      'stop_signal: SIGKILL',
      ...more,
    ),
  );

async function freePort(): Promise<number> {
  const listening = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => listening.once('listening', resolve));
  const { port } = listening.address() as AddressInfo;
  await new Promise((resolve) => listening.close(resolve));
  return port;
}

const webOf = async ({ project }: Rig) => (await project.containers())[`${project.name}-web-1`];

test.each([
  ['http', (port: number) => `http: "http://127.0.0.1:${port}/health"`],
  ['tcp', (port: number) => `tcp: ${port}`],
])('ready: %s waits until it answers', async (_, probe) => {
  await using rig = await createRig();
  const port = await freePort();
  await rig.write(server(port, `x-stack: { ready: { ${probe(port)} } }`));
  const began = performance.now();
  expect(await rig.stackctl('apply --yes')).toMatchObject({ exitCode: 0, stderr: containing('Everything is ready') });
  expect(performance.now() - began).toBeGreaterThan(slowness * 1000);
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
});

test('ready: http that never answers well fails with what it answers, and goes back', async () => {
  await using rig = await createRig();
  const port = await freePort();
  await rig.write(server(port, `x-stack: { timeout: { ready: 5s }, ready: { http: "http://127.0.0.1:${port}/missing" } }`));
  const ran = await rig.stackctl('apply --yes');
  expect(ran).toMatchObject({ exitCode: 3, stderr: containing(`http://127.0.0.1:${port}/missing answered 404`) });
  expect(await webOf(rig)).toBeUndefined();
});

test('ready: log waits until its log says so', async () => {
  await using rig = await createRig();
  const says = `command: [sh, -c, "echo starting; sleep ${slowness}; echo Started server on 80 >&2; exec sleep 99999"]`;
  const text = (line: string, timeout: string): string =>
    stack(service('web', says, 'stop_signal: SIGKILL', `x-stack: { timeout: { ready: ${timeout} }, ready: { log: "${line}" } }`));
  await rig.write(text('Started server', '60s'));
  const began = performance.now();
  expect(await rig.stackctl('apply --yes')).toMatchObject({ exitCode: 0 });
  expect(performance.now() - began).toBeGreaterThan(slowness * 1000);
  expect(await rig.stackctl('down --yes')).toMatchObject({ exitCode: 0 });
  await rig.write(text('Stopped server', '4s'));
  expect(await rig.stackctl('apply --yes')).toMatchObject({ exitCode: 3, stderr: containing('its log does not say "Stopped server"') });
});

const check = 'healthcheck: { test: [CMD, test, -e, /tmp/ok], interval: 200ms, retries: 1 }';

test('a health check that flaps is no difference: nothing is done about it, and status says how it is', async () => {
  await using rig = await createRig();
  await rig.up(stack(service('web', `command: [sh, -c, "touch /tmp/ok; trap 'exit 0' TERM; sleep 99999 & wait"]`, check)));
  const before = await webOf(rig);
  for (const [deed, health] of [
    ['rm', 'unhealthy'],
    ['touch', 'healthy'],
    ['rm', 'unhealthy'],
    ['touch', 'healthy'],
  ] as const) {
    const exec = await rig.project.docker.getContainer(before!.Id).exec({ Cmd: [deed, '/tmp/ok'] });
    await exec.start({ Detach: true });
    const isSo = async (): Promise<boolean> => (await webOf(rig))?.State.Health?.Status === health;
    await untilTrue(isSo, { firstPauseMs: 50, longestPauseMs: 200, signal: AbortSignal.timeout(20_000) });
    expect(await rig.stackctl('plan --detailed-exitcode'), health).toMatchObject({ exitCode: 0 });
    expect(await rig.stackctl('apply --yes'), health).toMatchObject({ exitCode: 0 });
    expect(await rig.stackctl('status'), health).toMatchObject({ stdout: containing(`health: ${health}`) });
  }
  expect(await webOf(rig)).toMatchObject({ Id: before!.Id, State: { StartedAt: before!.State.StartedAt } });
});

test.each([
  ['well again', 'sleep 2; touch /tmp/ok', 0, 'Everything is ready'],
  ['ill', 'true', 3, 'passed its gate and fell over afterwards: its health check fails'],
])('a health check that has flapped by the time of the last gate, and is %s then', async (_, then, exitCode, says) => {
  await using rig = await createRig();
  await rig.write(
    stack(
      service('web', `command: [sh, -c, "touch /tmp/ok; sleep 2; rm /tmp/ok; ${then}; exec sleep 99999"]`, 'stop_signal: SIGKILL', check),
      service('slow', idle, 'depends_on: { web: { condition: service_healthy } }', 'deploy: { update_config: { monitor: 8s } }'),
    ),
  );
  expect(await rig.stackctl('apply --yes')).toMatchObject({ exitCode, stderr: containing(says) });
});
