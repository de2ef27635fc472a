import { Duplex } from 'node:stream';
import { EngineError } from '../platform/engine-error.ts';
import type { Lock } from '../platform/lock.ts';
import { ask } from './docker-ask.ts';
import { call, lookMs } from './docker-call.ts';
import type { DockerUntil } from './docker-client.ts';
import type { Gate } from './docker-fence.ts';
import type { LockLink } from './docker-lock.ts';
import { removed, removeLock } from './docker-lock-seen.ts';

/** How long an engine is given to take the container of a released lock away by itself. */
const goMs = 3_000;

/** Well before another takes a lock that was never started for one that was left behind. */
const lateMs = 4_000;

/**
 * Holds the lock whose container has just been created: its name is ours already, so nobody has to wait until its program runs and is
 * connected to this process, which is what frees the lock when this process dies.
 */
export function heldLock({ docker, fence }: LockLink, id: string): Lock {
  const over = new AbortController();
  const line = connected(docker, { id, until: over.signal });
  const { lost, gate } = watched(docker, { id, until: over.signal, line });
  const unguard = fence.guard(gate);
  return {
    lost,
    async release() {
      const open = await line.catch(() => undefined);
      over.abort();
      if (lost.aborted) return;
      unguard();
      const gone = open ? removed(docker, id, AbortSignal.timeout(goMs)) : Promise.resolve(false);
      open?.destroy();
      if (!(await gone.catch(() => false))) await removeLock(docker, id);
    },
  };
}

interface Watching extends Connecting {
  readonly line: Promise<Duplex | undefined>;
}

/** Hears when the lock may be gone, and looks. */
function watched(docker: DockerUntil, { id, until, line }: Watching): { readonly lost: AbortSignal; readonly gate: Gate } {
  const lost = new AbortController();
  const began = Date.now();
  let isConnected = false;
  let hasFailed = false;
  let isDoubtful = false;
  const check = async (): Promise<void> => {
    const stands = await isStanding(docker, id);
    // An engine that answers again and does not hold the lock for us may give it to another
    if (stands !== undefined && (!stands || hasFailed) && !until.aborted) lost.abort();
  };
  const doubt = (): void => {
    isDoubtful = true;
    void check();
  };
  const connect = (open: Duplex | undefined): void => {
    isConnected = true;
    whenItEnds(open ?? removed(docker, id, until), doubt);
  };
  line.then(connect, () => {
    hasFailed = true;
    doubt();
  });
  // One that takes very long to start its program may have given it away already
  const isLate = (): boolean => !isConnected && Date.now() - began > lateMs;
  return { lost: lost.signal, gate: { closed: lost.signal, isDoubtful: () => isDoubtful || isLate(), check } };
}

function whenItEnds(held: Duplex | Promise<unknown>, tell: () => void): void {
  if (held instanceof Duplex) for (const event of ['end', 'close', 'error']) held.once(event, tell);
  else held.then(tell, tell);
}

/** Undefined: the engine does not say. */
async function isStanding(docker: DockerUntil, id: string): Promise<boolean | undefined> {
  try {
    const status = (await ask.container({ docker }, id, AbortSignal.timeout(lookMs)))?.inside('State').text('Status');
    return status === 'created' || status === 'running' || status === 'paused';
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}

interface Connecting {
  readonly id: string;
  /** Ends the connection. */
  readonly until: AbortSignal;
}

/** The connection that keeps its program running; undefined where its program cannot run, so that the name alone is the lock. */
async function connected(docker: DockerUntil, connecting: Connecting): Promise<Duplex | undefined> {
  const line = await onceMore(() => attached(docker, connecting));
  try {
    // By the same connection: the program's input ends with the first one that was attached
    await onceMore(() => started(docker, connecting.id));
    return line.resume();
  } catch (error) {
    line.destroy();
    if (error instanceof CannotRun) return undefined;
    throw error;
  }
}

/** One fault on the way is not worth a lock. */
const onceMore = <T>(work: () => Promise<T>): Promise<T> =>
  work().catch((error: unknown) => {
    if (error instanceof EngineError) return work();
    throw error;
  });

const attached = (docker: DockerUntil, { id, until }: Connecting): Promise<Duplex> =>
  call({ what: 'hold the lock', signal: AbortSignal.timeout(lookMs) }, async () => {
    const answer: unknown = await docker(until).getContainer(id).attach({ stream: true, stdin: true, stdout: true, hijack: true });
    if (answer instanceof Duplex) return answer;
    throw new EngineError('garbled', "The engine's answer to attach is not a connection");
  });

class CannotRun extends Error {
  override readonly name = 'CannotRun';
}

async function started(docker: DockerUntil, id: string): Promise<void> {
  const signal = AbortSignal.timeout(lookMs);
  try {
    await call({ what: 'start the lock', signal }, async (until) => {
      await docker(until).getContainer(id).start();
    });
  } catch (error) {
    // No answer does not mean that it was not done
    const state = (await ask.container({ docker }, id, signal))?.inside('State');
    if (state?.text('Status') === 'running') return;
    throw state?.text('Status') === 'created' && state.text('Error') !== '' ? new CannotRun() : error;
  }
}
