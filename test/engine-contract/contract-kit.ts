import type { ContainerOrder, Engine, LookQuery, Owner } from '../../src/platform/engine.ts';
import type { SeenContainer } from '../../src/model/observed.ts';
import type { Settings } from '../../src/model/settings.ts';

export const image = process.env['STACKCTL_TEST_IMAGE'] ?? 'stackctl/busybox:1';
/** What the contract builds. */
export const builtImage = 'adp-contract/built:1';
export const alsoBuilt = 'adp-contract/built:too';
/** A label of images that have lost their name to a later build. */
export const madeByContract = { 'adp-contract': 'built' };
export const stack = 'adp-contract';
export const network = 'adp-contract_default';
export const owner: Owner = { stack, run: `run-${process.pid}` };
export const within = (ms = 20_000): AbortSignal => AbortSignal.timeout(ms);
export const query: LookQuery = { stack, images: [image], networks: [], volumes: [] };

let count = 0;

/** An order with a name of its own; sleeps until it is told to stop. */
export function orderOf(settings: Partial<Settings>, more: Partial<ContainerOrder> = {}): ContainerOrder {
  count += 1;
  return {
    owner,
    name: `adp-contract-c${count}-1`,
    service: `c${count}`,
    number: 1,
    files: ['/srv/adp/compose.yaml'],
    workingDir: '/srv/adp',
    settings: { image, command: ['busybox', 'sh', '-c', 'trap "exit 0" TERM; while :; do busybox sleep 0.1; done'], ...settings },
    imageId: `sha256:${'0'.repeat(64)}`,
    dependsOn: '',
    inherits: {},
    ...more,
  };
}

export async function seen(engine: Engine, name: string): Promise<SeenContainer> {
  const container = (await engine.look(query, within())).containers[name];
  if (!container) throw new Error(`${name} is not there`);
  return container;
}

/** Removes all that a run made, also one that ended in the middle: by the stack's label, with full ids. */
export async function sweep(engine: Engine): Promise<void> {
  const found = await engine.look(query, within());
  await Promise.all(
    Object.values(found.containers).map(async ({ id, state }) => {
      if (state.status === 'paused') await engine.unpauseContainer(id, within());
      if (state.status !== 'created' && state.status !== 'exited')
        await engine.signalContainer(id, 'SIGKILL', within()).catch(() => undefined);
      await engine.stopContainer(id, within());
      await engine.removeContainer(id, within());
    }),
  );
  // Containers are never removed together with their volumes
  const anonymous = new Set(Object.values(found.containers).flatMap((container) => Object.values(container.anonymous)));
  await Promise.all([...anonymous].map((name) => engine.removeVolume(name, within())));
  await Promise.all(Object.values(found.networks).map(({ id }) => engine.removeNetwork(id, within())));
  await Promise.all(Object.keys(found.volumes).map((name) => engine.removeVolume(name, within())));
}
