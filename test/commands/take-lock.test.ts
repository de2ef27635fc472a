import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { socketLock } from '../../src/adapters/socket-lock.ts';
import { actor } from '../../src/commands/actor.ts';
import { holderText } from '../../src/commands/holder-text.ts';
import { beingChanged, beingChangedElsewhere, takeLock, type LockRequest } from '../../src/commands/take-lock.ts';
import { sha256 } from '../../src/lib/hash.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import type { Acquired, LockHolder } from '../../src/platform/lock.ts';
import { memoryLock } from '../kit/opened.ts';
import { never } from '../kit/runs.ts';
import { invocation } from './kit.ts';

const ann: LockHolder = { pid: 812, user: 'ann', host: 'build-7', since: 'noon', command: 'stackctl apply', commit: '3bfe5ac' };
const byAnn = '"stackctl apply" (process 812 of ann@build-7, since noon, commit 3bfe5ac)';

let count = 0;
/** Nobody else's: locks of a host are seen by every process of it. */
const fresh = (): { readonly engine: string; readonly stack: string } => ({ engine: `take-lock-${process.pid}-${++count}`, stack: 'shop' });
const requestFor = (more: Partial<LockRequest> = {}): LockRequest => ({
  ...fresh(),
  onEngine: memoryLock(),
  commit: Promise.resolve(undefined),
  ...more,
});
const call = (words = 'apply') => invocation(words, { cwd: '/' });
const held = (request: LockRequest): Promise<Acquired> =>
  socketLock.acquire(`${request.engine}/${request.stack}`, ann, AbortSignal.abort());
const isFree = async (request: LockRequest): Promise<boolean> => {
  const answer = await held(request);
  if ('lock' in answer) await answer.lock.release();
  return 'lock' in answer;
};

describe('the lock of a stack', () => {
  it('has two halves, of the host and of the engine, and says who has it, from where, since when, and at which commit', async () => {
    const onEngine = memoryLock();
    const request = requestFor({ onEngine, commit: Promise.resolve({ id: '3bfe5ac4f00d'.repeat(3), dirty: true }) });
    const taken = await takeLock(request, call('up'));
    if (!taken.ok) throw new Error('it was refused');
    expect(onEngine.heldBy).toEqual({
      ...actor(),
      since: expect.stringMatching(/^20\d\d-.*Z$/) as string,
      command: 'stackctl up',
      commit: '3bfe5ac4f00d+',
    });
    expect([await held(request), taken.value.lost.aborted]).toEqual([{ heldBy: onEngine.heldBy }, false]);
    await (await onEngine.standing('shop', never))?.takeAway();
    expect(taken.value.lost.aborted).toBe(true);
    await taken.value.release();
    expect([onEngine.asked, await isFree(request)]).toEqual([['acquire shop', 'release shop'], true]);
  });

  it('says of a clean commit just which, and nothing where there is none', async () => {
    const holderAt = async (commit: LockRequest['commit']): Promise<string | undefined> => {
      const onEngine = memoryLock();
      const taken = await takeLock(requestFor({ onEngine, commit }), call());
      const { heldBy } = onEngine;
      if (taken.ok) await taken.value.release();
      expect(heldBy).toBeDefined();
      return heldBy?.commit;
    };
    expect([await holderAt(Promise.resolve({ id: 'abc', dirty: false })), await holderAt(Promise.resolve(undefined))]).toEqual([
      'abc',
      undefined,
    ]);
  });

  it('is refused while another process of this host has it, and the engine is not asked', async () => {
    const onEngine = memoryLock();
    const request = requestFor({ onEngine });
    const other = await held(request);
    expect(await takeLock(request, call())).toEqual({
      ok: false,
      error: [
        {
          code: 'locked',
          severity: 'error',
          message: `stack shop is being changed by ${byAnn}`,
          hint: 'wait until it is done (--lock-timeout 5m waits), then try again; the lock goes with that process',
        },
      ],
    });
    expect(onEngine.asked).toEqual([]);
    if ('lock' in other) await other.lock.release();
  });

  it('is refused while another host has it, and its own half is free again', async () => {
    const onEngine = memoryLock();
    onEngine.heldBy = ann;
    const request = requestFor({ onEngine });
    expect(await takeLock(request, call())).toMatchObject({ error: [{ message: `stack shop is being changed by ${byAnn}` }] });
    expect(await isFree(request)).toBe(true);
  });

  it('is free again where the engine fails', async () => {
    const onEngine = { acquire: () => Promise.reject(new EngineError('unreachable', 'No engine is running there')) };
    const request = requestFor({ onEngine });
    await expect(takeLock(request, call())).rejects.toThrow('No engine is running there');
    expect(await isFree(request)).toBe(true);
  });

  it('is given back on the host also where the engine does not take it back', async () => {
    const onEngine = memoryLock();
    const request = requestFor({
      onEngine: {
        async acquire(...args) {
          const answer = await onEngine.acquire(...args);
          return 'lock' in answer ? { lock: { ...answer.lock, release: () => Promise.reject(new Error('no')) } } : answer;
        },
      },
    });
    const taken = await takeLock(request, call());
    if (!taken.ok) throw new Error('it was refused');
    await expect(taken.value.release()).rejects.toThrow('no');
    expect(await isFree(request)).toBe(true);
  });
});

