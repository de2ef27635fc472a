import { describe, expect, it } from 'vitest';
import { exitMeaning, verdictOf, type Gate } from '../../src/actions/gate.ts';
import type { ContainerState } from '../../src/model/observed.ts';
import { state } from '../kit/builders.ts';

const healthy: Gate = { until: 'healthy' };
const completed: Gate = { until: 'completed' };
const answering: Gate = { until: 'answering' };
const stable: Gate = { until: 'stable', forMs: 2000, mayComplete: false };
const oneShot: Gate = { ...stable, mayComplete: true };

describe('is it up?', () => {
  it.each<readonly [string, Gate, ContainerState, string]>([
    ['healthy', healthy, state('running', { health: 'healthy' }), 'ready'],
    ['still starting', healthy, state('running', { health: 'starting' }), 'waiting: its health check has not passed yet'],
    ['no health yet, as Podman has it', healthy, state('running'), 'waiting: its health check has not passed yet'],
    ['unhealthy', healthy, state('running', { health: 'unhealthy' }), 'broken: its health check fails'],
    ['ended well, but should go on', healthy, state('exited'), 'broken: it exited with code 0 (a normal end)'],
    ['ended well, as it should', completed, state('exited'), 'ready'],
    ['still at work', completed, state('running'), 'waiting: it has not ended yet'],
    ['ended badly', completed, state('exited', { exitCode: 101 }), 'broken: it exited with code 101 (a Rust program panicked)'],
    ['runs, probes decide', answering, state('running'), 'ready'],
    ['ended, nobody will answer', answering, state('exited'), 'broken: it exited with code 0 (a normal end)'],
    ['runs, time decides', stable, state('running'), 'waiting: it has not run for 2 s yet'],
    ['a service that ended', stable, state('exited'), 'broken: it exited with code 0 (a normal end)'],
    ['a one-shot that ended', oneShot, state('exited'), 'ready'],
    ['a one-shot that failed', oneShot, state('exited', { exitCode: 3 }), 'broken: it exited with code 3'],
    [
      'its first restart',
      stable,
      state('restarting', { exitCode: 1, restartCount: 1 }),
      'waiting: it exited with code 1 (the program reported an error) and is being restarted',
    ],
    [
      'a loop, seen while it waits',
      stable,
      state('restarting', { exitCode: 1, restartCount: 3 }),
      'broken: it is in a restart loop: it exited with code 1 (the program reported an error) 3 times',
    ],
    [
      'a loop, seen while it runs',
      healthy,
      state('running', { restartCount: 3, health: 'healthy' }),
      'broken: it is in a restart loop: it exited with code 0 (a normal end) 3 times',
    ],
    ['out of memory', healthy, state('exited', { exitCode: 137, oomKilled: true }), 'broken: it was killed because it ran out of memory'],
    ['a child out of memory, it goes on', stable, state('running', { oomKilled: true }), 'waiting: it has not run for 2 s yet'],
    ['its start failed', stable, state('created', { error: 'no such file' }), 'broken: no such file'],
    ['never started', stable, state('created'), 'broken: it did not start'],
    ['paused by somebody', healthy, state('paused'), 'broken: somebody paused it'],
    ['dead', stable, state('dead', { exitCode: 255 }), 'broken: it exited with code 255'],
  ])('%s', (...[, gate, now, expected]) => {
    const verdict = verdictOf(gate, now, 0);
    expect(verdict.state === 'ready' ? 'ready' : `${verdict.state}: ${verdict.why}`).toBe(expected);
  });

  it('counts restarts from when the gate began', () => {
    expect(verdictOf(stable, state('running', { restartCount: 7 }), 5).state).toBe('waiting');
    expect(verdictOf(stable, state('running', { restartCount: 8 }), 5).state).toBe('broken');
  });
});

it.each([
  [0, 'code 0 (a normal end)'],
  [3, 'code 3'],
  [127, 'code 127 (the command was not found)'],
  [131, 'code 131 (ended by signal 3)'],
  [143, 'code 143 (terminated)'],
  [255, 'code 255'],
])('exit code %i means %s', (code, meaning) => {
  expect(exitMeaning(code)).toBe(meaning);
});
