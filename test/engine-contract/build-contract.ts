import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/platform/engine.ts';
import { alsoBuilt, builtImage, image, orderOf, seen, within } from './contract-kit.ts';

/** What a build may be asked for, beside its files. */
export function buildContract(world: { readonly engine: Engine }): void {
  test('builds from an inline Dockerfile, with labels, hosts, limits and more names', async () => {
    const { engine } = world;
    const context = await mkdtemp(join(tmpdir(), 'adp-build-'));
    try {
      await writeFile(join(context, 'Dockerfile'), 'FROM no-such-image\n');
      const spec = {
        context,
        dockerfile: join(context, 'Dockerfile'),
        dockerfileInline: `FROM ${image}\nRUN busybox grep 10.9.8.7 /etc/hosts && busybox sh -c 'ulimit -n' > /limit && busybox df -k /dev/shm >> /limit\n`,
        args: {},
        labels: { 'com.example.built': 'yes' },
        network: 'none',
        shmSize: 32 * 1024 * 1024,
        extraHosts: ['db:10.9.8.7'],
        cacheFrom: [image],
        noCache: true,
        tags: [alsoBuilt],
        ulimits: { nofile: { soft: 123, hard: 456 } },
      };
      await engine.buildImage(builtImage, spec, { onProgress: () => undefined, signal: within(60_000) });
      const order = orderOf({ image: alsoBuilt, command: ['busybox', 'cat', '/limit'] });
      const id = await engine.createContainer(order, within());
      await engine.startContainer(id, within());
      for await (const state of engine.watch(id, within())) if (state.status === 'exited') break;
      expect((await engine.logs(id, 10, within())).join('\n')).toMatch(/^123\n[^]*\b32768\b/);
      expect((await seen(engine, order.name)).settings.labels).toMatchObject({ 'com.example.built': 'yes' });
    } finally {
      await rm(context, { recursive: true });
    }
  }, 90_000);
}
