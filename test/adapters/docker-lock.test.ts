import { describe, expect, it, onTestFinished } from 'vitest';
import type { Lock } from '../../src/platform/lock.ts';
import { createVault } from '../../src/model/vault.ts';
import { lockContract } from '../engine-contract/lock-contract.ts';
import { lockEngine, type Instead, type LockEngine } from '../kit/lock-engine.ts';
import { ask, container, holder, left, runs, take, taken, until } from '../kit/locks.ts';
import { never } from '../kit/runs.ts';

/** One engine for all who ask in a test. */
let shared: Promise<LockEngine> | undefined;
lockContract('a container of an engine', async () => {
  onTestFinished(() => void (shared = undefined));
  return (await (shared ??= lockEngine())).client().lock;
});

describe('a lock on an engine', () => {
  it('is a container that can do nothing, tells who has it and goes when its holder has gone', async () => {
    const engine = await lockEngine();
    const lock = await take(engine);
    await runs(engine);
    const { config } = container(engine)!;
    expect(JSON.parse(config.Labels['io.stackctl.lock.holder'] ?? '')).toEqual(holder);
    expect(config).toMatchObject({
      Image: 'stackctl-lock:1',
      Cmd: ['/hold'],
      OpenStdin: true,
      StdinOnce: true,
      AttachStdin: true,
      StopSignal: 'SIGKILL',
      User: '65534:65534',
      HostConfig: {
        AutoRemove: true,
        NetworkMode: 'none',
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        LogConfig: { Type: 'none' },
      },
    });
    expect(await ask(engine)).toEqual({ heldBy: holder });
    container(engine)!.line!.emit('end'); // as the kernel does for a process that was killed
    await taken(await ask(engine, AbortSignal.timeout(5_000))).release();
    expect([lock.lost.aborted, engine.containers.size]).toEqual([true, 0]);
  });

  it('is given back without asking the engine to kill anything', async () => {
    const engine = await lockEngine();
    const lock = await take(engine);
    await runs(engine);
    await lock.release();
    expect([engine.containers.size, engine.calls.filter((call) => call.startsWith('DELETE')), lock.lost.aborted]).toEqual([0, [], false]);
  });

  it('brings its own image to an engine that has none', async () => {
    const engine = await lockEngine();
    engine.image = undefined;
    await (await take(engine)).release();
    const archive = engine.image as Buffer | undefined;
    expect([archive?.toString('latin1', 0, 4), archive?.readUInt16LE(512 + 18), archive?.length]).toEqual(['hold', 62, 512 + 512 + 1024]);
    expect(engine.imageName).toBe('stackctl-lock:1');
    expect(engine.calls.filter((call) => !call.includes('stackctl-lock-shop')).slice(0, 4)).toEqual([
      'POST /containers/create',
      'GET /version',
      'POST /images/create',
      'POST /containers/create',
    ]);
  });

  it('is refused where the engine does not take its image', async () => {
    const engine = await lockEngine();
    engine.image = undefined;
    engine.instead = (call) => (call === 'POST /images/create' ? { status: 500, message: 'no space left on device' } : undefined);
    await expect(ask(engine)).rejects.toMatchObject({ name: 'EngineError', message: 'no space left on device' });
    engine.instead = (call) => (call === 'POST /images/create' ? { inStream: 'no such thing' } : undefined);
    await expect(ask(engine)).rejects.toMatchObject({ name: 'EngineError', message: 'no such thing' });
  });

  it('brings the program for the processor of the engine', async () => {
    const engine = await lockEngine();
    engine.image = undefined;
    engine.architecture = 'arm64';
    await (await take(engine)).release();
    expect((engine.image as Buffer | undefined)?.readUInt16LE(512 + 18)).toBe(183);
  });
});

