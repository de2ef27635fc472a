import { describe, expect, onTestFinished, test } from 'vitest';
import { createRig, type Rig } from '../bad-days/rig.ts';
import { healthy, service, stack } from '../bad-days/stacks.ts';
import type { Started } from '../bad-days/started.ts';

// With a health check it is there to stay: without one, an end with 0 would be all that was wanted of it
const text = stack(service('web', 'restart: "no"', healthy, 'networks: [default]'));

const web = ({ project }: Rig) => project.docker.getContainer(`${project.name}-web-1`);

async function rigWith(yaml = text): Promise<Rig> {
  const rig = await createRig();
  await rig.up(yaml);
  return rig;
}

describe('drift', () => {
  test.each<readonly [string, (rig: Rig) => Promise<unknown>, RegExp]>([
    ['stopped', (rig) => web(rig).stop({ t: 0 }), /container "\S+-web-1" \(service web\): it is stopped, exit code/],
    ['removed', (rig) => web(rig).remove({ force: true }), /container "\S+-web-1" \(service web\): it was there, and is gone/],
    [
      'disconnected',
      ({ project: { docker, name } }) => docker.getNetwork(`${name}_default`).disconnect({ Container: `${name}-web-1` }),
      /it was changed outside the file\n +\+ networks/,
    ],
    ['updated', (rig) => web(rig).update({ RestartPolicy: { Name: 'always' } }), /it was changed outside the file\n +. restart/],
  ])('that a container was %s: exit 2, and nothing is written', async (_what, disturb, says) => {
    await using rig = await rigWith();
    rig.proxy.readOnly = true;
    expect(await rig.stackctl('drift')).toMatchObject({ exitCode: 0, stdout: 'No drift. The stack is as it was applied.' });
    await disturb(rig);
    const found = await rig.stackctl('drift');
    expect(found, found.stderr).toMatchObject({ exitCode: 2 });
    expect(found.stdout).toMatch(says);
    expect(JSON.parse((await rig.stackctl('drift --json web')).stdout)).toMatchObject({
      format_version: '1.0',
      drift: [{ of: 'container', service: 'web', also_changed: false }],
      other_changes: 0,
    });
    expect(rig.proxy.calls.filter(({ refused }) => refused)).toEqual([]);
  });

  test('is not what the file alone changed: exit 0, and a word that plan shows it', async () => {
    await using rig = await rigWith();
    await rig.write(stack(service('web', 'restart: always', healthy, 'networks: [default]')));
    expect(await rig.stackctl('drift')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/No drift[^]*1 change[^]*stackctl plan/) as unknown,
    });
  });

  test('has problems: exit 1', async () => {
    await using rig = await rigWith();
    expect(await rig.stackctl('drift nobody')).toMatchObject({ exitCode: 1 });
  });
});

describe('watch', () => {
  const heal = 'watch --policy heal --yes --heal-pause 100ms --give-up-after 2';
  const begun = async (rig: Rig, words: string): Promise<Started> => {
    const run = rig.start(words);
    // It would watch for ever when the test fails
    onTestFinished(() => run.signal('SIGKILL'));
    await run.saidOut('watching');
    return run;
  };
  const end = async (run: Started): Promise<string> => {
    run.signal('SIGTERM');
    const { exitCode, stdout, stderr } = await run.ended;
    expect(exitCode, stdout + stderr).toBe(0);
    return stdout;
  };

  test('tells of drift as it comes and goes, and writes nothing', async () => {
    await using rig = await rigWith();
    rig.proxy.readOnly = true;
    const run = await begun(rig, 'watch');
    await web(rig).rename({ name: `${rig.project.name}-odd` });
    await run.saidOut('drift  container');
    await rig.project.docker.getContainer(`${rig.project.name}-odd`).rename({ name: `${rig.project.name}-web-1` });
    await run.saidOut('in order  container');
    const lines = (await end(run)).trim().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^\S+Z watching, to report: 0 resources drifted$/),
      expect.stringMatching(/^\S+Z drift {2}container \S+-web-1: it was changed outside the file \(container_name\)$/),
      expect.stringMatching(/^\S+Z in order {2}container \S+-web-1$/),
    ]);
    expect(rig.proxy.calls.filter(({ refused }) => refused)).toEqual([]);
  });

  test('says nothing of an apply', async () => {
    await using rig = await rigWith();
    const run = await begun(rig, 'watch --json');
    await rig.write(stack(service('web', 'restart: "no"', healthy, 'networks: [default]', 'environment: { V: "2" }')));
    expect(await rig.stackctl('apply --yes')).toMatchObject({ exitCode: 0 });
    await web(rig).pause();
    await run.until(({ type }) => type === 'drifted');
    await web(rig).unpause();
    expect((await end(run)).split('\n').filter((line) => line.includes('"type":"drifted"'))).toHaveLength(1);
  });

  test('needs a yes to heal', async () => {
    await using rig = await rigWith();
    expect(await rig.stackctl('watch --policy heal')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--yes') as unknown });
  });

  test('brings back a container that was removed', async () => {
    await using rig = await rigWith();
    const run = await begun(rig, heal);
    await web(rig).remove({ force: true });
    await run.saidOut('in order  container');
    expect(await end(run)).toMatch(/drift {2}container \S+: it was there, and is gone\n.*healing.*\n.*healed.*\n.*in order/);
    expect((await web(rig).inspect()).State.Running).toBe(true);
    expect((await rig.stackctl('history')).stdout).toContain('watch');
  });

  test('starts what ended by itself, and leaves alone what somebody stopped', async () => {
    await using rig = await rigWith();
    const run = await begun(rig, heal);
    const { State } = await web(rig).inspect();
    process.kill(State.Pid, 'SIGKILL');
    await run.saidOut('in order  container');
    await web(rig).stop({ t: 1 });
    await run.saidOut('left alone: somebody stopped it');
    await end(run);
    expect((await web(rig).inspect()).State.Running).toBe(false);
  });

  test('gives up on what does not hold: exit 4, and what it gave up on', async () => {
    await using rig = await rigWith(
      stack(
        service(
          'web',
          'restart: "no"',
          'ports: ["21051:1"]',
          `command: [sh, -c, 'test -e /was && exit 3; touch /was; sleep 99999 & wait']`,
        ),
      ),
    );
    const run = await begun(rig, heal);
    process.kill((await web(rig).inspect()).State.Pid, 'SIGKILL');
    const { exitCode, stdout } = await run.ended;
    expect(exitCode, stdout).toBe(4);
    expect(stdout).toMatch(/not healed[^]*not healed[^]*gave up on container \S+-web-1: 2 heals in a row did not hold/);
  });
});
