import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endNow, inside, until } from './inside.ts';

const port = 8091;
const cache = join(process.env['STACKCTL_ENGINE_DIR'] ?? '/var/tmp/stackctl-engine', 'cache/sid-engine/usr/sbin/dockerd');

/** A child that left its cgroup keeps what the container writes to: since Docker 28 every question about that container hangs. */
test.runIf(process.getuid?.() === 0 && existsSync(cache))('a container that the engine says nothing of any more', async () => {
  await using there = await inside({ flavour: 'newest' });
  const { project } = there;
  const leave = 'for c in /cg/cgroup.procs /cg/*/cgroup.procs; do echo $$ > $c; done 2>/dev/null';
  const container = await project.docker.createContainer({
    name: `${project.name}-web-1`,
    Image: 'stackctl/busybox:1',
    Cmd: ['sh', '-c', `busybox setsid sh -c '${leave}; exec busybox httpd -f -p ${port}' & sleep 1; exit 1`],
    Labels: {
      'com.docker.compose.project': project.name,
      'com.docker.compose.service': 'web',
      'com.docker.compose.container-number': '1',
      'com.docker.compose.oneoff': 'False',
      'com.docker.compose.config-hash': 'of-compose',
    },
    HostConfig: { NetworkMode: 'host', PidMode: 'host', Binds: ['/sys/fs/cgroup:/cg'], ...{ CgroupnsMode: 'host' } },
  });
  await container.start();
  await until(async () => (await there.holders(port)).length > 0);
  const [holder = 0] = await there.holders(port);
  try {
    const hangs = async (): Promise<boolean> =>
      container.inspect({ abortSignal: AbortSignal.timeout(1000) }).then(
        () => false,
        () => true,
      );
    await until(hangs);
    await project.write(
      'compose.yaml',
      `services:
  web:
    image: stackctl/busybox:1
    network_mode: host
    expose: ["${port}"]
    command: [busybox, httpd, -f, -p, "${port}"]
`,
    );
    const ran = await Promise.all(['ports', 'plan'].map((words) => there.stackctl(words)));
    for (const { exitCode, stderr } of ran) {
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(new RegExp(`inspect container ${container.id.slice(0, 12)}`));
    }
    expect(await there.holders(port)).toEqual([holder]);
  } finally {
    endNow(holder);
  }
});
