import type { SeenImage } from '../model/observed.ts';
import type { Vault } from '../model/vault.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { AlwaysAsked } from './docker-ahead.ts';
import { answerOf, answersOf, type Answer } from './docker-answer.ts';
import { call, lookMs } from './docker-call.ts';
import type { DockerUntil } from './docker-client.ts';
import { seenImage } from './docker-image-inspect.ts';

/** What every part of the adapter works with. */
export interface Link extends AlwaysAsked {
  readonly docker: DockerUntil;
  readonly vault: Vault;
}

type Filters = Record<string, string[]>;

/** The questions that only read, each with a deadline of its own. An inspect of what is not there answers undefined. */
export const ask = {
  containers: ({ docker }: Pick<Link, 'docker'>, signal: AbortSignal): Promise<readonly Answer[]> =>
    read('list containers', signal, async (until) => answersOf(await docker(until).listContainers({ all: true }), 'containers')),

  networks: ({ docker }: Link, filters: Filters, signal: AbortSignal): Promise<readonly Answer[]> =>
    read('list networks', signal, async (until) => answersOf(await docker(until).listNetworks({ filters }), 'networks')),

  volumes: ({ docker }: Link, filters: Filters, signal: AbortSignal): Promise<readonly Answer[]> =>
    read('list volumes', signal, async (until) =>
      answerOf(await docker(until).listVolumes({ filters: JSON.stringify(filters) }), 'volumes').list('Volumes'),
    ),

  /** By id or name. The engine also takes the beginning of an id for a name: compare the answer's name. */
  container: ({ docker }: Pick<Link, 'docker'>, id: string, signal: AbortSignal): Promise<Answer | undefined> =>
    orAbsent(
      read(`inspect container ${id.slice(0, 12)}`, signal, async (until) =>
        answerOf(await docker(until).getContainer(id).inspect(), 'container'),
      ),
    ),

  network: ({ docker }: Pick<Link, 'docker'>, name: string, signal: AbortSignal): Promise<Answer | undefined> =>
    orAbsent(read(`inspect network ${name}`, signal, async (until) => answerOf(await docker(until).getNetwork(name).inspect(), 'network'))),

  volume: ({ docker }: Pick<Link, 'docker'>, name: string, signal: AbortSignal): Promise<Answer | undefined> =>
    orAbsent(read(`inspect volume ${name}`, signal, async (until) => answerOf(await docker(until).getVolume(name).inspect(), 'volume'))),

  /** The image that a reference means on this engine now. */
  image: ({ docker, vault }: Link, reference: string, signal: AbortSignal): Promise<SeenImage | undefined> =>
    orAbsent(
      read(`inspect image ${reference}`, signal, async (until) =>
        seenImage(answerOf(await docker(until).getImage(reference).inspect(), 'image'), vault),
      ),
    ),
};

const read = <T>(what: string, signal: AbortSignal, question: (until: AbortSignal) => Promise<T>): Promise<T> =>
  call({ what, signal, withinMs: lookMs }, question);

async function orAbsent<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof EngineError && error.code === 'not-found') return undefined;
    throw error;
  }
}
