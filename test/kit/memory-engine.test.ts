import { beforeAll, describe } from 'vitest';
import type { Engine } from '../../src/platform/engine.ts';
import { image as busybox, network, owner, within } from '../engine-contract/contract-kit.ts';
import { eventsContract } from '../engine-contract/events-contract.ts';
import { image, observed } from './builders.ts';
import { memoryEngine } from './memory-engine.ts';

describe('the engine in memory', () => {
  const world = {} as { engine: Engine };
  beforeAll(async () => {
    world.engine = memoryEngine(observed({ networks: [], images: { [busybox]: image(busybox) } }), { stack: owner.stack });
    await world.engine.createNetwork({ external: false, internal: false, labels: {}, name: network, key: 'default' }, owner, within());
  });
  eventsContract(world);
});
