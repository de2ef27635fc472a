import { anySignal } from '../lib/any-signal.ts';
import { shownText } from '../model/text.ts';
import type { Command, Hooks } from '../model/hook.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { World } from './define.ts';
import { exitMeaning } from './gate.ts';

/** A hook that did not end well, and what it printed. */
export class HookFailed extends Error {
  override readonly name = 'HookFailed';
  readonly printed: string;

  constructor(message: string, printed = '') {
    super(message);
    this.printed = printed;
  }
}

type Inside = Pick<World, 'engine' | 'signal' | 'interrupted' | 'onProgress'>;

/** Runs the `post_start` hooks in order. Throws HookFailed at the first that does not end with 0, or not before the deadline. */
export async function runPostStart(id: string, { post_start, startMs }: Hooks, world: Inside): Promise<void> {
  await runAll({ id, kind: 'post_start', commands: post_start, withinMs: startMs }, world);
}

/** Runs the `pre_stop` hooks in order. One that fails is a warning, and those after it are not run. Throws HookFailed when interrupted. */
export async function runPreStop(id: string, { pre_stop, stopMs }: Hooks, { warn, ...world }: Inside & Pick<World, 'warn'>): Promise<void> {
  try {
    await runAll({ id, kind: 'pre_stop', commands: pre_stop, withinMs: stopMs }, world);
  } catch (error) {
    if (!(error instanceof HookFailed) || world.interrupted.aborted || world.signal.aborted) throw error;
    const said = error.printed.trim();
    warn(`${error.message}${said === '' ? '' : ` and printed: ${said.split('\n').at(-1) ?? ''}`}; it was stopped all the same`);
  }
}

/** Runs the commands of a backup in order. Throws HookFailed as `runPostStart` does. */
export async function runBackupHooks({ id, ...hooks }: Running, world: Inside): Promise<void> {
  await runAll({ id, ...hooks }, world);
}

interface Running {
  readonly id: string;
  readonly kind: 'post_start' | 'pre_stop' | 'backup.pre' | 'backup.post';
  readonly commands: readonly Command[];
  readonly withinMs: number;
}

async function runAll({ id, kind, commands, withinMs }: Running, { engine, signal, interrupted, onProgress }: Inside): Promise<void> {
  const deadline = AbortSignal.timeout(withinMs);
  const until = anySignal([signal, interrupted, deadline]);
  for (const [i, command] of commands.entries()) {
    const what = `its ${kind} hook ${commands.length > 1 ? `${i + 1} of ${commands.length}, ` : ''}${commandText(command)}`;
    onProgress(`runs ${what}`);
    const { exitCode, output } = await engine.exec(id, command, until).catch((error: unknown) => {
      if (interrupted.aborted) throw new HookFailed(`${what} was interrupted`);
      if (deadline.aborted) throw new HookFailed(`${what} had not ended after ${withinMs / 1000} s`);
      if (!(error instanceof EngineError)) throw error;
      throw new HookFailed(`${what} could not be run: ${error.message}`);
    });
    if (exitCode !== 0) throw new HookFailed(`${what} ended with ${exitMeaning(exitCode)}`, output);
  }
}

const longestCommand = 80;

/** On one line, and short: what a script does in detail stands in the file. */
function commandText({ command }: Command): string {
  const text = command.map(shownText).join(' ').replaceAll(/\s+/g, ' ').trim();
  return `"${text.length > longestCommand ? `${text.slice(0, longestCommand - 1)}…` : text}"`;
}