describe('a lock whose taking went wrong', () => {
  const once = (call: string, instead: Instead, engine: LockEngine, times = 1): void => {
    let left = times;
    engine.instead = (asked) => (asked.includes(call) && left-- > 0 ? instead : undefined);
  };

  it('is ours where the engine did it and its answer was lost', async () => {
    const engine = await lockEngine();
    once('/create', 'done-then-drop', engine);
    const lock = await take(engine);
    expect(engine.containers.size).toBe(1);
    await lock.release();
    expect(engine.containers.size).toBe(0);
  });

  it('is not ours where the answer was lost and nothing was done, or another has it by now', async () => {
    const engine = await lockEngine();
    once('/create', 'drop', engine);
    await expect(take(engine)).rejects.toMatchObject({ code: 'unreachable' });
    const other = await left('running', { holder: { pid: 1 } });
    once('/create', 'drop', other);
    await expect(take(other)).rejects.toMatchObject({ code: 'unreachable' });
    expect(other.containers.size).toBe(1);
  });

  it('is refused with the words of an engine that says no', async () => {
    const engine = await lockEngine();
    once('/create', { status: 500, message: 'disk is full' }, engine);
    await expect(take(engine)).rejects.toMatchObject({ code: 'refused', message: 'disk is full' });
  });

  it.each(['/attach', '/start'])('survives one fault (%s)', async (call) => {
    const engine = await lockEngine();
    once(call, 'drop', engine);
    const lock = await take(engine);
    await runs(engine);
    expect(lock.lost.aborted).toBe(false);
    await lock.release();
    expect(engine.containers.size).toBe(0);
  });

  it('is lost where its program cannot be reached at all: nobody could tell when its holder has gone', async () => {
    const engine = await lockEngine();
    once('/attach', 'drop', engine, 9);
    const lock = await take(engine);
    await until(() => lock.lost.aborted);
    await lock.release();
    expect(engine.calls.filter((call) => call.endsWith('/attach'))).toHaveLength(2);
  });

  it('was started though the answer was lost', async () => {
    const engine = await lockEngine();
    once('/start', 'done-then-drop', engine);
    const lock = await take(engine);
    await runs(engine);
    await lock.release();
    expect(engine.calls.filter((call) => call.endsWith('/start'))).toHaveLength(1);
    expect([lock.lost.aborted, engine.containers.size]).toEqual([false, 0]);
  });

  it('is held by its name alone where its program cannot run, and is lost when that is gone', async () => {
    const cannotRun = async (): Promise<{ readonly engine: LockEngine; readonly lock: Lock }> => {
      const engine = await lockEngine();
      engine.instead = (call) => {
        if (!call.endsWith('/start')) return undefined;
        container(engine)!.error = 'exec format error';
        return { status: 400, message: 'exec format error' };
      };
      const lock = await take(engine);
      await until(() => (container(engine)?.waiting.length ?? 0) > 0);
      return { engine, lock };
    };
    const one = await cannotRun();
    expect([one.lock.lost.aborted, container(one.engine)?.status]).toEqual([false, 'created']);
    await one.lock.release();
    expect([one.engine.containers.size, one.lock.lost.aborted]).toEqual([0, false]);
    const other = await cannotRun();
    other.engine.end('stackctl-lock-shop');
    await until(() => other.lock.lost.aborted);
  });
});

describe('a lock that is lost', () => {
  it('lets its process change nothing any more', async () => {
    const engine = await lockEngine();
    const client = engine.client();
    const lock = await take(engine, client);
    await runs(engine);
    const stop = (): Promise<void> => client.engine(createVault('00')).stopContainer('x', never);
    await expect(stop()).rejects.toMatchObject({ code: 'not-found' });
    engine.end('stackctl-lock-shop');
    await until(() => lock.lost.aborted);
    await expect(stop()).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('has lost the lock') as unknown });
    await lock.release();
    // Whoever has it now keeps it
    expect(engine.calls.filter((call) => call.startsWith('DELETE'))).toEqual([]);
  });

  it('is not lost by a connection that breaks while the engine still holds it', async () => {
    const engine = await lockEngine();
    const lock = await take(engine);
    await runs(engine);
    const held = container(engine)!;
    const { line } = held;
    delete held.line;
    line!.destroy();
    await until(() => engine.calls.at(-1) === 'GET /containers/stackctl-lock-shop/json');
    held.status = 'paused';
    expect(lock.lost.aborted).toBe(false);
    await lock.release();
    expect(engine.containers.size).toBe(0);
  });

  it('is not lost by an engine that does not answer: it gives it to nobody else either', async () => {
    const engine = await lockEngine();
    const lock = await take(engine);
    await runs(engine);
    engine.instead = (call) => (call.endsWith('/json') ? 'drop' : undefined);
    const held = container(engine)!;
    held.line!.destroy();
    await until(() => engine.calls.at(-1)?.endsWith('/json') === true);
    expect(lock.lost.aborted).toBe(false);
  });
});
