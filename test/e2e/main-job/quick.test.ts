import { expect, test } from 'vitest';
import { createRig } from '../bad-days/rig.ts';
import { healthy, pair, service, stack } from '../bad-days/stacks.ts';
import { containing } from '../bad-days/matching.ts';

/** Half of the interval of the health checks: the engine's own first probe would come long after. */
const promptMs = 15_000;

test('three layers whose health checks come every 30 s are up within seconds', async () => {
  await using rig = await createRig();
  await rig.write(
    stack(
      service('db', healthy),
      service('api', healthy, 'depends_on: { db: { condition: service_healthy } }'),
      service('web', healthy, 'depends_on: { api: { condition: service_healthy } }'),
    ),
  );
  const began = performance.now();
  const ran = await rig.stackctl('apply --yes');
  expect(ran).toMatchObject({ exitCode: 0, stderr: containing('Everything is ready') });
  expect(performance.now() - began).toBeLessThan(promptMs);
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0, stdout: containing('No changes.') });
});

test('a one-shot is waited for, and the plan after is empty', async () => {
  await using rig = await createRig();
  const text = (body: string): string =>
    stack(
      service('migrate', `command: [sh, -c, "${body}"]`),
      service('web', healthy, 'depends_on: { migrate: { condition: service_completed_successfully } }'),
    );
  await rig.up(text('exit 0'));
  const { containers } = await rig.look();
  const [migrate, web] = ['migrate', 'web'].map((name) => containers[`${rig.project.name}-${name}-1`]?.State);
  expect([migrate?.Status, migrate?.ExitCode, web?.Status]).toEqual(['exited', 0, 'running']);
  expect(Date.parse(web?.StartedAt ?? '')).toBeGreaterThan(Date.parse(migrate?.FinishedAt ?? ''));
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });

  const before = await rig.look();
  await rig.write(text('echo the schema is broken >&2; exit 3'));
  const failed = await rig.stackctl('apply --yes');
  expect(failed.exitCode).toBe(3);
  expect(failed.stderr).toMatch(/Failed: migrate: wait until \S+-migrate-1 has completed[^]*code 3[^]*the schema is broken/);
  expect(Object.keys((await rig.look()).containers)).toEqual(Object.keys(before.containers));
});

test('start-first starts the new one before the old one stops', async () => {
  await using rig = await createRig();
  const { project } = rig;
  const text = (version: string): string =>
    stack(service('web', healthy, `environment: { V: "${version}" }`, 'deploy: { update_config: { order: start-first } }'));
  await rig.up(text('1'));
  const { containers } = await rig.look();
  const old = containers[`${project.name}-web-1`];
  const since = Math.floor(Date.parse(old?.Created ?? '') / 1000);
  await rig.up(text('2'));
  const until = Math.ceil(Date.now() / 1000) + 1;
  const filters = { label: [`com.docker.compose.project=${project.name}`], event: ['start', 'die'] };
  const seen = await project.docker.getEvents({ since, until, filters });
  let story = '';
  for await (const piece of seen) story += String(piece);
  const events = story
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { Action: string; id: string });
  const steps = events.map(({ Action, id }) => `${id === old?.Id ? 'old' : 'new'} ${Action}`);
  expect(steps).toEqual(['old start', 'new start', 'old die']);
});

test('plan writes nothing, and apply with nothing to do writes nothing', async () => {
  await using rig = await createRig();
  const { proxy } = rig;
  await rig.up(pair('1'));
  const before = await rig.look();
  proxy.readOnly = true;
  expect(await rig.stackctl('apply --yes')).toMatchObject({ exitCode: 0, stdout: containing('No changes.') });
  await rig.write(
    pair('2', 'ports: ["23001:80"]', 'networks: [side]').replace('volumes: {', 'networks: { side: {} }\nvolumes: { more: {},'),
  );
  const plans = [
    await rig.stackctl('plan --detailed-exitcode'),
    await rig.stackctl('plan --json'),
    await rig.stackctl('plan --out saved.plan'),
  ];
  expect(plans.map(({ exitCode }) => exitCode)).toEqual([2, 0, 0]);
  expect(plans[0]?.stdout).toContain('VERSION');
  expect(await rig.stackctl('status')).toMatchObject({ exitCode: 0 });
  expect(proxy.calls.filter(({ refused }) => refused)).toEqual([]);
  expect(await rig.look()).toEqual(before);
});
