import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { expect, test } from 'vitest';
import { statOf } from '../../../src/adapters/linux-process.ts';
import { endNow, inside, until, type Inside } from './inside.ts';
import { rules, stackOf } from './report-001.ts';

const ports = { aidb: 8091, webui: 3001 } as const;
type Service = keyof typeof ports;
const all: readonly Service[] = ['aidb', 'webui'];

/**
 * A container of the stack on the host's network whose child leaves its cgroup and keeps the port. It crashes as soon as `hold` is gone,
 * and then again and again.
 */
async function leak({ project }: Inside, service: Service): Promise<Docker.Container> {
  const port = ports[service];
  const leave = 'for c in /cg/cgroup.procs /cg/*/cgroup.procs; do echo $$ > $c; done 2>/dev/null';
  const child = `busybox setsid sh -c '${leave}; exec busybox httpd -f -p ${port} -h /etc'`;
  const container = await project.docker.createContainer({
    name: `${project.name}-${service}-1`,
    Image: 'stackctl/busybox:1',
    Cmd: [
      'sh',
      '-c',
      `${child} >/dev/null 2>&1 & while [ -e /flags/hold ]; do sleep 0.1; done; echo "bind: Address already in use"; exit 1`,
    ],
    Labels: {
      'com.docker.compose.project': project.name,
      'com.docker.compose.service': service,
      'com.docker.compose.container-number': '1',
      'com.docker.compose.oneoff': 'False',
      'com.docker.compose.config-hash': 'of-compose',
      'com.docker.compose.project.config_files': `${project.folder}/compose.yaml`,
      'com.docker.compose.project.working_dir': project.folder,
    },
    HostConfig: {
      NetworkMode: 'host',
      PidMode: 'host',
      RestartPolicy: { Name: 'always' },
      Binds: ['/sys/fs/cgroup:/cg', `${project.folder}/flags:/flags`],
      ...{ CgroupnsMode: 'host' },
    },
  });
  await container.start();
  return container;
}

/** As if it had been started again so often: to see it happen would take an hour, as the engine waits up to a minute each time. */
async function setRestartCount({ engine }: Inside, { id }: Docker.Container): Promise<void> {
  const file = join(engine.folder, 'data/containers', id, 'config.v2.json');
  const config = JSON.parse(await readFile(file, 'utf8')) as object;
  await writeFile(file, JSON.stringify({ ...config, RestartCount: 57 }));
}

/**
 * Lets them crash again and again, from the fifty-seventh time on. They run on while the engine does not, and it takes their counts from its
 * files. One that ends right after that may be forgotten by it (20.10) and stands still: then all of it is done once more.
 */
async function crash(there: Inside, containers: readonly Docker.Container[], hold: string): Promise<void> {
  const begin = async (): Promise<boolean> => {
    await writeFile(hold, '');
    await Promise.all(containers.map((container) => container.start().catch(() => undefined))); // those that run say so
    await until(async () => (await looks(containers)).every(({ State }) => State.Status === 'running'));
    await there.engine.restart(async () => {
      for (const container of containers) await setRestartCount(there, container);
    });
    await rm(hold);
    let seen: Docker.ContainerInspectInfo[] = [];
    const isCrashing = (): boolean => seen.every(({ RestartCount }) => RestartCount > 58);
    await until(async () => {
      seen = await looks(containers);
      return isCrashing() || seen.some(isForgotten);
    });
    return isCrashing();
  };
  while (!(await begin()));
}

const looks = (containers: readonly Docker.Container[]): Promise<Docker.ContainerInspectInfo[]> =>
  Promise.all(containers.map((each) => each.inspect()));

const isForgotten = ({ State }: Docker.ContainerInspectInfo): boolean =>
  State.Status === 'exited' && Date.now() - Date.parse(State.FinishedAt) > 5_000;

const file = (rules: string): string => stackOf(ports, { rules, interval: '1s' });

test.runIf(process.getuid?.() === 0)('field report 001: both ports held, both containers restarted more than fifty times', async () => {
  await using there = await inside({ more: ['--live-restore'] });
  const { project } = there;
  const hold = join(project.folder, 'flags/hold');
  await mkdir(join(project.folder, 'flags'));
  await writeFile(hold, '');
  const containers = await Promise.all(all.map((service) => leak(there, service)));
  await until(async () => (await Promise.all(all.map((service) => there.holders(ports[service])))).every((pids) => pids.length > 0));
  const orphans = (await Promise.all(all.map((service) => there.holders(ports[service])))).flat();
  try {
    await crash(there, containers, hold);

    await project.write('compose.yaml', file(''));
    for (const words of ['plan', 'apply --yes']) {
      const { exitCode, stdout, stderr } = await there.stackctl(words);
      expect([words, exitCode]).toEqual([words, 1]);
      for (const [i, service] of all.entries()) {
        const pid = orphans[i] ?? 0;
        expect(stdout + stderr).toMatch(
          new RegExp(`port ${ports[service]}/tcp, which ${service} declares[^]*process ${pid} of root: busybox httpd`),
        );
        const loop = new RegExp(
          `-${service}-1 is in a crash loop: (\\d+) restarts(?:, exit code 1)?; its log says: bind: Address already in use`,
        );
        expect(Number(loop.exec(stdout + stderr)?.[1])).toBeGreaterThan(50);
      }
    }
    expect((await Promise.all(all.map((service) => there.holders(ports[service])))).flat()).toEqual(orphans);
    expect((await Promise.all(containers.map((each) => each.inspect()))).map(({ Id }) => Id)).toEqual(containers.map(({ id }) => id));

    await project.write('compose.yaml', file(rules));
    expect(await there.stackctl('orphans')).toMatchObject({ exitCode: 2 });
    expect((await there.stackctl('plan')).stdout).toMatch(/, 2 processes to end\./);
    expect(await there.stackctl('apply --yes')).toMatchObject({ exitCode: 0 });
    expect(orphans.filter((pid) => statOf(pid)?.isZombie === false)).toEqual([]);
    expect(await there.stackctl('orphans')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^All clear/) });
    expect(await there.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
    const rows = JSON.parse((await there.stackctl('ports --json')).stdout) as { readonly ports: readonly { readonly state: string }[] };
    expect(rows.ports.map(({ state }) => state)).toEqual(['held', 'held']);
  } finally {
    orphans.forEach(endNow);
  }
});
