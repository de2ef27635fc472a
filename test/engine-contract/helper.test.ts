import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import Docker from 'dockerode';
import { dockerConnection } from '../../src/adapters/docker-connect.ts';
import { runHelper, type HelperMount, type HelperOrder } from '../../src/adapters/docker-helper.ts';
import { endHelpersOf, helperLabel, helperOwnerLabel } from '../../src/adapters/docker-helpers-left.ts';
import { removeVolume } from '../../src/adapters/docker-networks.ts';
import type { DockerUntil } from '../../src/adapters/docker-client.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import { within } from './contract-kit.ts';

const image = 'stackctl/helper:1';
const volume = 'adp-contract-helper';

async function textOf(output: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const bytes of output) parts.push(bytes);
  return Buffer.concat(parts).toString();
}

describe.runIf(process.env['DOCKER_HOST'])('a helper that works inside volumes', () => {
  const raw = new Docker({ socketPath: (process.env['DOCKER_HOST'] ?? '').replace('unix://', '') });
  let docker: DockerUntil;

  beforeAll(async () => {
    const connection = await dockerConnection({}, process.env);
    if (!connection.ok) throw new Error('no engine');
    const { dockerClient } = await import('../../src/adapters/docker-client.ts');
    docker = dockerClient(connection.value);
    await raw.createVolume({ Name: volume });
  });

  afterAll(async () => {
    expect(await helpers()).toEqual([]);
    await raw.getVolume(volume).remove();
  });

  /** Others may have theirs on the same engine. */
  const own = { label: [`${helperLabel}=try a helper`] };
  const helpers = async (): Promise<string[]> => (await raw.listContainers({ all: true, filters: own })).map(({ Names }) => Names.join());

  const mounted = (writable: boolean): HelperMount => ({ place: { kind: 'volume', name: volume }, target: '/volume', writable });
  const order = (command: readonly string[], mounts: readonly HelperMount[] = []): HelperOrder => ({
    what: 'try a helper',
    image,
    mounts,
    command,
  });

  test('what goes in comes out, however much it is, and slowly read', async () => {
    const parts = Array.from({ length: 64 }, () => randomBytes(512 * 1024));
    const sum = createHash('sha256');
    for (const part of parts) sum.update(part);
    async function* input() {
      yield* parts;
    }
    const read = async (output: AsyncIterable<Uint8Array>) => {
      const hash = createHash('sha256');
      for await (const bytes of output) hash.update(bytes);
      return hash.digest('hex');
    };
    expect(await runHelper({ docker }, order(['cat']), { input: input(), read, signal: within(60_000) })).toBe(sum.digest('hex'));
  });

  test.each([1_200_000, 1_400_000, 3_000_000])(
    '%i bytes come whole to a reader that is slower than the engine waits for it',
    async (count) => {
      const read = async (output: AsyncIterable<Uint8Array>) => {
        let bytes = 0;
        for await (const chunk of output) {
          if (bytes === 0) await pause(3_000); // a disk that stands still; an engine gives up after two seconds
          bytes += chunk.length;
        }
        return bytes;
      };
      const printing = ['perl', '-e', `print 'x' x ${count}`];
      expect(await runHelper({ docker }, order(printing), { read, signal: within(60_000) })).toBe(count);
    },
  );

  test('a program that fails is told with what it printed', async () => {
    const failing = runHelper({ docker }, order(['cp', '/no-such-file', '/tmp']), { read: textOf, signal: within() });
    await expect(failing).rejects.toThrow(/^Could not try a helper: the helper ended with 1 \(cp: cannot stat '\/no-such-file'/);
    await expect(failing).rejects.toBeInstanceOf(EngineError);
  });

  test('an input that breaks off, and a reader that has had enough, end it', async () => {
    async function* broken() {
      yield Buffer.from('some');
      await Promise.reject(new Error('no more of it'));
    }
    await expect(runHelper({ docker }, order(['cat']), { input: broken(), read: textOf, signal: within() })).rejects.toThrow(
      'no more of it',
    );
    const read = async (output: AsyncIterable<Uint8Array>) => {
      for await (const _bytes of output) throw new Error('that is enough');
    };
    await expect(runHelper({ docker }, order(['yes']), { read, signal: within() })).rejects.toThrow('that is enough');
    expect(await helpers()).toEqual([]);
  });

  test('when the time is over it is ended', async () => {
    const signal = AbortSignal.timeout(1_500);
    await expect(runHelper({ docker }, order(['sleep', '600'], [mounted(true)]), { read: textOf, signal })).rejects.toMatchObject({
      code: 'timeout',
    });
    expect(await helpers()).toEqual([]);
  });

  test('it sees no network, and can write nowhere but where it may', async () => {
    const run = (script: string, writable: boolean) =>
      runHelper({ docker }, order(['sh', '-c', script], [mounted(writable)]), { read: textOf, signal: within() });
    expect(await run('ls /sys/class/net', false)).toBe('lo\n');
    expect(await run('touch /volume/x /x 2>&1; ls /volume', false)).not.toMatch(/^x$/m);
    expect(await run('touch /volume/x; touch /x 2>&1; ls /volume', true)).toMatch(/Read-only file system\nx\n$/);
    expect(await run('chown 1234:5678 /volume/x && chmod 4711 /volume/x && stat -c "%u %g %a" /volume/x', true)).toBe('1234 5678 4711\n');
    expect(await run('mount -t tmpfs none /tmp 2>&1; mknod /volume/d b 8 0 2>&1; ls /volume', true)).toMatch(/\nx\n$/);
  });

  test('one that a dead run left at work there is ended first', async () => {
    const started = new Promise<void>((resolve) => {
      const read = async (output: AsyncIterable<Uint8Array>) => {
        for await (const _bytes of output) resolve();
      };
      const old = order(['sh', '-c', 'seq 100; sleep 600'], [mounted(true)]);
      runHelper({ docker }, old, { read, signal: within() }).catch(() => undefined);
    });
    await started;
    expect(await runHelper({ docker }, order(['echo', 'mine'], [mounted(true)]), { read: textOf, signal: within() })).toBe('mine\n');
    expect(await helpers()).toEqual([]);
  });

  describe('one that was made and never started', () => {
    const made = (by: string): Promise<Docker.Container> =>
      raw.createContainer({
        Image: image,
        Labels: { [helperLabel]: 'try a helper', [helperOwnerLabel]: by },
        HostConfig: { AutoRemove: true, Mounts: [{ Type: 'volume', Source: volume, Target: '/volume', ReadOnly: true }] },
      });

    test('goes with the next one there, when its process has died on this host', async () => {
      const dead = spawnSync('true').pid;
      const [living, , elsewhere] = await Promise.all([
        made(`${hostname()} ${String(process.pid)}`),
        made(`${hostname()} ${String(dead)}`),
        made(`elsewhere ${String(dead)}`),
      ]);
      await runHelper({ docker }, order(['true'], [mounted(false)]), { read: textOf, signal: within() });
      const ids = (await raw.listContainers({ all: true, filters: own })).map(({ Id }) => Id);
      expect(ids.sort()).toEqual([living.id, elsewhere.id].sort());
      await endHelpersOf({ docker }, volume, within());
      expect(await helpers()).toEqual([]);
    });

    test('keeps no volume from being removed', async () => {
      const going = `${volume}-going`;
      await raw.createVolume({ Name: going });
      const { id } = await raw.createContainer({
        Image: image,
        Labels: { [helperLabel]: 'try a helper', [helperOwnerLabel]: 'elsewhere 1' },
        HostConfig: { Mounts: [{ Type: 'volume', Source: going, Target: '/volume' }] },
      });
      const user = await raw.createContainer({ Image: image, HostConfig: { Mounts: [{ Type: 'volume', Source: going, Target: '/v' }] } });
      await expect(removeVolume({ docker }, going, within())).rejects.toThrow(/in use/);
      await user.remove();
      await removeVolume({ docker }, going, within());
      expect((await raw.listContainers({ all: true })).map(({ Id }) => Id)).not.toContain(id);
    });
  });
});
