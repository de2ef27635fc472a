import { anySignal } from '../lib/any-signal.ts';
import { untilTrue } from '../lib/until-true.ts';
import { EngineError } from '../platform/engine-error.ts';
import { ask, type Link } from './docker-ask.ts';
import { assured } from './docker-assured.ts';
import { doing, unlessGone } from './docker-container.ts';
import { containerName, isRunning } from './docker-inspect.ts';

/** How long an engine may take to forget the endpoints of containers that it has stopped. */
const patienceMs = 10_000;
const pace = { firstPauseMs: 50, longestPauseMs: 1_000 };

/**
 * Removes the network of that id. Docker may still count the endpoint of a container that has stopped or gone already (20.10, under
 * load): then it is asked again, for as long as nothing that runs is attached. Throws "conflict" with the names of what is.
 */
export async function removeNetwork(link: Link, id: string, signal: AbortSignal): Promise<void> {
  const patience = AbortSignal.timeout(patienceMs);
  let refusal: EngineError | undefined;
  try {
    await untilTrue(
      async () => {
        refusal = await refusalOf(link, id, signal);
        if (refusal) await mustBeUnused(link, id, signal);
        return refusal === undefined;
      },
      { ...pace, signal: anySignal([signal, patience]) },
    );
  } catch (error) {
    if (!refusal || error instanceof EngineError) throw error;
    const why = `No container is attached to the network any more, but the engine has lost count and says: ${refusal.message}. It counts anew when it is restarted; until then the network does no harm`;
    throw new EngineError('conflict', why, { cause: refusal });
  }
}

/** Undefined once it is gone; the engine's refusal if it is said to be in use. */
async function refusalOf(link: Link, id: string, signal: AbortSignal): Promise<EngineError | undefined> {
  try {
    await assured({
      change: () => unlessGone(doing('remove the network', signal, (until) => link.docker(until).getNetwork(id).remove())),
      isSo: async () => (await ask.network(link, id, signal)) === undefined,
    });
    return undefined;
  } catch (error) {
    if (error instanceof EngineError && error.code === 'conflict' && /active endpoints/.test(error.message)) return error;
    throw error;
  }
}

async function mustBeUnused(link: Link, id: string, signal: AbortSignal): Promise<void> {
  // An endpoint that has lost its container stands there as "ep-…"
  const attached = (await ask.network(link, id, signal))?.names('Containers').filter((key) => /^[0-9a-f]{64}$/.test(key)) ?? [];
  const containers = await Promise.all(attached.map((each) => ask.container(link, each, signal)));
  const users = containers.flatMap((each) => (each && isRunning(each.inside('State').mustText('Status')) ? [containerName(each)] : []));
  if (users.length > 0) throw new EngineError('conflict', `The network is used by ${users.sort().join(', ')}`);
}
