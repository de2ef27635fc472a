import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPrivateEngine, type PrivateEngine } from '../../kit/private-engine.ts';
import { createRig } from './rig.ts';
import { asRolledBack } from './standing.ts';
import { healthy, service, stack } from './stacks.ts';

const policies = ['always', 'unless-stopped', '"on-failure:3"'];
const never = 'healthcheck: { test: [CMD, "false"], interval: 30s, retries: 99 }';

/** Services one, two, three, each with another policy. */
const text = (check: string, version: number, more = ''): string =>
  stack(
    ...policies.map((policy, i) =>
      service(`s${i + 1}`, check, `restart: ${policy}`, `environment: { V: "${version}" }`, ...(more === '' ? [] : [more])),
    ),
  );

let engine: PrivateEngine;
beforeAll(async () => {
  engine = await startPrivateEngine();
});
afterAll(() => engine.stop());

test('an engine that starts again in the middle of an apply does not start what was put aside', async () => {
  await using rig = await createRig(engine.dockerHost);
  await rig.up(text(healthy, 1));
  const old = Object.values((await rig.look()).containers).map(({ Id }) => Id);
  await rig.write(text(never, 2));
  const run = rig.start('apply --yes --json');
  for (const name of ['s1', 's2', 's3'])
    await run.until(({ type, id }) => type === 'step_ended' && id === `container.start ${rig.project.name}-${name}-1`);
  run.signal('SIGKILL');
  await run.ended;
  await engine.restart();
  const containers = Object.values((await rig.look()).containers);
  const kept = containers.filter(({ Id }) => old.includes(Id));
  expect(kept.map(({ State, HostConfig }) => [State.Status, HostConfig.RestartPolicy?.Name])).toEqual(policies.map(() => ['exited', 'no']));
  expect(containers.find(({ Name }) => Name === `/${rig.project.name}-s1-1`)).toMatchObject({ State: { Running: true } });
});

test('a walk back gives the policies back', async () => {
  await using rig = await createRig(engine.dockerHost);
  await rig.up(text(healthy, 1));
  const before = asRolledBack(await rig.look());
  await rig.write(text(never, 2, 'x-stack: { timeout: { ready: 1s } }'));
  const { exitCode, stderr } = await rig.stackctl('apply --yes');
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining('Rolled back (verified)') as string]);
  expect(asRolledBack(await rig.look())).toEqual(before);
});
