import { EngineError } from '../platform/engine-error.ts';
import type { LockHolder } from '../platform/lock.ts';
import { answerOf, type Answer } from './docker-answer.ts';
import { ask } from './docker-ask.ts';
import { call, lookMs } from './docker-call.ts';
import type { DockerUntil } from './docker-client.ts';
import { unlessGone } from './docker-container.ts';
import { fullId } from './docker-inspect.ts';

export const holderLabel = 'io.stackctl.lock.holder';

export const lockName = (stack: string): string => `stackctl-lock-${stack}`;

/** The container of a lock as the engine shows it. */
export interface SeenLock {
  readonly id: string;
  /** Undefined: its label cannot be read. */
  readonly holder: LockHolder | undefined;
  readonly status: string;
  /** It could not be started on this engine: nobody but a person can tell when its holder has gone. */
  readonly byNameOnly: boolean;
  /** By the engine's clock. */
  readonly ageMs: number;
}

/** The lock of that stack, if it is held. */
export async function seenLock(docker: DockerUntil, stack: string): Promise<SeenLock | undefined> {
  const signal = AbortSignal.timeout(lookMs);
  const [answer, machine] = await Promise.all([
    ask.container({ docker }, lockName(stack), signal),
    call({ what: 'ask for the time', signal }, async (until) => answerOf(await docker(until).info(), 'info')),
  ]);
  if (!answer || answer.text('Name') !== `/${lockName(stack)}`) return undefined;
  const state = answer.inside('State');
  const status = state.text('Status');
  return {
    id: fullId(answer),
    holder: holderOf(answer),
    status,
    byNameOnly: status === 'created' && state.text('Error') !== '',
    ageMs: Date.parse(machine.text('SystemTime')) - Date.parse(answer.text('Created')),
  };
}

/** Between its creation and its start, a lock is held by nobody's connection. */
const takingMs = 10_000;

/** When one that is being taken will be held, or left behind: so long from now, and a little. */
export const takenWithinMs = ({ ageMs }: SeenLock): number => Math.min(Math.max(takingMs - ageMs, 0), takingMs) + 100;

/** What is left of a lock whose holder has certainly gone. */
export const isLeftBehind = ({ status, byNameOnly, ageMs }: SeenLock): boolean =>
  status === 'exited' || status === 'dead' || (status === 'created' && !byNameOnly && ageMs > takingMs);

function holderOf(answer: Answer): LockHolder | undefined {
  const said = answer.inside('Config').textMap('Labels')[holderLabel] ?? '';
  try {
    const holder = answerOf(JSON.parse(said), 'lock holder');
    const commit = holder.text('commit');
    return {
      pid: holder.number('pid'),
      user: holder.text('user'),
      host: holder.text('host'),
      since: holder.text('since'),
      command: holder.text('command'),
      ...(commit !== '' && { commit }),
    };
  } catch {
    return undefined;
  }
}

/** Takes the container of a lock away, running or not; "already so" is success, and so is that its removal is under way. */
export async function removeLock(docker: DockerUntil, id: string): Promise<void> {
  try {
    await call({ what: 'remove what is left of a lock', signal: AbortSignal.timeout(lookMs) }, async (until) => {
      await docker(until).getContainer(id).remove({ force: true, v: false });
    });
  } catch (error) {
    const isGoing = error instanceof EngineError && (error.code === 'not-found' || error.code === 'conflict');
    if (!isGoing) throw error;
  }
}

/** Whether that container goes before the signal aborts; hears of it from the engine. */
export async function removed(docker: DockerUntil, id: string, signal: AbortSignal): Promise<boolean> {
  try {
    await unlessGone(
      call({ what: 'wait for the lock', signal }, async (until) => {
        await docker(until).getContainer(id).wait({ condition: 'removed' });
      }),
    );
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    if (error instanceof EngineError && error.code === 'conflict') return true; // its removal is under way
    throw error;
  }
}
