import { describe, expect, it } from 'vitest';
import { HookFailed, runPostStart, runPreStop } from '../../src/actions/run-hooks.ts';
import type { Command, Hooks } from '../../src/model/hook.ts';
import { shownText } from '../../src/model/text.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import type { ExecResult } from '../../src/platform/engine.ts';
import { memoryEngine } from '../kit/memory-engine.ts';
import { observed } from '../kit/builders.ts';
import { never } from '../kit/runs.ts';

const hooks = (...commands: readonly string[]): Hooks => {
  const all = commands.map((command): Command => ({ command: command.split(' ') }));
  return { post_start: all, pre_stop: all, startMs: 50, stopMs: 50 };
};

/** A world in which each command ends as it is called: "fails", "hangs", anything else ends well. */
function inside(interrupted: AbortSignal = never) {
  const [ran, warnings]: [string[], string[]] = [[], []];
  const exec = async (_id: string, { command }: Command, signal: AbortSignal): Promise<ExecResult> => {
    ran.push(command.map(shownText).join(' '));
    if (command[0] === 'fails') return { exitCode: 3, output: 'one\nthe schema is old\n' };
    if (command[0] !== 'hangs') return { exitCode: 0, output: '' };
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new EngineError('timeout', 'No answer before the deadline')), { once: true });
    });
  };
  const world = {
    engine: { ...memoryEngine(observed()), exec },
    signal: never,
    interrupted,
    onProgress: () => undefined,
    warn: (text: string) => void warnings.push(text),
  };
  return { world, ran, warnings };
}

const failureOf = (running: Promise<void>): Promise<unknown> =>
  running.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('post_start', () => {
  it('runs one after the other, and none after one that failed', async () => {
    const { world, ran } = inside();
    const failure = await failureOf(runPostStart('id', hooks('a 1', 'fails here', 'b'), world));
    expect(ran).toEqual(['a 1', 'fails here']);
    expect(failure).toBeInstanceOf(HookFailed);
    expect(failure).toMatchObject({
      message: 'its post_start hook 2 of 3, "fails here" ended with code 3',
      printed: 'one\nthe schema is old\n',
    });
  });

  it('ends at its deadline', async () => {
    const failure = await failureOf(runPostStart('id', hooks('hangs'), inside().world));
    expect(failure).toMatchObject({ message: 'its post_start hook "hangs" had not ended after 0.05 s' });
  });
});

describe('pre_stop', () => {
  it.each([
    ['fails', 'its pre_stop hook "fails" ended with code 3 and printed: the schema is old; it was stopped all the same'],
    ['hangs', 'its pre_stop hook "hangs" had not ended after 0.05 s; it was stopped all the same'],
  ])('that %s is a warning', async (command, warning) => {
    const { world, warnings } = inside();
    await runPreStop('id', hooks(command), world);
    expect(warnings).toEqual([warning]);
  });

  it('is not waited for when a person interrupts, and then nothing is stopped', async () => {
    const { world, warnings } = inside(AbortSignal.timeout(5));
    const patient = { ...hooks('hangs'), stopMs: 60_000 };
    expect(await failureOf(runPreStop('id', patient, world))).toMatchObject({ message: 'its pre_stop hook "hangs" was interrupted' });
    expect(warnings).toEqual([]);
  });
});
