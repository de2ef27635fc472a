import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Vault } from '../../src/model/vault.ts';
import type { Engine } from '../../src/platform/engine.ts';
import { builtImage, image, network, orderOf, owner, query, seen, stack, within } from './contract-kit.ts';

interface World {
  readonly engine: Engine;
  readonly vault: Vault;
}

/** Names, networks, volumes and images: what containers of a stack share, and what may stand in the way. */
export function stackContract(world: World): void {
  test('a taken name is a conflict; a rename frees it; a glance finds by exact name', async () => {
    const { engine } = world;
    const order = orderOf({ networks: { [network]: { aliases: ['web'] } } });
    const id = await engine.createContainer(order, within());
    await expect(engine.createContainer(order, within())).rejects.toMatchObject({ code: 'conflict' });
    const aside = `${order.name}-aside`;
    await engine.renameContainer(id, aside, within());
    await engine.renameContainer(id, aside, within());
    const touches = [order.name, aside, id.slice(0, 12)].map((name) => ({ kind: 'container', name }) as const);
    const found = await engine.glance(
      [
        ...touches,
        { kind: 'image', name: image },
        { kind: 'image', name: 'no/such:1' },
        { kind: 'network', name: network },
        { kind: 'volume', name: 'adp-contract_none' },
      ],
      within(),
    );
    expect(Object.keys(found.containers)).toEqual([aside]);
    expect(Object.keys(found.images)).toEqual([image]);
    expect(found.networks[network]).toMatchObject({ stack, run: owner.run });
    expect(found.volumes).toEqual({});
    expect(found.containers[aside]).toEqual(await seen(engine, aside));
    expect(found.containers[aside]?.settings.networks).toMatchObject({ [network]: { aliases: ['web'] } });
  });

  test('connects and disconnects, twice over', async () => {
    const { engine } = world;
    const order = orderOf({ networks: { [network]: { aliases: ['web'] } } });
    const container = await engine.createContainer(order, within());
    await engine.startContainer(container, within());
    const link = { network: 'adp-contract_back', container, attachment: { aliases: ['b', 'web'] } };
    await engine.connectNetwork(link, within());
    await engine.connectNetwork(link, within());
    const { networks = {} } = (await seen(engine, order.name)).settings;
    expect(networks['adp-contract_back']?.aliases).toEqual(['b', 'web']);
    expect(networks['adp-contract_back']?.id).toMatch(/^[0-9a-f]{64}$/);
    await engine.disconnectNetwork(link, within());
    await engine.disconnectNetwork(link, within());
    expect(Object.keys((await seen(engine, order.name)).settings.networks ?? {})).toEqual([network]);
    const inUse = (await engine.look(query, within())).networks[network];
    await expect(engine.removeNetwork(inUse?.id ?? '', within())).rejects.toMatchObject({ code: 'conflict' });
    await engine.removeNetwork('e'.repeat(64), within());
  }, 20_000);

  test('shares the network namespace of another service', async () => {
    const { engine } = world;
    const peer = orderOf({});
    const joins = await engine.createContainer(peer, within());
    const order = orderOf({ network_mode: `service:${peer.service}` }, { joins: { [`service:${peer.service}`]: joins } });
    await engine.createContainer(order, within());
    const container = await seen(engine, order.name);
    expect(container.settings).toMatchObject({ network_mode: `service:${peer.service}` });
    expect(container.settings.hostname).toBeUndefined();
    expect((await engine.glance([{ kind: 'container', name: order.name }], within())).containers[order.name]).toEqual(container);
  });

  test('shares processes, memory and volumes of another service, and is linked to it', async () => {
    const { engine } = world;
    const peer = orderOf({ ipc: 'shareable', volumes: [{ type: 'bind', source: '/tmp', target: '/theirs', read_only: true }] });
    const id = await engine.createContainer(peer, within());
    await engine.startContainer(id, within());
    const service = `service:${peer.service}`;
    const shared = { pid: service, ipc: service, volumes_from: [`${peer.service}:ro`], external_links: ['nobody:far'] };
    const order = orderOf(
      { ...shared, networks: { [network]: { aliases: ['web'] } } },
      { joins: { [service]: id }, links: ['nobody:far'] },
    );
    await engine.startContainer(await engine.createContainer(order, within()), within());
    const container = await seen(engine, order.name);
    expect(container.settings).toMatchObject(shared);
    expect(container.settings.volumes).toBeUndefined();
    expect(container.anonymous).toEqual({});
    expect(container.settings.networks?.[network]?.links).toEqual(['nobody:far']);
    expect((await engine.glance([{ kind: 'container', name: order.name }], within())).containers[order.name]).toEqual(container);
  });

  test('a volume that is there is not silently taken for a new one; one in use is not removed', async () => {
    const { engine } = world;
    const volume = { name: 'adp-contract_vol', key: 'vol', external: false, driverOptions: {}, labels: { 'com.example': 'v' } };
    await engine.createVolume(volume, owner, within());
    await expect(engine.createVolume(volume, { stack, run: 'another-run' }, within())).rejects.toMatchObject({ code: 'conflict' });
    const now = await engine.look(query, within());
    expect(now.volumes[volume.name]).toMatchObject({
      stack,
      run: owner.run,
      driver: 'local',
      labels: { 'com.example': 'v' },
    });
    expect(now.volumes[volume.name]?.labels).not.toHaveProperty(['com.docker.compose.config-hash']);
    expect(now.networks[network]?.labels).not.toHaveProperty(['com.docker.compose.config-hash']);
    const id = await engine.createContainer(
      orderOf({ volumes: [{ type: 'volume', source: volume.name, target: '/v', read_only: false }] }),
      within(),
    );
    await expect(engine.removeVolume(volume.name, within())).rejects.toMatchObject({ code: 'conflict' });
    await engine.removeContainer(id, within());
    await engine.removeVolume(volume.name, within());
    await engine.removeVolume(volume.name, within());
  });

  test('hands anonymous volumes on', async () => {
    const { engine } = world;
    const volumes = [{ type: 'volume', source: '', target: '/anon', read_only: false }] as const;
    const first = orderOf({ volumes });
    await engine.createContainer(first, within());
    const { anonymous } = await seen(engine, first.name);
    const second = orderOf({ volumes }, { inherits: anonymous });
    await engine.createContainer(second, within());
    const heir = await seen(engine, second.name);
    expect(heir.anonymous).toEqual(anonymous);
    expect(heir.settings.volumes).toEqual(volumes);
  });

  test('puts secrets and configs in before the start', async () => {
    const { engine, vault } = world;
    const order = orderOf({
      files: [
        { kind: 'secret', name: 'token', target: '/run/secrets/token', content: vault.seal('s3cret'), uid: 1000, gid: 1000, mode: 0o400 },
        { kind: 'config', name: 'conf', target: '/etc/app/deep/app.conf', content: 'a=1\n', uid: 0, gid: 0, mode: 0o444 },
      ],
    });
    const id = await engine.createContainer(order, within());
    await engine.startContainer(id, within());
    const asked = await engine.exec(
      id,
      {
        command: [
          'busybox',
          'sh',
          '-c',
          'cat /run/secrets/token /etc/app/deep/app.conf; busybox stat -c "%u:%g %a" /run/secrets/token /etc/app/deep',
        ],
      },
      within(),
    );
    expect(asked.output).toBe('(sensitive)a=1\n1000:1000 400\n0:0 755\n'); // the secret is masked on its way out;
  });

  test('leaves nothing behind when a creation fails', async () => {
    const { engine } = world;
    const noNetwork = orderOf({ networks: { [network]: { aliases: [] }, 'adp-contract_missing': { aliases: [] } } });
    const failure: unknown = await engine.createContainer(noNetwork, within()).catch((error: unknown) => error);
    const there = Object.keys((await engine.look(query, within())).containers).includes(noNetwork.name);
    // Engines from API 1.44 on look for the networks only at the start
    expect(there).toBe(typeof failure === 'string');
    await expect(engine.createContainer(orderOf({ image: 'no/such:1' }), within())).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a pull that cannot be is an error', async () => {
    const { engine } = world;
    const pull = engine.pullImage({ image: 'registry.invalid/adp/none:1' }, { onProgress: () => undefined, signal: within(30_000) });
    await expect(pull).rejects.toMatchObject({ name: 'EngineError' });
    await expect(engine.remoteDigest('registry.invalid/adp/none:1', within(30_000))).rejects.toMatchObject({ code: 'unreachable' });
  }, 40_000);

  test('builds from a folder, without what .dockerignore leaves out; a failed step fails', async () => {
    const { engine, vault } = world;
    const context = await mkdtemp(join(tmpdir(), 'adp-build-'));
    try {
      await mkdir(join(context, 'node_modules/x'), { recursive: true });
      await writeFile(join(context, 'node_modules/x/big'), 'no');
      await writeFile(join(context, `${'long-'.repeat(30)}name`), 'yes');
      await writeFile(join(context, '.dockerignore'), '# comment\nnode_modules\n*.md\n!keep.md\n');
      await writeFile(join(context, 'drop.md'), 'no');
      await writeFile(join(context, 'keep.md'), 'yes');
      const dockerfile = join(context, 'Dockerfile');
      await writeFile(dockerfile, `FROM ${image} AS base\nFROM base AS other\nRUN exit 7\n`);
      const notes: string[] = [];
      const spec = { context, dockerfile, args: { WHO: vault.text('', 'me') } };
      const call = { onProgress: (note: string): void => void notes.push(note), signal: within(60_000) };
      await expect(engine.buildImage(builtImage, { ...spec, target: 'other' }, call)).rejects.toMatchObject({
        code: 'refused',
        message: expect.stringMatching(/code: 7/),
      });
      await writeFile(
        dockerfile,
        `FROM ${image}\nARG WHO\nCOPY . /app\nRUN busybox ls /app > /list && echo "$WHO" >> /list\nVOLUME /data\nENV A=1\n`,
      );
      await engine.buildImage(builtImage, spec, call);
      expect(notes.join('\n')).toMatch(/Step 1|^\[1\/3\] FROM/m);
      const order = orderOf({ image: builtImage, command: ['busybox', 'cat', '/list'] });
      const id = await engine.createContainer(order, within());
      await engine.startContainer(id, within());
      for await (const state of engine.watch(id, within())) if (state.status === 'exited') break;
      expect(await engine.logs(id, 100, within())).toEqual(['Dockerfile', 'keep.md', `${'long-'.repeat(30)}name`, 'me']);
      const container = await seen(engine, order.name);
      expect(container.settings).toMatchObject({
        environment: { A: '1' },
        volumes: [{ type: 'volume', source: '', target: '/data', read_only: false }],
      });
      expect(Object.keys(container.anonymous)).toEqual(['/data']);
    } finally {
      await rm(context, { recursive: true });
    }
  }, 90_000);
}
