import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { createRig, startBystander, type Rig } from './rig.ts';
import { healthy, service, stack } from './stacks.ts';

const text = (...ports: readonly number[]): string =>
  stack(...ports.map((port, i) => service(`web${i + 1}`, healthy, 'ports:', `  - "${port}:80"`)));

/** It must be a problem of the plan: found before anything is done, at its place, with exit code 1. */
async function expectRefused(rig: Rig, says: RegExp): Promise<void> {
  const before = await rig.look();
  rig.proxy.readOnly = true;
  for (const words of ['plan', 'apply --yes']) {
    const { exitCode, stdout, stderr } = await rig.stackctl(words);
    expect([words, exitCode]).toEqual([words, 1]);
    expect(stdout + stderr).toMatch(says);
    expect(stdout + stderr).not.toMatch(/^ {4}at /m);
  }
  expect(rig.proxy.calls.filter(({ refused }) => refused)).toEqual([]);
  expect(await rig.look()).toEqual(before);
}

test('a port held by a process of the host: who holds it, at the place in the file', async () => {
  await using rig = await createRig();
  const holder = spawn(
    process.execPath,
    ['-e', 'require("net").createServer().listen(23101, "0.0.0.0", () => console.log("up"))', 'the-holder'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  try {
    await once(holder.stdout, 'data');
    await rig.write(text(23101));
    await expectRefused(
      rig,
      new RegExp(
        `compose\\.yaml:7:\\d+: error: port 23101/tcp, which web1 publishes[^]*process ${String(holder.pid)} of root: \\S*node[^]*the-holder[^]*hint: end it`,
      ),
    );
  } finally {
    holder.kill('SIGKILL');
  }
});

test('a port held by a container of nobody, and by another stack', async () => {
  await using rig = await createRig();
  await using other = await createRig();
  const ports = { ExposedPorts: { '80/tcp': {} }, HostConfig: { PortBindings: { '80/tcp': [{ HostPort: '23102' }] } } };
  const foreign = await startBystander(rig.project.docker, `${rig.project.name}-foreign`, ports);
  try {
    await other.up(text(23103));
    const before = await other.look();
    await rig.write(text(23102, 23103));
    const who = `23102/tcp[^]*container ${rig.project.name}-foreign \\(\\w{12}, of no stack\\)[^]*23103/tcp[^]*container ${other.project.name}-web1-1 \\(\\w{12}, of stack ${other.project.name}\\)`;
    await expectRefused(rig, new RegExp(who));
    expect(await other.look()).toEqual(before);
  } finally {
    await foreign.remove({ force: true });
  }
});

test('two services swap their ports', async () => {
  await using rig = await createRig();
  await rig.up(text(23104, 23105));
  await rig.up(text(23105, 23104));
  const { containers } = await rig.look();
  const ports = Object.entries(containers).map(([name, { NetworkSettings }]) => [name, NetworkSettings.Ports['80/tcp']?.[0]?.HostPort]);
  expect(Object.fromEntries(ports)).toEqual({ [`${rig.project.name}-web1-1`]: '23105', [`${rig.project.name}-web2-1`]: '23104' });
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
});

test('a swap that fails ends with each port where it was', async () => {
  await using rig = await createRig();
  await rig.up(text(23106, 23107));
  await rig.write(text(23107, 23106).replace(healthy, 'healthcheck: { test: [CMD, "false"], interval: 100ms, retries: 1 }'));
  expect(await rig.stackctl('apply --yes')).toMatchObject({ exitCode: 3 });
  const { containers } = await rig.look();
  const ports = Object.entries(containers).map(([name, { NetworkSettings }]) => [name, NetworkSettings.Ports['80/tcp']?.[0]?.HostPort]);
  expect(Object.fromEntries(ports)).toEqual({ [`${rig.project.name}-web1-1`]: '23106', [`${rig.project.name}-web2-1`]: '23107' });
});

test('a foreign container has the name of one of ours: refused, by name', async () => {
  await using rig = await createRig();
  const foreign = await startBystander(rig.project.docker, `${rig.project.name}-web1-1`);
  try {
    await rig.write(text(23108));
    await expectRefused(rig, new RegExp(`${rig.project.name}-web1-1[^]*${foreign.id.slice(0, 12)}`));
  } finally {
    await foreign.remove({ force: true });
  }
});

test('an image that cannot be had: before anything is touched', async () => {
  await using rig = await createRig();
  await rig.up(text(23109));
  const before = await rig.look();
  await rig.write(text(23110).replace('stackctl/busybox:1', 'registry.invalid/team/app:7'));
  const { exitCode, stderr } = await rig.stackctl('apply --yes');
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/Failed: [^]*pull image registry\.invalid\/team\/app:7[^]*Nothing was touched/);
  expect(await rig.look()).toEqual(before);
});
