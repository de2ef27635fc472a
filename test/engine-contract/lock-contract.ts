import { describe, expect, test } from 'vitest';
import type { Acquired, Lock, LockHolder, LockKeeper } from '../../src/platform/lock.ts';

const holder = (command: string): LockHolder => ({ pid: process.pid, user: 'ann', host: 'here', since: '2026-01-01T00:00:00Z', command });
const soon = (): AbortSignal => AbortSignal.timeout(300);

function taken(answer: Acquired): Lock {
  if ('heldBy' in answer) throw new Error(`held by ${JSON.stringify(answer.heldBy)}`);
  return answer.lock;
}

/** What every lock promises. Each keeper stands for a process of its own. */
export function lockContract(name: string, keeper: () => Promise<LockKeeper>): void {
  describe(`lock: ${name}`, () => {
    const fresh = (): string => `contract-${process.pid}-${Math.random().toString(36).slice(2)}`;

    test('one has it, the next is told who', async () => {
      const [one, other, lock] = [await keeper(), await keeper(), fresh()];
      const mine = taken(await one.acquire(lock, holder('first'), AbortSignal.abort()));
      expect(await other.acquire(lock, holder('second'), soon())).toEqual({ heldBy: holder('first') });
      expect(mine.lost.aborted).toBe(false);
      await mine.release();
      await taken(await other.acquire(lock, holder('second'), AbortSignal.abort())).release();
    });

    test('whoever waits gets it when it is released', async () => {
      const [one, other, lock] = [await keeper(), await keeper(), fresh()];
      const mine = taken(await one.acquire(lock, holder('first'), AbortSignal.abort()));
      const waiting = other.acquire(lock, holder('second'), AbortSignal.timeout(20_000));
      expect(await Promise.race([waiting, (await keeper()).acquire(lock, holder('third'), soon())])).toEqual({ heldBy: holder('first') });
      await mine.release();
      await taken(await waiting).release();
    });

    test('of ten who ask at once one gets it', async () => {
      const lock = fresh();
      const keepers = await Promise.all(Array.from({ length: 10 }, keeper));
      const answers = await Promise.all(keepers.map((each, i) => each.acquire(lock, holder(String(i)), soon())));
      const locks = answers.flatMap((answer) => ('lock' in answer ? [answer.lock] : []));
      expect(locks).toHaveLength(1);
      await Promise.all(locks.map((each) => each.release()));
    });

    test('locks of two names do not know each other', async () => {
      const one = await keeper();
      const both = [taken(await one.acquire(fresh(), holder('a'), soon())), taken(await one.acquire(fresh(), holder('b'), soon()))];
      await Promise.all(both.map((each) => each.release()));
    });
  });
}
