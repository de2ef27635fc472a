import { describe, expect, it } from 'vitest';
import type { Gate } from '../../src/actions/gate.ts';
import { GateClosed, waitAtGate, type Wait } from '../../src/actions/wait-at-gate.ts';
import type { Probe } from '../../src/model/desired.ts';
import type { ContainerState } from '../../src/model/observed.ts';
import type { Settings } from '../../src/model/settings.ts';
import type { Host } from '../../src/platform/host.ts';
import { observed, seen, service, state } from '../kit/builders.ts';
import { memoryEngine, type MemoryEngine } from '../kit/memory-engine.ts';
import type { Behaviour } from '../kit/memory-behaviour.ts';

const checked = { healthcheck: { test: ['CMD', 'check'] } };

interface Waiting {
  readonly gate: Gate;
  readonly behaves?: Behaviour;
  /** How it stands already; absent: it is started. */
  readonly was?: ContainerState;
  readonly settings?: Partial<Settings>;
  readonly more?: Partial<Wait>;
  readonly probes?: readonly Probe[];
  readonly host?: Partial<Host>;
  readonly withinMs?: number;
  /** Once it waits. */
  then?(engine: MemoryEngine, id: string): void;
}

/** Starts a container and waits at its gate: how long it took, and what was said meanwhile. */
async function wait({ gate, behaves = {}, was, settings = {}, more = {}, probes = [], host = {}, withinMs = 5_000, then }: Waiting) {
  const one = seen(service('web', { settings }), { state: was ?? state('created') });
  const engine = memoryEngine(observed({ containers: [one] }), { behaves: () => behaves });
  const signal = AbortSignal.timeout(withinMs);
  const said: string[] = [];
  if (!was) await engine.startContainer(one.id, signal);
  const begun = performance.now();
  const onProgress = (note: string): void => {
    if (said.push(note) === 1) then?.(engine, one.id);
  };
  const whole: Wait = { id: one.id, gate, probes, restartsAtFirst: 0, healthTimeoutMs: 1_000, probeEveryMs: 1_000, ...more };
  await waitAtGate(whole, {
    engine,
    host: {
      listeners: async () => [],
      whyUnseen: () => undefined,
      answers: async () => 'yes',
      endProcess: async () => ({ by: 'SIGTERM' }),
      ...host,
    },
    signal,
    onProgress,
  });
  return { tookMs: performance.now() - begun, said, engine };
}

const test = ['CMD', 'check'];

describe('opens', () => {
  it('when the engine says that it is healthy', async () => {
    const { said } = await wait({
      gate: { until: 'healthy' },
      settings: checked,
      behaves: { health: 'healthy', probe: 1 },
      more: { healthTest: test },
    });
    expect(said).toEqual(['its health check has not passed yet']);
  });

  it('when its own run of the check passes, long before the engine says so', async () => {
    const { engine } = await wait({
      gate: { until: 'healthy' },
      settings: checked,
      behaves: { health: 'never', probe: 0 },
      more: { healthTest: test },
    });
    expect(engine.now().containers['shop-web-1']?.state.health).toBe('starting');
  });

  it('when it was unhealthy before, and its own run of the check passes', async () => {
    const { said } = await wait({
      gate: { until: 'healthy' },
      settings: checked,
      was: state('running', { health: 'unhealthy' }),
      behaves: { health: 'never', probe: 0 },
      more: { healthTest: test },
    });
    expect(said).toEqual(['its health check has not passed yet']);
  });

  it('when it has run for long enough, not before', async () => {
    const { tookMs } = await wait({ gate: { until: 'stable', forMs: 60, mayComplete: false } });
    expect(tookMs).toBeGreaterThanOrEqual(55);
  });

  it('when it has completed', async () => {
    await wait({ gate: { until: 'completed' }, settings: { restart: 'no' }, behaves: { exits: 0 } });
  });

  it('when a one-shot ends well before its window is over', async () => {
    const { tookMs } = await wait({
      gate: { until: 'stable', forMs: 4_000, mayComplete: true },
      settings: { restart: 'no' },
      behaves: { exits: 0 },
    });
    expect(tookMs).toBeLessThan(3_000);
  });

  it('when every declared probe has answered', async () => {
    const answers = [{ why: 'connection refused' }, 'yes'] as const;
    let asked = 0;
    const host: Partial<Host> = { answers: async () => answers[asked++] ?? 'yes' };
    await wait({
      gate: { until: 'answering' },
      probes: [
        { kind: 'tcp', host: '127.0.0.1', port: 1 },
        { kind: 'log', text: 'Started' },
      ],
      host,
    });
    expect(asked).toBe(2);
  });
});

