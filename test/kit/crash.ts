import { EngineError } from '../../src/platform/engine-error.ts';
import type { Engine } from '../../src/platform/engine.ts';
import { JournalError, type Journal, type JournalRecord, type RecordOf } from '../../src/platform/journal.ts';
import { ends } from './light-signal.ts';

/** The life of one process: it ends right at a moment, and whatever it does from then on has no effect. */
interface Life {
  readonly signal: AbortSignal;
  /** How many moments it has seen. */
  readonly moments: number;
  readonly isDead: boolean;
  /** One more moment at which it may end. */
  moment(): void;
}

/** Ends at that moment, from 1; never, unless given. */
export function life(endsAt = Infinity): Life {
  const end = ends.make();
  let moments = 0;
  return {
    signal: end.signal,
    get moments() {
      return moments;
    },
    get isDead() {
      return end.signal.aborted;
    },
    moment() {
      moments += 1;
      if (moments >= endsAt) end.abort();
    },
  };
}

/** What is on disk of the journals of a stack: what a process wrote and had not synced may be lost with the machine. */
export interface Disk {
  records: JournalRecord[];
  synced: number;
  /** Whether the journal has become history. */
  isClosed: boolean;
}

export const diskWith = (begun: RecordOf<'begun'>, planned: RecordOf<'planned'>): Disk => ({
  records: [begun, planned],
  synced: 2,
  isClosed: false,
});

/** The machine lost its power: of what was not synced a part is left, from the front. */
export function losePower(disk: Disk, keeps: number): void {
  disk.records = disk.records.slice(0, Math.min(disk.records.length, disk.synced + keeps));
}

/** A journal that its process may die before, in and after each write of. */
export function mortalJournal(disk: Disk, { moment, signal }: Pick<Life, 'moment' | 'signal'>): Journal {
  const unlessDead = (): void => {
    if (signal.aborted) throw new JournalError('the process is dead');
  };
  return {
    async append(record, sync) {
      moment();
      unlessDead();
      disk.records.push(record);
      moment();
      unlessDead();
      await Promise.resolve();
      if (sync) disk.synced = disk.records.length;
      moment();
      unlessDead();
    },
    async close() {
      moment();
      unlessDead();
      disk.synced = disk.records.length;
      disk.isClosed = true;
      await Promise.resolve();
    },
    leave: () => Promise.resolve(),
  };
}

/** What is under way when the process dies goes on to its end. */
const heedless = (arg: unknown): unknown => (arg instanceof AbortSignal ? ends.make().signal : arg);

/** Calls that only look are no moments of their own: nothing is different after them. */
const looks = ['facts', 'look', 'glance', 'states', 'watch', 'exec', 'logs', 'remoteDigest'];

/** The engine as a process sees it that may die before and after each call that changes something; what it asked for still happens. */
export function mortalEngine(engine: Engine, { signal, moment }: Life): Engine {
  const unlessDead = (): void => {
    if (signal.aborted) throw new EngineError('unreachable', 'the process is dead');
  };
  const wrap =
    (name: string, call: (...args: unknown[]) => unknown) =>
    (...args: unknown[]): unknown => {
      if (name === 'watch') return call(...args);
      return (async () => {
        const changes = !looks.includes(name);
        if (changes) moment();
        unlessDead();
        const answer: unknown = await call(...(changes ? args.map(heedless) : args));
        if (changes) moment();
        unlessDead();
        return answer;
      })();
    };
  return new Proxy(engine, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      return typeof value === 'function' && typeof name === 'string' ? wrap(name, value as (...args: unknown[]) => unknown) : value;
    },
  });
}
