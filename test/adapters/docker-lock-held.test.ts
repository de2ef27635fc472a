import { afterEach, describe, expect, it, vi } from 'vitest';
import { dockerClient } from '../../src/adapters/docker-client.ts';
import type { Gate } from '../../src/adapters/docker-fence.ts';
import { heldLock } from '../../src/adapters/docker-lock-held.ts';
import type { Lock } from '../../src/platform/lock.ts';
import type { LockEngine } from '../kit/lock-engine.ts';
import { container, left, runs, until } from '../kit/locks.ts';

afterEach(() => void vi.useRealTimers());

/** A lock that has just been taken, and the gate through which its holder's changes go. */
async function held(prepare: (engine: LockEngine) => void = () => undefined) {
  const engine = await left('created');
  prepare(engine);
  let gate: Gate | undefined;
  const fence = { mayChange: () => undefined, guard: (each: Gate) => ((gate = each), () => undefined) };
  const docker = dockerClient({ kind: 'unix', path: engine.path, from: 'test' });
  const lock: Lock = heldLock({ docker, fence }, container(engine)!.id);
  return { engine, lock, gate: gate! };
}

/** The connection breaks, though the engine still has the container. */
function cut(engine: LockEngine): void {
  const { line } = container(engine)!;
  delete container(engine)!.line;
  line!.destroy();
}

it('is held without a doubt from the first moment on', async () => {
  const { engine, lock, gate } = await held();
  expect(gate.isDoubtful()).toBe(false);
  await runs(engine);
  expect([gate.isDoubtful(), lock.lost.aborted]).toEqual([false, false]);
  await lock.release();
});

describe('once its connection has broken', () => {
  it.each([
    ['created', false],
    ['running', false],
    ['paused', false],
    ['exited', true],
  ])('it is looked at: where its container is %s, lost is %s', async (status, isLost) => {
    const { engine, lock, gate } = await held();
    await runs(engine);
    container(engine)!.status = status;
    cut(engine);
    await until(() => gate.isDoubtful());
    await gate.check();
    expect(lock.lost.aborted).toBe(isLost);
  });

  it('an engine that does not answer gives it to nobody else', async () => {
    const { engine, lock, gate } = await held();
    await runs(engine);
    engine.instead = (call) => (call.endsWith('/json') ? 'drop' : undefined);
    cut(engine);
    await until(() => gate.isDoubtful());
    await gate.check();
    expect(lock.lost.aborted).toBe(false);
  });
});

it('is doubtful where it takes very long to be connected: another may have taken it away', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const { engine, gate } = await held((each) => (each.instead = (call) => (call.endsWith('/attach') ? 'silence' : undefined)));
  await until(() => engine.calls.some((call) => call.endsWith('/attach')));
  vi.setSystemTime(Date.now() + 4_000);
  expect(gate.isDoubtful()).toBe(false);
  vi.setSystemTime(Date.now() + 1);
  expect(gate.isDoubtful()).toBe(true);
});

it('is not doubtful any more once it is connected, however long that took', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const { engine, lock, gate } = await held();
  await runs(engine);
  await until(() => engine.calls.some((call) => call.endsWith('/start')));
  vi.setSystemTime(Date.now() + 60_000);
  await until(() => !gate.isDoubtful());
  await lock.release();
});

it('is lost where its program was not started, though nothing says that it cannot run', async () => {
  const { lock } = await held(
    (engine) => (engine.instead = (call) => (call.endsWith('/start') ? { status: 500, message: 'no' } : undefined)),
  );
  await until(() => lock.lost.aborted);
});

it('is given back by taking it away where the engine does not tell that it has gone', async () => {
  const { engine, lock } = await held();
  await runs(engine);
  engine.instead = (call) => (call.endsWith('/wait') ? { status: 500, message: 'no' } : undefined);
  await lock.release();
  expect(engine.calls.filter((call) => call.startsWith('DELETE'))).toHaveLength(1);
});
