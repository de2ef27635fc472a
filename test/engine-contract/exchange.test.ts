import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import Docker from 'dockerode';
import { dockerConnection } from '../../src/adapters/docker-connect.ts';
import { runHelper } from '../../src/adapters/docker-helper.ts';
import type { DockerUntil } from '../../src/adapters/docker-client.ts';
import { createVault } from '../../src/model/vault.ts';
import type { Engine } from '../../src/platform/engine.ts';
import { image as busybox, within } from './contract-kit.ts';

const image = 'stackctl/helper:1';
const [volume, fresh, small] = ['adp-contract-switch', 'adp-contract-switch.restored', 'adp-contract-small'] as const;

describe.runIf(process.env['DOCKER_HOST'])('two volumes change what is in them', () => {
  const raw = new Docker({ socketPath: (process.env['DOCKER_HOST'] ?? '').replace('unix://', '') });
  let docker: DockerUntil;
  let engine: Engine;

  beforeAll(async () => {
    const connection = await dockerConnection({}, process.env);
    if (!connection.ok) throw new Error('no engine');
    const { dockerClient } = await import('../../src/adapters/docker-client.ts');
    docker = dockerClient(connection.value);
    const { openDocker } = await import('../../src/adapters/docker-engine.ts');
    engine = openDocker(connection.value).engine(createVault('00'.repeat(16)));
  });

  const removeAll = async (): Promise<void> => {
    for (const { Id } of await raw.listContainers({ all: true, filters: { label: ['adp-contract=switch'] } }))
      await raw.getContainer(Id).remove({ force: true });
    for (const name of [volume, fresh, small])
      await raw
        .getVolume(name)
        .remove()
        .catch(() => undefined);
  };

  beforeEach(async () => {
    await removeAll();
    for (const name of [volume, fresh]) {
      await raw.createVolume({ Name: name });
      await inside(name, `echo ${name} > /volume/who`);
    }
  });
  afterAll(removeAll);

  const inside = (name: string, script: string): Promise<string> =>
    runHelper(
      { docker },
      {
        what: 'prepare a volume',
        image,
        mounts: [{ place: { kind: 'volume', name }, target: '/volume', writable: true }],
        command: ['sh', '-c', script],
      },
      {
        read: async (output) => {
          let text = '';
          for await (const bytes of output) text += Buffer.from(bytes).toString();
          return text;
        },
        signal: within(),
      },
    );
  const standing = async (): Promise<string> =>
    (await Promise.all([volume, fresh].map((name) => inside(name, 'cat /volume/who')))).join('').trim().replace('\n', ' ');
  const exchange = (way: 'there' | 'back'): Promise<void> => engine.exchangeVolumes({ volume, fresh, way, image }, within());

  const [straight, switched] = [`${volume} ${fresh}`, `${fresh} ${volume}`];

  test('there and back, and done twice is the same', async () => {
    await exchange('back');
    expect(await standing()).toBe(straight);
    await exchange('there');
    expect(await standing()).toBe(switched);
    await exchange('there');
    expect(await standing()).toBe(switched);
    await exchange('back');
    await exchange('back');
    expect(await standing()).toBe(straight);
    await exchange('there');
    expect(await standing()).toBe(switched);
  }, 60_000);

  test('a volume that was made again meanwhile gets back what was in it', async () => {
    await exchange('there');
    await raw.getVolume(volume).remove();
    await raw.createVolume({ Name: volume });
    await exchange('back');
    expect(await inside(volume, 'cat /volume/who')).toBe(`${volume}\n`);
    await exchange('back');
    expect(await inside(volume, 'cat /volume/who')).toBe(`${volume}\n`);
  }, 60_000);

  test('not while a container runs that mounts one of them; one that was stopped finds what is there then', async () => {
    const container = await raw.createContainer({
      Image: busybox,
      Labels: { 'adp-contract': 'switch' },
      Cmd: ['busybox', 'sh', '-c', 'busybox cat /data/who; busybox sleep 600'],
      HostConfig: { Binds: [`${volume}:/data`] },
    });
    await container.start();
    await expect(exchange('there')).rejects.toMatchObject({ code: 'conflict' });
    await container.stop({ t: 0 });
    await exchange('there');
    await container.start();
    await expect.poll(async () => (await container.logs({ stdout: true })).toString()).toContain(fresh);
    await container.stop({ t: 0 });
  }, 60_000);

  test('only plain ones of the local driver, that are there', async () => {
    await raw.createVolume({ Name: small, DriverOpts: { type: 'tmpfs', device: 'tmpfs' } });
    await expect(engine.exchangeVolumes({ volume, fresh: small, way: 'there', image }, within())).rejects.toMatchObject({
      code: 'refused',
    });
    await expect(engine.exchangeVolumes({ volume, fresh: `${fresh}.no`, way: 'there', image }, within())).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await standing()).toBe(straight);
  }, 60_000);

  test('a volume whose folder is none is not switched', async () => {
    const above = (script: string): Promise<string> =>
      runHelper(
        { docker },
        {
          what: 'break it',
          image,
          mounts: [{ place: { kind: 'bind', path: volumes }, target: '/v', writable: true }],
          command: ['sh', '-c', script],
        },
        {
          read: async (output) => {
            for await (const _ of output);
            return '';
          },
          signal: within(),
        },
      );
    const { Mountpoint } = await raw.getVolume(fresh).inspect();
    const volumes = Mountpoint.split('/').slice(0, -2).join('/');
    await above(`mv /v/${fresh}/_data /v/${fresh}/away && ln -s /etc /v/${fresh}/_data`);
    await expect(exchange('there')).rejects.toThrow(/is no folder/);
    await above(`rm /v/${fresh}/_data && mv /v/${fresh}/away /v/${fresh}/_data`);
    expect(await standing()).toBe(straight);
  }, 60_000);
});
