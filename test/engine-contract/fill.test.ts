import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import Docker from 'dockerode';
import { factsIn } from '../../src/adapters/docker-volume-fill.ts';
import { dockerConnection } from '../../src/adapters/docker-connect.ts';
import { runHelper } from '../../src/adapters/docker-helper.ts';
import type { DockerUntil } from '../../src/adapters/docker-client.ts';
import { createVault } from '../../src/model/vault.ts';
import type { Engine } from '../../src/platform/engine.ts';
import { treeProgram } from '../kit/tree-program.ts';
import { within } from './contract-kit.ts';

const image = 'stackctl/helper:1';
const [volume, fresh] = [`adp-contract-fill-${process.pid}`, `adp-contract-fill-${process.pid}.restored`] as const;
/** tar puts its own process number into the header of a file with holes (the name itself is in the extended header before it). */
function withoutProcess(tar: Buffer): Buffer {
  const same = Buffer.from(tar);
  for (let at = 0; at < same.length; at += 512) {
    if (!/GNUSparseFile\.\d+\//.test(same.toString('latin1', at, at + 100))) continue;
    same.fill(0, at, at + 100);
    same.fill(0, at + 148, at + 156); // its checksum
  }
  return same;
}

const plenty = { entries: 1_000_000, bytes: 2 ** 50 };

describe.runIf(process.env['DOCKER_HOST'])('a volume that is filled from the tar of another', () => {
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
    for (const name of [volume, fresh])
      await raw
        .getVolume(name)
        .remove()
        .catch(() => undefined);
  };
  beforeEach(async () => {
    await removeAll();
    for (const Name of [volume, fresh]) await raw.createVolume({ Name });
  });
  afterAll(removeAll);

  const inside = (name: string, command: readonly string[]): Promise<string> =>
    runHelper(
      { docker },
      { what: 'work in a volume', image, mounts: [{ place: { kind: 'volume', name }, target: '/volume', writable: true }], command },
      {
        read: async (output) => {
          let text = '';
          for await (const bytes of output) text += Buffer.from(bytes).toString('latin1');
          return text;
        },
        signal: within(60_000),
      },
    );
  const taken = async (name: string): Promise<Buffer> => {
    const parts: Uint8Array[] = [];
    const keep = async (tar: AsyncIterable<Uint8Array>): Promise<void> => {
      for await (const bytes of tar) parts.push(bytes);
    };
    await engine.readVolume({ volume: name, image, changing: false }, keep, within(60_000));
    return Buffer.concat(parts);
  };
  async function* chunks(tar: Buffer): AsyncGenerator<Buffer> {
    for (let at = 0; at < tar.length; at += 10_000) yield tar.subarray(at, at + 10_000);
  }
  const fill = (tar: Buffer, limits = plenty): Promise<void> =>
    engine.fillVolume({ volume: fresh, image, tar: chunks(tar), expected: () => factsIn(chunks(tar)), limits }, within(60_000));

  test('is the same to the bit: owners, modes, times, attributes, access lists, holes, links, every kind of name', async () => {
    await inside(volume, ['perl', '-e', treeProgram, '500']);
    const tar = await taken(volume);
    await fill(tar);
    expect(withoutProcess(await taken(fresh))).toEqual(withoutProcess(tar));
    // Holes are holes again
    const blocks = (name: string): Promise<string> => inside(name, ['stat', '-c', '%s %b', '/volume/holes']);
    expect(await blocks(fresh)).toBe(await blocks(volume));
  }, 120_000);

  test('what is there is told from what has to be: a byte, an owner, a mode, a time, an attribute, a link', async () => {
    const changes = {
      content: 'printf X | dd of=/volume/a bs=1 conv=notrunc status=none; touch -d @7 /volume/a',
      owner: 'chown 5 /volume/a',
      mode: 'chmod 600 /volume/a',
      time: '/bin/touch -d @7.000000001 /volume/a',
      link: 'ln -sfn other /volume/l; /bin/touch -hd @7 /volume/l',
      kind: 'rm /volume/l; mkfifo /volume/l; touch -d @7 /volume/l',
      name: 'mv /volume/b /volume/c',
      'hard link': 'cp -p /volume/b /volume/c; mv /volume/c /volume/b',
    };
    const make = 'cd /volume; printf size=9 > a; ln a b; ln -s a l; /bin/touch -hd @7 a l .';
    await inside(volume, ['sh', '-c', make]);
    const tar = await taken(volume);
    for (const [what, change] of Object.entries(changes)) {
      await inside(volume, ['sh', '-c', `rm -rf /volume/*; ${make}; ${change}; touch -d @7 /volume`]);
      const other = await taken(volume);
      const filled = engine.fillVolume(
        { volume: fresh, image, again: true, tar: chunks(tar), expected: () => factsIn(chunks(other)), limits: plenty },
        within(60_000),
      );
      await expect(filled, what).rejects.toThrow('what was restored is not what it has to be');
    }
  }, 120_000);

  test('more than was said is not restored', async () => {
    await inside(volume, ['sh', '-c', 'echo one > /volume/one; echo two > /volume/two']);
    const tar = await taken(volume);
    await expect(fill(tar, { ...plenty, entries: 2 })).rejects.toThrow('"./two" is not restored: there are more than 2 entries');
    await expect(fill(tar, { ...plenty, bytes: 7 })).rejects.toThrow('"./two" is not restored: the files hold more than 7 bytes');
  }, 60_000);

  test('a tar that breaks off is none, and what is not there afterwards is told', async () => {
    await inside(volume, ['sh', '-c', 'head -c 100000 /dev/urandom > /volume/one']);
    const tar = await taken(volume);
    await expect(fill(tar.subarray(0, 60_000))).rejects.toThrow('it breaks off before its end');
    await raw.getVolume(fresh).remove();
    await raw.createVolume({ Name: fresh });
    const other = await taken(volume);
    await inside(volume, ['sh', '-c', 'echo two > /volume/two']);
    const more = await taken(volume);
    await expect(
      engine.fillVolume({ volume: fresh, image, tar: chunks(other), expected: () => factsIn(chunks(more)), limits: plenty }, within()),
    ).rejects.toThrow(/(two" is missing|"\." is not what it was)/);
  }, 60_000);
});
