import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandOf, statOf } from '../../../src/adapters/linux-process.ts';
import { endNow, inside, until, type Inside } from './inside.ts';

const port = 8091;
const isRoot = process.getuid?.() === 0;

/** Processes by what their command lines hold. */
const pidsOf = (...words: readonly string[]): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => words.every((word) => commandOf(pid, '').includes(word)));

/** Of these processes those that another one has started. */
const childrenOf = (parent: number, pids: readonly number[]): number[] => pids.filter((pid) => statOf(pid)?.parent === parent);

const rules = `x-stack:
  ports: { on_conflict: reclaim, reclaim: [{ command: "busybox httpd -f -p ${port} -h /etc", grace: 500ms }] }
`;
const onHost = (before = ''): string => `${before}services:
  web:
    image: stackctl/busybox:1
    network_mode: host
    restart: always
    expose: ["${port}"]
    command: [busybox, httpd, -f, -p, "${port}", -h, /etc]
    stop_grace_period: 100ms
`;
const published = `services:
  web:
    image: stackctl/busybox:1
    restart: always
    ports: ["${port}:80"]
    command: [busybox, httpd, -f, -p, "80", -h, /etc]
    stop_grace_period: 100ms
`;

async function up({ project, stackctl }: Inside, text: string) {
  await project.write('compose.yaml', text);
  expect(await stackctl('apply --yes')).toMatchObject({ exitCode: 0 });
  return project.docker.getContainer(`${project.name}-web-1`);
}

/** The engine comes to think that the container has died; its process lives on in the container's cgroup. */
function forget({ engine }: Inside, id: string): void {
  const [containerd = 0] = childrenOf(engine.pid, pidsOf('containerd', join(engine.folder, 'exec')));
  const [shim = 0] = pidsOf('containerd-shim', `-id ${id}`);
  expect([containerd > 1, shim > 1]).toEqual([true, true]);
  process.kill(containerd, 'SIGSTOP');
  process.kill(shim, 'SIGKILL');
  rmSync(join(engine.folder, 'exec/runtime-runc/moby', id), { recursive: true, force: true });
  process.kill(containerd, 'SIGCONT');
}

test.runIf(isRoot)('an engine that has forgotten a process of a container which it starts again and again', async () => {
  await using there = await inside();
  const container = await up(there, onHost());
  const { Id, State } = await container.inspect();
  const [former = 0] = await there.holders(port);
  try {
    forget(there, Id);
    const startedAt = async (): Promise<number> => Date.parse((await container.inspect()).State.StartedAt);
    await until(async () => (await startedAt()) - Date.parse(State.StartedAt) > 4000);
    expect(await there.holders(port)).toEqual([former]);

    // Its cgroup is that of a container which is alive: it is that container's, and nobody ends it
    const says = /web-1 is in a crash loop: \d+ restarts[^]*Address already in use/;
    expect((await there.stackctl('plan')).stdout).toMatch(says);
    const { stdout } = await there.stackctl('ports');
    expect(stdout).toMatch(new RegExp(` held +container \\S+-web-1 of this stack, by process ${former} of an earlier run of it`));
    await there.project.write('compose.yaml', onHost(rules));
    expect(await there.stackctl('orphans')).toMatchObject({ exitCode: 0 });

    await container.remove({ force: true });
    await there.project.write('compose.yaml', onHost());
    const taken = await there.stackctl('plan');
    const left = `process ${former} of root: busybox httpd[^]*left over from ${there.project.name}-web-1\\s+\\(container ${Id.slice(0, 12)}, removed \\d+ s ago\\)`;
    expect(taken).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(new RegExp(left)) });

    await there.project.write('compose.yaml', onHost(rules));
    expect(await there.stackctl('orphans')).toMatchObject({ exitCode: 2, stdout: expect.stringMatching(new RegExp(left)) });
    expect(await there.stackctl('apply --yes')).toMatchObject({ exitCode: 0 });
    expect(await there.holders(port)).not.toContain(former);
    expect(await there.stackctl('orphans')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^All clear/) });
  } finally {
    endNow(former);
  }
});

test.runIf(isRoot)('a docker-proxy that an engine has left behind', async () => {
  await using there = await inside();
  const container = await up(there, published);
  const [proxy = 0] = childrenOf(there.engine.pid, pidsOf('docker-proxy', `-host-port ${port}`));
  expect(proxy).toBeGreaterThan(1);
  try {
    process.kill(proxy, 'SIGSTOP');
    there.engine.kill('SIGKILL');
    await there.engine.restart();
    await until(async () => !(await container.inspect()).State.Running);
    const engines = new RegExp(`the engine's own docker-proxy \\(process ${proxy}\\), though no container publishes the port`);
    expect((await there.stackctl('ports')).stdout).toMatch(new RegExp(` taken +${engines.source}`));
    expect(await there.stackctl('plan')).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(engines) });
    expect(statOf(proxy)?.isZombie).toBe(false);
  } finally {
    endNow(proxy);
  }
});