describe('--lock-timeout', () => {
  it('waits for it, and says so and for whom', async () => {
    const request = requestFor();
    const other = await held(request);
    const waiting = call('apply --lock-timeout 90s');
    const taken = takeLock(request, waiting);
    await expect.poll(() => waiting.io.stderr.text()).toBe(`Waiting up to 90 s for the lock, which ${byAnn} has …\n`);
    if ('lock' in other) await other.lock.release();
    const lock = await taken;
    expect(lock.ok).toBe(true);
    if (lock.ok) await lock.value.release();
  });

  it('is over when it is over, or when a person interrupts; --json says nothing of it', async () => {
    const request = requestFor();
    const other = await held(request);
    const short = call('apply --json --lock-timeout 20ms');
    expect([await takeLock(request, short), short.io.stderr.text()]).toMatchObject([{ ok: false, error: [{ code: 'locked' }] }, '']);
    const stop = new AbortController();
    const long = { ...call('apply --lock-timeout 90s'), cancel: stop.signal };
    const waiting = takeLock(request, long);
    await expect.poll(() => long.io.stderr.text()).not.toBe('');
    stop.abort();
    expect(await waiting).toMatchObject({ ok: false });
    const cancelled = { ...call('apply --lock-timeout 90s'), cancel: AbortSignal.abort() };
    expect([await takeLock(request, cancelled), cancelled.io.stderr.text()]).toMatchObject([{ ok: false }, '']);
    if ('lock' in other) await other.lock.release();
  });

  it('gives the engine a second to see that a holder has gone, and no other half', async () => {
    const asked: boolean[] = [];
    const onEngine = {
      acquire: async (_name: string, _holder: LockHolder, patience: AbortSignal): Promise<Acquired> => {
        asked.push(patience.aborted);
        return { heldBy: undefined };
      },
    };
    expect(await takeLock(requestFor({ onEngine }), call())).toMatchObject({
      error: [{ message: 'stack shop is being changed by a process that does not say who it is' }],
    });
    expect(asked).toEqual([false]);
  });
});

describe('whether a stack is being changed', () => {
  it('is told of other processes of this host', async () => {
    const request = requestFor();
    expect(await beingChanged(request)).toBeUndefined();
    const other = await held(request);
    expect(await beingChanged(request)).toMatchObject({ code: 'locked', message: `stack shop is being changed by ${byAnn}` });
    if ('lock' in other) await other.lock.release();
    expect(await beingChanged(request)).toBeUndefined();
    const own = await takeLock(request, call());
    expect(await beingChanged(request)).toBeUndefined();
    if (own.ok) await own.value.release();
  });

  it('is told of one that does not say who it is', async () => {
    const onEngine = { ...memoryLock(), standing: async () => ({ heldBy: undefined, takeAway: async () => undefined }) };
    const nameless = 'stack shop is being changed by a process that does not say who it is';
    expect(await beingChangedElsewhere(fresh(), onEngine)).toMatchObject({ message: nameless });
    const request = requestFor();
    const address = `\0stackctl/${sha256(`${request.engine}/shop`).slice(0, 32)}`.padEnd(108, '.');
    const silent = createServer((socket) => socket.on('error', () => undefined)).listen(address);
    await once(silent, 'listening');
    expect(await beingChanged(request)).toMatchObject({ message: nameless });
    silent.close();
  });

  it('is told of processes of other hosts, whatever their number', async () => {
    const onEngine = memoryLock();
    const problem = async (heldBy: LockHolder | undefined) => {
      onEngine.heldBy = heldBy;
      return (await beingChangedElsewhere(fresh(), onEngine))?.code;
    };
    expect(await problem(undefined)).toBeUndefined();
    expect(await problem(ann)).toBe('locked');
    expect(await problem({ ...ann, ...actor() })).toBeUndefined();
    expect([await problem({ ...ann, pid: process.pid }), await problem({ ...ann, host: actor().host })]).toEqual(['locked', 'locked']);
  });
});

it('a holder is told without anything that a terminal would take for a command', () => {
  expect(holderText({ ...ann, command: '\u001b[31mapply' })).toBe(byAnn.replace('stackctl apply', 'apply'));
  const { commit: _commit, ...plain } = ann;
  expect(holderText(plain)).toBe('"stackctl apply" (process 812 of ann@build-7, since noon)');
});
