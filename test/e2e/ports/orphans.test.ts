import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import type Docker from 'dockerode';
import { expect, test } from 'vitest';
import { linuxHost } from '../../../src/adapters/linux-host.ts';
import { untilTrue } from '../../../src/lib/until-true.ts';
import { createRig, type Rig } from '../bad-days/rig.ts';
import { rules, stackOf } from './report-001.ts';

const signal = () => AbortSignal.timeout(60_000);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const end = once(server, 'close');
  server.close();
  await end;
  return port;
}

const holdersOf = async (port: number): Promise<number[]> =>
  (await linuxHost().listeners([{ protocol: 'tcp', port }], signal())).flatMap(({ holders }) => holders.map(({ pid }) => pid));

interface Leak extends AsyncDisposable {
  readonly container: Docker.Container;
}

/**
 * A container of the stack on the host's network that exits again and again, because a child of its first run has left its cgroup and
 * still holds its port: field report 001.
 */
async function leak(rig: Rig, service: string, port: number): Promise<Leak> {
  const leaveCgroups = 'for c in /cg/cgroup.procs /cg/*/cgroup.procs; do echo $$ > $c; done 2>/dev/null';
  const child = `busybox setsid sh -c '${leaveCgroups}; exec busybox httpd -f -p ${port} -h /etc'`;
  const container = await rig.project.docker.createContainer({
    name: `${rig.project.name}-${service}-1`,
    Image: 'stackctl/busybox:1',
    Cmd: ['sh', '-c', `${child} >/dev/null 2>&1 & sleep 0.2; echo "bind: Address already in use"; exit 1`],
    Labels: {
      'com.docker.compose.project': rig.project.name,
      'com.docker.compose.service': service,
      'com.docker.compose.container-number': '1',
      'com.docker.compose.oneoff': 'False',
      'com.docker.compose.config-hash': 'of-compose',
      'com.docker.compose.project.config_files': `${rig.project.folder}/compose.yaml`,
      'com.docker.compose.project.working_dir': rig.project.folder,
    },
    HostConfig: {
      NetworkMode: 'host',
      PidMode: 'host',
      RestartPolicy: { Name: 'always' },
      Binds: ['/sys/fs/cgroup:/cg'],
      ...{ CgroupnsMode: 'host' },
    },
  });
  await container.start();
  await untilTrue(async () => (await container.inspect()).RestartCount >= 3 && (await holdersOf(port)).length > 0, {
    firstPauseMs: 50,
    longestPauseMs: 500,
    signal: signal(),
  });
  return {
    container,
    async [Symbol.asyncDispose]() {
      await container.remove({ force: true }).catch(() => undefined);
      for (const pid of await holdersOf(port)) process.kill(pid, 'SIGKILL');
    },
  };
}

const file = (ports: Parameters<typeof stackOf>[0], named = ''): string => stackOf(ports, { rules: named, interval: '5s' });

test.runIf(process.getuid?.() === 0)(
  'orphans hold both ports while their containers crash again and again: explained, then solved',
  async () => {
    await using rig = await createRig();
    const ports = { aidb: await freePort(), webui: await freePort() };
    await using _aidb = await leak(rig, 'aidb', ports.aidb);
    await using _webui = await leak(rig, 'webui', ports.webui);
    const [aidb] = await holdersOf(ports.aidb);

    await rig.write(file(ports));
    const before = await holdersOf(ports.webui);
    const refused = await rig.stackctl('apply --yes');
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout + refused.stderr).toMatch(
      new RegExp(
        `port ${ports.aidb}/tcp, which aidb declares[^]*process ${aidb} of root: busybox httpd[^]*port ${ports.webui}/tcp, which webui declares`,
      ),
    );
    expect(refused.stdout + refused.stderr).toMatch(
      /-aidb-1 is in a crash loop: \d+ restarts(?:, exit code 1)?; its log says: bind: Address already in use/,
    );
    expect([await holdersOf(ports.aidb), await holdersOf(ports.webui)]).toEqual([[aidb], before]);
    expect(await rig.stackctl('orphans')).toMatchObject({ exitCode: 0 });

    await rig.write(file(ports, rules));
    expect(await rig.stackctl('orphans')).toMatchObject({ exitCode: 2, stdout: expect.stringContaining(`process ${aidb} of root`) });
    const planned = await rig.stackctl('plan');
    expect(planned.stdout).toMatch(/, 2 processes to end\./);
    expect(await rig.stackctl('apply --yes')).toMatchObject({ exitCode: 0 });
    expect(await holdersOf(ports.aidb)).not.toContain(aidb);
    expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
    expect(await rig.stackctl('orphans --end --yes')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^All clear/) });
    const rows = JSON.parse((await rig.stackctl('ports --json')).stdout) as { readonly ports: readonly { readonly state: string }[] };
    expect(rows.ports.map(({ state }) => state)).toEqual(['held', 'held']);
  },
);

test.runIf(process.getuid?.() === 0)('ended before a deployment, also where no engine answers', async () => {
  await using rig = await createRig();
  const ports = { aidb: await freePort(), webui: await freePort() };
  await using leaked = await leak(rig, 'aidb', ports.aidb);
  await leaked.container.remove({ force: true });
  await rig.write(file(ports, rules));
  const withoutEngine = { env: { DOCKER_HOST: `unix://${rig.project.folder}/nobody.sock` } };
  expect(await rig.stackctl('orphans', withoutEngine)).toMatchObject({ exitCode: 2 });
  expect(await rig.stackctl('orphans --end', withoutEngine)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('no terminal to ask'),
  });
  expect(await holdersOf(ports.aidb)).toHaveLength(1);
  expect(await rig.stackctl('orphans --end --yes', withoutEngine)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('ended') });
  expect(await holdersOf(ports.aidb)).toEqual([]);
});
