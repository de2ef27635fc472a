import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contextArchive } from '../../src/adapters/docker-context.ts';
import { buildsOf, type BuildWorld } from './builds.ts';
import { image } from './contract-kit.ts';

/** What is elsewhere an engine fetches itself. */
export function remoteContextContract(world: BuildWorld): void {
  const { built, printed } = buildsOf(world);

  test('builds from an archive that the engine fetches itself', { timeout: 90_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'adp-remote-'));
    const server = createServer((_request, answer) => {
      answer.writeHead(200, { 'content-type': 'application/x-tar', connection: 'close' });
      contextArchive({ context: folder, dockerfile: join(folder, 'Containerfile'), args: {} }).pipe(answer);
    }).listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      await writeFile(join(folder, 'Containerfile'), `FROM ${image}\nCOPY file /file\n`);
      await writeFile(join(folder, 'file'), 'from elsewhere');
      const context = `http://127.0.0.1:${(server.address() as AddressInfo).port}/context.tar`;
      await built({ more: { context, dockerfile: 'Containerfile' } });
      expect(await printed('cat', '/file')).toEqual(['from elsewhere']);
      await expect(built({ more: { context, dockerfile: 'None' } })).rejects.toThrow(/None/);
    } finally {
      server.close();
      await rm(folder, { recursive: true });
    }
  });
}
