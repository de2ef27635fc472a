import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { LockHolder } from '../../src/platform/lock.ts';
import { takenWithinMs } from '../../src/adapters/docker-lock-seen.ts';
import type { Instead, LockEngine } from '../kit/lock-engine.ts';
import { ask, container, holder, left, now, taken, until } from '../kit/locks.ts';

describe('what is left of a lock', () => {
  it.each(['exited', 'dead'])('is taken away when its program has ended (%s)', async (status) => {
    const engine = await left(status);
    expect(await engine.client().lock.standing('shop', now)).toBeUndefined();
    await taken(await ask(engine)).release();
  });

  it('is taken away when it was never started, by the engine’s clock; not while it may still be', async () => {
    expect(await ask(await left('created', { created: new Date(Date.now() - 5_000) }))).toEqual({ heldBy: holder });
    const old = await left('created', { created: new Date(Date.now() - 11_000) });
    await taken(await ask(old)).release();
    const ahead = await left('created', { created: new Date(Date.now() + 3_600_000) });
    ahead.aheadMs = 3_600_000;
    expect(await ask(ahead)).toEqual({ heldBy: holder });
    ahead.aheadMs += 11_000;
    await taken(await ask(ahead)).release();
  });

  it('by its name alone is taken away by who sees that its holder has gone', async () => {
    const byName = (here: Partial<LockHolder>): Promise<LockEngine> =>
      left('created', { error: 'exec format error', created: new Date(0), holder: here });
    expect(await ask(await byName({}))).toEqual({ heldBy: holder });
    const alive = { host: hostname(), pid: process.pid };
    expect(await ask(await byName(alive))).toEqual({ heldBy: { ...holder, ...alive } });
    await taken(await ask(await byName({ host: hostname(), pid: 2 ** 22 }))).release();
    expect(await ask(await byName({ pid: 2 ** 22 }))).toMatchObject({ heldBy: { host: 'build-7' } });
    expect(await ask(await left('created', { error: 'exec format error', created: new Date(0), holder: 'nonsense' }))).toEqual({
      heldBy: undefined,
    });
    // One that runs is held, whoever cannot be seen here
    expect(await ask(await left('running', { holder: { host: hostname(), pid: 2 ** 22 } }))).toMatchObject({ heldBy: {} });
  });

  it('may be told of while nobody can read who has it', async () => {
    expect(await ask(await left('running', { holder: 'nonsense' }))).toEqual({ heldBy: undefined });
    const { commit: _commit, ...plain } = holder;
    expect(await ask(await left('running', { holder: JSON.stringify(plain) }))).toEqual({ heldBy: plain });
  });

  it('is somebody’s to take away, also when it is going already', async () => {
    const engine = await left('running');
    const standing = (await engine.client().lock.standing('shop', now))!;
    expect(standing.heldBy).toEqual(holder);
    engine.instead = (call) => (call.startsWith('DELETE') ? { status: 409, message: 'removal is already in progress' } : undefined);
    await standing.takeAway();
    engine.instead = (call) => (call.startsWith('DELETE') ? { status: 500, message: 'device or resource busy' } : undefined);
    await expect(standing.takeAway()).rejects.toMatchObject({ message: 'device or resource busy' });
    engine.instead = () => undefined;
    await standing.takeAway();
    await standing.takeAway();
    expect([engine.containers.size, await engine.client().lock.standing('shop', now)]).toEqual([0, undefined]);
  });

  it('is held for as long as its program runs, however long that is', async () => {
    expect(await ask(await left('running', { created: new Date(0) }))).toEqual({ heldBy: holder });
    expect(await ask(await left('paused', { created: new Date(0) }))).toEqual({ heldBy: holder });
  });

  it.each([
    [0, 10_100],
    [4_000, 6_100],
    [10_000, 100],
    [60_000, 100],
    [-60_000, 10_100],
  ])('that is being taken for %i ms will be held, or left behind, in %i', (ageMs, inMs) => {
    expect(takenWithinMs({ id: '', holder, status: 'created', byNameOnly: false, ageMs })).toBe(inMs);
  });

  it('that is being taken is looked at again when it has been for too long', async () => {
    const engine = await left('created', { created: new Date(Date.now() - 9_800) });
    await taken(await ask(engine, AbortSignal.timeout(5_000))).release();
  });

  it('by its name alone is waited for until it goes', async () => {
    const engine = await left('created', { error: 'exec format error', created: new Date(0) });
    expect(await ask(engine, AbortSignal.timeout(300))).toEqual({ heldBy: holder });
  });

  it('that went before anybody could look is nobody’s', async () => {
    const engine = await left('running');
    const raced = (call: string): Instead => {
      if (call === 'POST /containers/create') engine.end('stackctl-lock-shop');
      return call === 'POST /containers/create' && times-- > 0 ? { status: 409, message: 'name is in use' } : undefined;
    };
    let times = 1;
    engine.instead = raced;
    expect(await ask(engine)).toStrictEqual({ heldBy: undefined });
    times = 2;
    await taken(await ask(engine, AbortSignal.timeout(5_000))).release();
  });

  it('is waited for by who wants to know whether it stays', async () => {
    const engine = await left('running');
    const asked = engine.client().lock.standing('shop', AbortSignal.timeout(5_000));
    await until(() => (container(engine)?.waiting.length ?? 0) > 0);
    engine.end('stackctl-lock-shop');
    expect(await asked).toBeUndefined();
  });

  it('does not stay where its removal is under way', async () => {
    const engine = await left('running');
    engine.instead = (call) => (call.endsWith('/wait') ? { status: 409, message: 'removal is in progress' } : undefined);
    expect(await engine.client().lock.standing('shop', AbortSignal.timeout(5_000))).toBeUndefined();
  });

  it('is none of a container whose id begins like its name: an engine takes both', async () => {
    const engine = await left('running', { id: 'stackctl-lock-shop2', name: 'other' });
    expect(await engine.client().lock.standing('shop', now)).toBeUndefined();
  });

  it('is told of as held where the engine cannot say when it goes', async () => {
    const engine = await left('running');
    engine.instead = (call) => (call.endsWith('/wait') ? { status: 500, message: 'no' } : undefined);
    await expect(ask(engine, AbortSignal.timeout(5_000))).rejects.toMatchObject({ message: 'no' });
    engine.instead = (call) => {
      if (!call.endsWith('/wait')) return undefined;
      engine.end('stackctl-lock-shop');
      return { status: 409, message: 'removal is in progress' };
    };
    await taken(await ask(engine, AbortSignal.timeout(5_000))).release();
  });
});
