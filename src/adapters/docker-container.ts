import { EngineError } from '../platform/engine-error.ts';
import type { ContainerUpdate, NetworkLink } from '../platform/engine.ts';
import { ask, type Link } from './docker-ask.ts';
import { assured } from './docker-assured.ts';
import { call } from './docker-call.ts';
import { resourceOptions, restartPolicy } from './docker-create.ts';
import { endpointOf } from './docker-endpoint.ts';
import { isRunning } from './docker-inspect.ts';

interface Target {
  readonly id: string;
  readonly signal: AbortSignal;
}

/** What can be done to a container that is there. "Already so" is success. */
export const containerVerbs = {
  start: ({ docker }: Link, { id, signal }: Target): Promise<void> =>
    doing('start the container', signal, (until) => docker(until).getContainer(id).start()).catch((error: unknown) => {
      throw isStuck(error) ? new EngineError(error.code, `${error.message} (${stuck})`, { cause: error }) : error;
    }),

  stop(link: Link, { id, signal }: Target, graceMs?: number): Promise<void> {
    const options = graceMs === undefined ? {} : { t: Math.ceil(graceMs / 1000) };
    return assured({
      change: () => doing('stop the container', signal, (until) => link.docker(until).getContainer(id).stop(options)),
      async isSo() {
        const seen = await ask.container(link, id, signal);
        return seen !== undefined && !isRunning(seen.inside('State').mustText('Status'));
      },
    });
  },

  pause: ({ docker }: Link, { id, signal }: Target): Promise<void> =>
    already(
      /is already paused/,
      doing('pause the container', signal, (until) => docker(until).getContainer(id).pause()),
    ),

  unpause: ({ docker }: Link, { id, signal }: Target): Promise<void> =>
    already(
      /is not paused/,
      doing('resume the container', signal, (until) => docker(until).getContainer(id).unpause()),
    ),

  async restart(link: Link, { id, signal }: Target): Promise<void> {
    const config = (await ask.container(link, id, signal))?.inside('Config');
    // Without a second to stop in, Docker 20.10 may lose sight of the container's files: no command or health check runs in it any more
    const atOnce = config?.has('StopTimeout') === true && config.number('StopTimeout') === 0;
    await doing('restart the container', signal, (until) =>
      link
        .docker(until)
        .getContainer(id)
        .restart(atOnce ? { t: 1 } : {}),
    );
  },

  signal: ({ docker }: Link, { id, signal }: Target, name: string): Promise<void> =>
    doing('signal the container', signal, (until) => docker(until).getContainer(id).kill({ signal: name })),

  rename: ({ docker }: Link, { id, signal }: Target, to: string): Promise<void> =>
    already(
      /same name as its current name/,
      doing('rename the container', signal, (until) => docker(until).getContainer(id).rename({ name: to })),
    ),

  update: ({ docker }: Link, { id, signal }: Target, { restart, resources }: ContainerUpdate): Promise<void> =>
    doing('update the container', signal, (until) =>
      docker(until)
        .getContainer(id)
        .update({ ...(restart !== undefined && { RestartPolicy: restartPolicy(restart) }), ...(resources && resourceOptions(resources)) }),
    ),

  async remove(link: Link, { id, signal }: Target): Promise<void> {
    // A container can be named like the short id of another, and a name may mean another container by now
    if (!/^[0-9a-f]{64}$/.test(id)) throw new Error(`A container is removed by its full id only, not by ${JSON.stringify(id)}`);
    const remove = (): Promise<void> =>
      doing('remove the container', signal, (until) => link.docker(until).getContainer(id).remove({ v: false, force: false }));
    await assured({
      change: () => unlessGone(already(/removal of container .* is already in progress/, remove())),
      isSo: async () => (await ask.container(link, id, signal)) === undefined,
    });
  },
};

/** An engine that was killed may keep what is left of a container's last run: https://github.com/moby/moby/issues/50040, and 20.10. */
const isStuck = (error: unknown): error is EngineError =>
  error instanceof EngineError && /task \S+: already exists|failed to start shim: mkdir \S+: file exists/.test(error.message);

const stuck =
  'the engine keeps what is left of its last run and starts it no more; a new container helps: stackctl recover --forget, then stackctl apply --force-recreate';

/** Success too when it is attached already. */
export async function connectNetwork(link: Link, { network, container, attachment }: NetworkLink, signal: AbortSignal): Promise<void> {
  try {
    await doing('connect the container', signal, (until) =>
      link
        .docker(until)
        .getNetwork(network)
        .connect({ Container: container, EndpointConfig: endpointOf(network, attachment) }),
    );
  } catch (error) {
    const seen =
      error instanceof EngineError && !error.unknownOutcome && /already/.test(error.message)
        ? await ask.container(link, container, signal)
        : undefined;
    if (!seen?.inside('NetworkSettings').names('Networks').includes(network)) throw error;
  }
}

export const disconnectNetwork = ({ docker }: Link, { network, container }: NetworkLink, signal: AbortSignal): Promise<void> =>
  unlessGone(
    already(
      /is not connected to/,
      doing('disconnect the container', signal, (until) => docker(until).getNetwork(network).disconnect({ Container: container })),
    ),
  );

/** A call that changes something: its answer says nothing, and only the signal ends it. */
export const doing = async (what: string, signal: AbortSignal, change: (until: AbortSignal) => Promise<unknown>): Promise<void> => {
  await call({ what, signal }, change);
};

/** What is gone already needs no removing. */
export async function unlessGone(change: Promise<void>): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'not-found') throw error;
  }
}

async function already(words: RegExp, change: Promise<void>): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (!(error instanceof EngineError) || !words.test(error.message)) throw error;
  }
}
