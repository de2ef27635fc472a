import { mkdtemp, rm } from 'node:fs/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import Docker from 'dockerode';
import { dockerConnection } from '../../src/adapters/docker-connect.ts';
import { openDocker } from '../../src/adapters/docker-engine.ts';
import { runHelper } from '../../src/adapters/docker-helper.ts';
import { dockerClient } from '../../src/adapters/docker-client.ts';
import type { DataPlace } from '../../src/model/data-place.ts';
import { createVault } from '../../src/model/vault.ts';
import type { Engine } from '../../src/platform/engine.ts';
import { image as busybox, within } from './contract-kit.ts';

const image = 'stackctl/helper:1';
const [volume, aside] = ['adp-contract-data', 'adp-contract-data.before'];
const place = { kind: 'volume', name: volume } satisfies DataPlace;

describe.runIf(process.env['DOCKER_HOST'])('work inside volumes', () => {
  const raw = new Docker({ socketPath: (process.env['DOCKER_HOST'] ?? '').replace('unix://', '') });
  let engine: Engine;
  let docker: ReturnType<typeof dockerClient>;

  beforeAll(async () => {
    const connection = await dockerConnection({}, process.env);
    if (!connection.ok) throw new Error('no engine');
    docker = dockerClient(connection.value);
    engine = openDocker(connection.value).engine(createVault('00'.repeat(16), []));
  });

  const removeVolumes = async (): Promise<void> => {
    for (const name of [volume, aside])
      await raw
        .getVolume(name)
        .remove()
        .catch(() => undefined);
  };

  beforeEach(async () => {
    await removeVolumes();
    for (const Name of [volume, aside]) await raw.createVolume({ Name });
  });
  afterAll(removeVolumes);

  /** A shell in the volume, as whoever makes or looks at what is in there. */
  const shell = async (script: string, at: DataPlace = place): Promise<string> => {
    const mounts = [
      { place: at, target: '/place', writable: true },
      { place: { kind: 'volume', name: aside } as const, target: '/aside', writable: true },
    ];
    const read = async (output: AsyncIterable<Uint8Array>): Promise<string> => {
      const parts: Uint8Array[] = [];
      for await (const part of output) parts.push(part);
      return Buffer.concat(parts).toString();
    };
    const command = ['sh', '-euc', `cd /place; ${script}`];
    return runHelper({ docker }, { what: 'try', image, mounts, command }, { read, signal: within(60_000) });
  };
  const listing = (at: DataPlace = place): Promise<string> => shell(`find . -exec stat -c '%i %f %u:%g %s %y %N' {} + | sort`, at);
  const owners = (at: DataPlace = place): Promise<string> => shell(`find . -exec stat -c '%u:%g %a %n' {} + | sort -k3`, at);

  const tree = `
    mkdir -p storage/wal; echo one > storage/one; echo two > storage/wal/two; ln -s storage/one link; ln -s /etc/passwd absolute
    mkfifo pipe; printf x > "$(printf 'not\\377utf8')"; printf y > 'with
newline'; chmod 4755 storage/one; chown 5:6 storage/wal/two; chmod 2750 storage; : > empty`;
  const common = { place, image, aside };

  test('a look says what the root has, how many entries differ, and some of them', async () => {
    await shell(tree);
    const look = await engine.lookInto(
      { place, image, ids: { uid: 1000, gid: 1000 }, files: ['empty', 'storage/one', 'gone', 'x/y'] },
      within(),
    );
    expect(look).toMatchObject({ root: { uid: 0, gid: 0, mode: 0o755 }, looked: 11, differ: 11, isWhole: true, refused: [] });
    expect(look.sample).toHaveLength(5);
    expect(look.files).toEqual({ empty: 0, 'storage/one': 4 });
    expect(await engine.lookInto({ place, image, ids: { uid: 5 }, depth: 0, files: [] }, within())).toMatchObject({ looked: 1, differ: 1 });
    expect(await engine.lookInto({ place, image, ids: {}, mode: 'u+rwX', files: ['storage', 'link'] }, within())).toMatchObject({
      differ: 0,
      refused: ['storage is no regular file; nothing else is ever removed', 'link is no regular file; nothing else is ever removed'],
    });
  });

  test('every entry gets its owner and mode, and gets back what it had, to the bit', async () => {
    await shell(tree);
    const before = await listing();
    const order = { ...common, ids: { uid: 1000, gid: 1001 }, mode: 'u=rwX,g=rX,o=' };
    expect(await engine.ownFiles(order, within())).toBe(11);
    expect(await owners()).toBe(
      [
        'newline',
        '1000:1001 750 .',
        '1000:1001 777 ./absolute',
        '1000:1001 640 ./empty',
        '1000:1001 777 ./link',
        '1000:1001 640 ./not\udcffutf8',
        '1000:1001 640 ./pipe',
        '1000:1001 2750 ./storage',
        '1000:1001 750 ./storage/one',
        '1000:1001 750 ./storage/wal',
        '1000:1001 640 ./storage/wal/two',
        '1000:1001 640 ./with',
      ]
        .join('\n')
        .replace('\udcff', '\ufffd')
        .concat('\n'),
    );
    expect(await engine.lookInto({ place, image, ids: order.ids, mode: order.mode, files: [] }, within())).toMatchObject({ differ: 0 });
    expect(await engine.ownFiles(order, within())).toBe(0);
    await engine.disownFiles(common, within());
    expect(await listing()).toBe(before);
    await engine.disownFiles(common, within());
    expect(await listing()).toBe(before);
    expect(await shell('ls -A /aside')).toBe('');
  });

  test('done in two goes, each with another wish, it is taken back to the first', async () => {
    await shell(tree);
    const before = await listing();
    await engine.ownFiles({ ...common, ids: { uid: 1000 }, depth: 1 }, within());
    await engine.ownFiles({ ...common, ids: { gid: 77 }, mode: 'a+X,u-s' }, within());
    await engine.disownFiles(common, within());
    expect(await listing()).toBe(before);
  });

  test('what came since is left alone on the way back', async () => {
    await shell('echo a > a; echo b > b');
    await engine.ownFiles({ ...common, ids: { uid: 1000 } }, within());
    await shell('echo other > b2; mv b2 b; chown 1000 b; echo new > new; chown 1000 new');
    await engine.disownFiles(common, within());
    expect(await owners()).toBe('0:0 755 .\n0:0 644 ./a\n1000:0 644 ./b\n1000:0 644 ./new\n');
  });

  test('files go, and come back with all that they had', async () => {
    await shell(`${tree}; touch -d '2001-02-03 04:05:06' storage/wal/two; cat storage/wal/two`);
    const before = await shell('stat -c "%u:%g %a %s %y %n" storage/wal/two storage/one; cat storage/wal/two');
    const order = { ...common, files: ['storage/wal/two', 'gone', 'storage/one'] };
    expect(await engine.removeFiles(order, within())).toBe(2);
    expect(await shell('ls storage/wal storage')).toBe('storage:\nwal\n\nstorage/wal:\n');
    expect(await engine.removeFiles(order, within())).toBe(0);
    await shell('echo anew > storage/wal/two');
    await engine.putBackFiles(order, within());
    expect(await shell('stat -c "%u:%g %a %s %y %n" storage/wal/two storage/one; cat storage/wal/two')).toBe(before);
    await shell('echo later > storage/wal/two');
    await engine.putBackFiles(order, within());
    expect(await shell('cat storage/wal/two; ls -A /aside/files')).toBe('later\n');
  });

  test('nothing but a regular file is removed, and no folder on the way is a link', async () => {
    await shell(`${tree}; ln -s storage other; mkdir -p /aside/out; echo x > /aside/out/x; ln -s /aside/out outside`);
    for (const file of ['storage', 'link', 'absolute', 'pipe', 'other/one', 'outside/x']) {
      await expect(engine.removeFiles({ ...common, files: [file] }, within()), file).rejects.toThrow(/is no (regular file|folder)/);
    }
    expect(await shell('cat storage/one /aside/out/x')).toBe('one\nx\n');
  });

  test('in a folder of the host a file with a second name is refused, before anything is changed', async () => {
    const folder = await mkdtemp('/var/tmp/adp-contract-');
    try {
      await execa('sh', ['-c', 'mkdir in; echo mine > mine; chmod 600 mine; ln mine in/linked; echo a > in/a'], { cwd: folder });
      const bind: DataPlace = { kind: 'bind', path: `${folder}/in` };
      const before = await listing(bind);
      const order = { ...common, place: bind };
      await expect(engine.ownFiles({ ...order, ids: { uid: 1000 } }, within())).rejects.toThrow(
        /linked has another name too \(a hard link\)/,
      );
      await expect(engine.removeFiles({ ...order, files: ['linked'] }, within())).rejects.toThrow(/linked has another name too/);
      expect(await listing(bind)).toBe(before);
      expect(await engine.lookInto({ place: bind, image, ids: { uid: 1000 }, files: [] }, within())).toMatchObject({
        refused: ['linked has another name too (a hard link), so it may be a file of somebody else'],
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('users are known as the image knows them', async () => {
    await raw.createVolume({ Name: volume });
    expect(await engine.idsOf({ image: busybox, user: 'root', withGroup: true }, within())).toEqual({ uid: 0, gid: 0 });
    expect(await engine.idsOf({ image: busybox, user: '1234', withGroup: true }, within())).toEqual({ uid: 1234, gid: 0 });
    expect(await engine.idsOf({ image: busybox, user: '1234', group: '7', withGroup: true }, within())).toEqual({ uid: 1234, gid: 7 });
    expect(await engine.idsOf({ image, user: 'www-data', withGroup: false }, within())).toEqual({ uid: 33 });
    expect(await engine.idsOf({ image, user: 'www-data', group: 'root', withGroup: false }, within())).toEqual({ uid: 33, gid: 0 });
    expect(await engine.idsOf({ image, user: '33', withGroup: true }, within())).toEqual({ uid: 33, gid: 33 });
    await expect(engine.idsOf({ image, user: 'nobody-there', withGroup: false }, within())).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a process that swaps names for links all the while gets nothing outside changed', async () => {
    await shell(
      'mkdir -p d/e /aside/out; for i in $(seq 300); do : > d/f$i; : > d/e/f$i; done; echo x > /aside/out/secret; chmod 600 /aside/out/secret',
    );
    const script =
      'use strict; chdir "/place"; mkdir "x"; symlink "/aside/out", "l"; symlink "/aside/out/secret", "s"; my $end = time + 8; while (time < $end) { ' +
      'rename "d/e", "d/old"; rename "l", "d/e"; rename "d/e", "l"; rename "d/old", "d/e"; rename "d/f1", "d/f0"; rename "s", "d/f1"; rename "d/f1", "s"; rename "d/f0", "d/f1" }';
    const swapping = raw.createContainer({
      Image: image,
      Entrypoint: [],
      Cmd: ['perl', '-e', script],
      HostConfig: {
        AutoRemove: true,
        NetworkMode: 'none',
        Mounts: [
          { Type: 'volume', Source: volume, Target: '/place' },
          { Type: 'volume', Source: aside, Target: '/aside', ReadOnly: true },
        ],
      },
    });
    const container = await swapping;
    await container.start();
    const ended = container.wait();
    let id = 1000;
    const isOver = (): Promise<boolean> =>
      container.inspect().then(
        ({ State }) => !State.Running,
        () => true,
      );
    while (!(await isOver())) {
      id += 1;
      await engine.ownFiles({ ...common, ids: { uid: id, gid: id }, mode: 'a=rwX' }, within()).catch(() => undefined);
    }
    await ended.catch(() => undefined);
    expect(id).toBeGreaterThan(1002);
    expect(await shell('stat -c "%u:%g %a" /aside/out /aside/out/secret; cat /aside/out/secret')).toBe('0:0 755\n0:0 600\nx\n');
  }, 60_000);
});
