import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { editedSince } from '../../src/model/applied.ts';
import type { EngineFacts, ImageDefaults } from '../../src/model/observed.ts';
import type { Settings } from '../../src/model/settings.ts';
import type { Vault } from '../../src/model/vault.ts';
import type { Engine } from '../../src/platform/engine.ts';
import { image, network, orderOf, owner, query, seen, sweep, within } from './contract-kit.ts';
import { lifeContract } from './life-contract.ts';
import { buildContract } from './build-contract.ts';
import { buildKitContract } from './buildkit-contract.ts';
import { remoteContextContract } from './remote-context-contract.ts';
import { sshContract } from './ssh-contract.ts';
import { eventsContract } from './events-contract.ts';
import { isolationCases } from './isolation-cases.ts';
import { settingsCases } from './settings-cases.ts';
import { stackContract } from './stack-contract.ts';

interface MadeEngine {
  readonly engine: Engine;
  readonly vault: Vault;
}

/** What every engine behind the Engine interface must do, asked of a real one. Needs a busybox image; removes all that it makes. */
export function engineContract(name: string, make: () => Promise<MadeEngine>): void {
  describe(name, () => {
    const world = {} as { engine: Engine; vault: Vault; facts: EngineFacts; defaults: ImageDefaults };

    beforeAll(async () => {
      Object.assign(world, await make());
      await sweep(world.engine);
      world.facts = await world.engine.facts(within());
      const found = (await world.engine.look(query, within())).images[image];
      if (!found) throw new Error(`The engine has no image ${image}: see test/engine`);
      world.defaults = found.defaults;
      const spec = { external: false, internal: false, labels: {} };
      await world.engine.createNetwork({ ...spec, name: network, key: 'default' }, owner, within());
      await world.engine.createNetwork({ ...spec, name: 'adp-contract_back', key: 'back' }, owner, within());
      await world.engine.createVolume(
        { name: 'adp-contract_data', key: 'data', external: false, driverOptions: {}, labels: {} },
        owner,
        within(),
      );
    }, 60_000);
    afterAll(() => sweep(world.engine), 60_000);

    test.each([...settingsCases, ...isolationCases])(
      'shows $field as declared',
      async ({ declared, shows = {} }) => {
        const order = orderOf(declared);
        await world.engine.createContainer(order, within());
        const container = await seen(world.engine, order.name);
        const expected = withoutUndefined({ ...order.settings, ...brought(world.defaults, order.settings), ...shows });
        expect(withoutIds(container.settings)).toEqual(expected);
        expect(container).toMatchObject({
          service: order.service,
          number: 1,
          run: owner.run,
          files: order.files,
          workingDir: order.workingDir,
        });
        expect(container.applied && editedSince(container.applied, order.settings, world.vault.open)).toEqual([]);
        await world.engine.removeContainer(container.id, within());
        await Promise.all(Object.values(container.anonymous).map((name) => world.engine.removeVolume(name, within())));
      },
      30_000,
    );

    test('seals what is sensitive, and merges the environment with the image’s', async () => {
      const password = world.vault.text('DB_PASSWORD', 'hunter2');
      const order = orderOf({ environment: { A: '1', DB_PASSWORD: password, GONE: null, EMPTY: '' } });
      await world.engine.createContainer(order, within());
      const { settings } = await seen(world.engine, order.name);
      expect(settings.environment).toEqual({ ...world.defaults.environment, A: '1', DB_PASSWORD: password, EMPTY: '' });
      expect(JSON.stringify(await world.engine.look(query, within()))).not.toContain('hunter2');
    });

    test('tells the first probe’s pace only where the engine keeps it', async () => {
      const healthcheck = { test: ['CMD', 'true'], start_period: 5000, start_interval: 1000 };
      const order = orderOf({ healthcheck });
      await world.engine.createContainer(order, within());
      const { start_interval, ...kept } = healthcheck;
      const dropped = world.facts.drops.includes('healthcheck.start_interval');
      expect((await seen(world.engine, order.name)).settings.healthcheck).toEqual(dropped ? kept : { ...kept, start_interval });
    });

    lifeContract(world);
    stackContract(world);
    buildContract(world);
    buildKitContract(world);
    sshContract(world);
    remoteContextContract(world);
    eventsContract(world);
  });
}

/** What an undeclared field shows: what the image brings. */
function brought(defaults: ImageDefaults, declared: Settings): Partial<Settings> {
  return {
    ...(declared.environment === undefined && Object.keys(defaults.environment).length > 0 && { environment: defaults.environment }),
    ...(Object.keys(defaults.labels).length > 0 && { labels: { ...defaults.labels, ...declared.labels } }),
    ...(declared.entrypoint === undefined && defaults.entrypoint.length > 0 && { entrypoint: defaults.entrypoint }),
    ...(!declared.network_mode && !declared.networks && { network_mode: 'bridge' }),
  };
}

function withoutIds(settings: Settings): Settings {
  if (!settings.networks) return settings;
  return { ...settings, networks: Object.fromEntries(Object.entries(settings.networks).map(([key, { aliases }]) => [key, { aliases }])) };
}

const withoutUndefined = (fields: object): object => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
