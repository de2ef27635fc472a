import { exitMeaning } from '../actions/gate.ts';
import { anySignal } from '../lib/any-signal.ts';
import { get } from '../lib/record.ts';
import type { Desired } from '../model/desired.ts';
import type { Observed, SeenContainer } from '../model/observed.ts';
import { observe } from '../observe.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { Engine } from '../platform/engine.ts';
import { logPrefix } from '../render/log-prefix.ts';
import type { Invocation } from './command.ts';
import type { OpenStack } from './open-stack.ts';
import { styleOf } from './screen.ts';

const lookMs = 30_000;

/**
 * Follows what the containers of the stack write, until the last of them has ended or a person interrupts; nothing is stopped. Of one
 * that ran `before` only what it writes from now on. Never throws for what an engine can do: the apply before it went well.
 */
export async function attach({ setup }: OpenStack, before: Observed, invocation: Invocation): Promise<void> {
  const { io, cancel, screen } = invocation;
  const { engine } = setup.platform;
  screen.onInterrupt = 'Detached.';
  try {
    const signal = anySignal([cancel, AbortSignal.timeout(lookMs)]);
    const now = await observe(setup.stack.desired, setup.platform, { pull: 'declared', signal });
    const followed = followedOf(now, setup.stack.desired, invocation.positionals);
    io.stderr.write('Following what the services write. Ctrl-C detaches; everything goes on as it is.\n');
    const prefix = logPrefix(followed.map(nameOf), styleOf(invocation, io.stdout));
    await Promise.all(
      followed.map((seen) =>
        follow(seen, ranBefore(seen, before), { engine, cancel, write: (line) => io.stdout.write(prefix(nameOf(seen), line)) }),
      ),
    );
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (!cancel.aborted) io.stderr.write(`error: the logs cannot be followed any more: ${error.message}\n`);
  }
}

const nameOf = ({ service, number }: SeenContainer): string => `${service}-${number}`;

const followedOf = ({ containers }: Observed, { services }: Desired, named: readonly string[]): SeenContainer[] =>
  Object.values(containers)
    .filter(({ service, state }) => {
      const isMeant = named.length === 0 ? !get(services, service)?.unattended : named.includes(service);
      return isMeant && state.startedAt !== '';
    })
    .sort((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));

const ranBefore = ({ id, state }: SeenContainer, { containers }: Observed): boolean =>
  Object.values(containers).some((seen) => seen.id === id && seen.state.startedAt === state.startedAt);

interface Following {
  readonly engine: Engine;
  readonly cancel: AbortSignal;
  write(line: string): void;
}

/** Until its program has ended for good. */
async function follow(seen: SeenContainer, fromNow: boolean, following: Following): Promise<void> {
  try {
    await followRuns(seen, fromNow ? 'now' : seen.state.startedAt, following);
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'not-found') throw error;
    following.write('is gone');
  }
}

/** An engine ends a log with the run of its program; one that is started again is followed again. */
async function followRuns({ id }: SeenContainer, first: string, { engine, cancel, write }: Following): Promise<void> {
  let run = '';
  for await (const { status, startedAt, exitCode } of engine.watch(id, cancel)) {
    const hasEnded = status === 'exited' || status === 'dead';
    const isNews = startedAt !== run && (status === 'running' || (hasEnded && first !== 'now'));
    const from = run === '' ? first : startedAt;
    run = isNews ? startedAt : run;
    for await (const line of isNews ? engine.followLogs(id, from, cancel) : []) write(line);
    if (!hasEnded) continue;
    write(`exited with ${exitMeaning(exitCode)}`);
    return;
  }
}
