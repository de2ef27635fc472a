import { afterAll, describe, test } from 'vitest';
import { dockerConnection } from '../../src/adapters/docker-connect.ts';
import type { Connection } from '../../src/adapters/docker-connect.ts';
import { createVault } from '../../src/model/vault.ts';
import { alsoBuilt, builtImage, madeByContract } from './contract-kit.ts';
import { engineContract } from './engine-contract.ts';
import { lockContract } from './lock-contract.ts';

async function connect(): Promise<Connection> {
  const connection = await dockerConnection({}, process.env);
  if (!connection.ok) throw new Error(connection.error.map(({ message }) => message).join('\n'));
  return connection.value;
}

if (process.env['DOCKER_HOST']) {
  // The Engine interface removes no images, so what the contract builds is removed past it
  afterAll(async () => {
    const { dockerClient } = await import('../../src/adapters/docker-client.ts');
    const docker = dockerClient(await connect())(AbortSignal.timeout(10_000));
    // One after the other: they are names of one image, which the engine takes away with the last
    for (const name of [builtImage, alsoBuilt]) await docker.getImage(name).remove();
    const label = Object.entries(madeByContract).map((pair) => pair.join('='));
    for (const { Id } of await docker.listImages({ filters: { label } })) await docker.getImage(Id).remove();
  });

  engineContract(`the engine at ${process.env['DOCKER_HOST']}`, async () => {
    const vault = createVault('00'.repeat(16));
    const { openDocker } = await import('../../src/adapters/docker-engine.ts');
    return { engine: openDocker(await connect()).engine(vault), vault };
  });

  lockContract(`the engine at ${process.env['DOCKER_HOST']}`, async () => {
    const { openDocker } = await import('../../src/adapters/docker-engine.ts');
    return openDocker(await connect()).lock;
  });
} else {
  describe('engine contract', () => {
    console.warn('engine contract: skipped, because DOCKER_HOST is not set');
    test.skip('needs an engine at DOCKER_HOST');
  });
}