describe('stays closed, and says why', () => {
  it.each<readonly [string, Waiting, RegExp]>([
    [
      'it exits',
      { gate: { until: 'stable', forMs: 4_000, mayComplete: false }, settings: { restart: 'no' }, behaves: { exits: 3 } },
      /it exited with code 3/,
    ],
    [
      'it ends well but should go on',
      { gate: { until: 'stable', forMs: 4_000, mayComplete: false }, settings: { restart: 'no' }, behaves: { exits: 0 } },
      /it exited with code 0/,
    ],
    [
      'it crashes again and again',
      { gate: { until: 'healthy' }, settings: checked, behaves: { exits: 1, probe: 1 }, more: { healthTest: test } },
      /restart loop: it exited with code 1/,
    ],
    [
      'it is unhealthy',
      { gate: { until: 'healthy' }, settings: checked, behaves: { health: 'unhealthy' }, more: { healthTest: test } },
      /its health check fails/,
    ],
    [
      'it was unhealthy before, and still is',
      {
        gate: { until: 'healthy' },
        settings: checked,
        was: state('running', { health: 'unhealthy' }),
        behaves: { health: 'never', probe: 1 },
        more: { healthTest: test, healthRetries: 2 },
      },
      /its health check fails/,
    ],
    ['a job fails', { gate: { until: 'completed' }, settings: { restart: 'no' }, behaves: { exits: 1 } }, /it exited with code 1/],
    [
      'it exits while a probe still asks',
      {
        gate: { until: 'answering' },
        probes: [{ kind: 'log', text: 'never written' }],
        settings: { restart: 'no' },
        behaves: { exits: 1 },
      },
      /it exited with code 1/,
    ],
  ])('at once when %s', async (_name, waiting, why) => {
    const begun = performance.now();
    const failed = wait(waiting);
    await expect(failed).rejects.toBeInstanceOf(GateClosed);
    await expect(failed).rejects.toThrow(why);
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  it('when somebody removes it', async () => {
    await expect(
      wait({
        gate: { until: 'completed' },
        then: (engine, id) =>
          void (engine.machine.containers.delete(id), engine.calls.length, engine.removeContainer(id, AbortSignal.timeout(1_000))),
      }),
    ).rejects.toThrow(/gone|stopped telling/);
  });

  it.each<readonly [string, Waiting, RegExp]>([
    [
      'a check that never passes',
      { gate: { until: 'healthy' }, settings: checked, behaves: { health: 'never' } },
      /its health check has not passed yet/,
    ],
    [
      'a log line that never comes',
      { gate: { until: 'answering' }, probes: [{ kind: 'log', text: 'ready' }] },
      /its log does not say "ready"/,
    ],
    [
      'a probe that is never answered',
      {
        gate: { until: 'answering' },
        probes: [{ kind: 'tcp', host: 'here', port: 1 }],
        host: { answers: async () => ({ why: 'connection refused' }) },
      },
      /connection refused/,
    ],
  ])('with the last reason when time is up: %s', async (_name, waiting, why) => {
    await expect(wait({ ...waiting, withinMs: 100 })).rejects.toThrow(why);
  });

  it('when only one of two probes answers', async () => {
    await expect(
      wait({
        gate: { until: 'answering' },
        probes: [
          { kind: 'log', text: 'Started' },
          { kind: 'log', text: 'never' },
        ],
        withinMs: 100,
      }),
    ).rejects.toThrow(/does not say "never"/);
  });
});

it('begins its window anew after a crash', async () => {
  const { engine, tookMs } = await wait({
    gate: { until: 'stable', forMs: 80, mayComplete: false },
    then: (each, id) => {
      setTimeout(() => each.change(id, { status: 'restarting', restartCount: 1, exitCode: 1 }), 40);
      setTimeout(() => each.change(id, { status: 'running' }), 60);
    },
  });
  expect(tookMs).toBeGreaterThanOrEqual(130);
  expect(engine.now().containers['shop-web-1']?.state.restartCount).toBe(1);
});

it('leaves nothing behind that watches', async () => {
  const { engine } = await wait({ gate: { until: 'healthy' }, settings: checked, more: { healthTest: test } });
  const reads = engine.reads;
  await new Promise((resolve) => setImmediate(resolve));
  expect(engine.reads).toBe(reads);
});
