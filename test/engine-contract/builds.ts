import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BuildSpec } from '../../src/model/desired.ts';
import type { Vault } from '../../src/model/vault.ts';
import type { Engine } from '../../src/platform/engine.ts';
import { builtImage, madeByContract, orderOf, within } from './contract-kit.ts';

export interface BuildWorld {
  readonly engine: Engine;
  readonly vault: Vault;
}

export interface Building {
  /** Its text; absent: that of the context. */
  readonly dockerfile?: string;
  readonly more?: Partial<BuildSpec>;
  readonly signal?: AbortSignal;
  readonly files?: Readonly<Record<string, string | Buffer>>;
}

interface Builds {
  /** Builds from a folder of its own; what it told meanwhile. */
  built(building: Building, notes?: string[]): Promise<string[]>;
  /** What a command prints in a container of the image that was built. */
  printed(...command: string[]): Promise<readonly string[]>;
  hasBuildKit(): Promise<boolean>;
}

/** Builds of the contract on an engine. */
export const buildsOf = (world: BuildWorld): Builds => ({
  async built({ dockerfile, more = {}, signal = within(60_000), files = {} }, notes = []) {
    const context = await mkdtemp(join(tmpdir(), 'adp-buildkit-'));
    try {
      for (const [name, content] of Object.entries(files)) {
        await mkdir(dirname(join(context, name)), { recursive: true });
        await writeFile(join(context, name), content, { mode: typeof content === 'string' ? 0o644 : 0o755 });
      }
      const spec = {
        context,
        dockerfile: join(context, 'Dockerfile'),
        ...(dockerfile !== undefined && { dockerfileInline: dockerfile }),
        args: {},
        labels: madeByContract,
        noCache: true,
        ...more,
      };
      await world.engine.buildImage(builtImage, spec, { onProgress: (note) => void notes.push(note), signal });
      return notes;
    } finally {
      await rm(context, { recursive: true });
    }
  },
  async printed(...command) {
    const id = await world.engine.createContainer(orderOf({ image: builtImage, command: ['busybox', ...command] }), within());
    await world.engine.startContainer(id, within());
    for await (const state of world.engine.watch(id, within())) if (state.status === 'exited') break;
    return world.engine.logs(id, 100, within());
  },
  hasBuildKit: async () => (await world.engine.builder(within())) === 'buildkit',
});
