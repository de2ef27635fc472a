import { describe, expect, it } from 'vitest';
import { interruptedRun } from '../../src/apply/interrupted.ts';
import { asPassed, finishForward, stillToDiscard } from '../../src/apply/recover.ts';
import { settled } from '../../src/apply/settled.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import type { JournalRecord } from '../../src/platform/journal.ts';
import { before, diedAt, ended, isCommit, made } from '../kit/interrupted-runs.ts';
import { begun, planned } from '../kit/journals.ts';
import type { MemoryEngine } from '../kit/memory-engine.ts';
import { recovered, types } from '../kit/recovered.ts';
import { never } from '../kit/runs.ts';

describe('to end a run that had passed its gates', () => {
  it('throws away what it had put aside, and nothing else', async () => {
    const left = await diedAt(isCommit);
    const interrupted = interruptedRun(left.records);
    const discards = made.steps.filter(({ stage }) => stage === 'discard').map(({ id }) => id);
    expect(stillToDiscard(interrupted).map(({ id }) => id)).toEqual(discards);
    expect(Object.keys(asPassed(interrupted).containers).sort()).toEqual(Object.keys(left.engine.now().containers).sort());
    const forward = await recovered(left, finishForward);
    expect(forward.result).toBe('applied');
    expect(types(forward).filter((each) => each.startsWith('step-ended'))).toEqual(discards.map((id) => `step-ended ${id}`));
    expect(Object.keys(left.engine.now().containers)).toEqual(['shop-db-1', 'shop-web-1']);
  });

  it('of one that was gone on with throws away what its last attempt has put aside', () => {
    const run = (id: string): JournalRecord => ({ ...planned, run: id, plan: made, before });
    const [first, second] = made.steps.filter(({ stage }) => stage === 'discard');
    const done: JournalRecord = { type: 'ended', step: first!.id, outcome: 'done', tookMs: 1 };
    const failed: JournalRecord = { ...done, step: second!.id, outcome: 'failed' };
    const begin = (step: string): JournalRecord => ({ type: 'started', step, undo: 'not-needed' });
    const records = [begun, run('run-1'), run('run-2'), { type: 'committed' }, begin(first!.id), done, begin(second!.id), failed] as const;
    expect(stillToDiscard(interruptedRun(records)).map(({ id }) => id)).toEqual([second!.id]);
    // What failed on the way has not been done
    const [stop] = made.steps;
    const half = [begun, run('run-1'), run('run-2'), begin(stop!.id), { ...failed, step: stop!.id }] as const;
    expect(asPassed(interruptedRun(half))).toEqual(before);
    const whole = [begun, run('run-1'), run('run-2'), begin(stop!.id), { ...done, step: stop!.id }] as const;
    expect(asPassed(interruptedRun(whole))).not.toEqual(before);
  });

  it('does not do again what is done, and takes what is gone for thrown away', async () => {
    const [first] = made.steps.filter(({ stage }) => stage === 'discard');
    const left = await diedAt(ended(first!.id));
    expect(stillToDiscard(interruptedRun(left.records)).map(({ id }) => id)).not.toContain(first!.id);
    for (const { seen: each } of [...left.engine.machine.containers.values()])
      if (each.name.includes('.before-')) left.engine.machine.containers.delete(each.id);
    expect((await recovered(left, finishForward)).result).toBe('applied');
  });

  it('gets running again what went down with the engine', async () => {
    const left = await diedAt(isCommit);
    const { id } = left.engine.now().containers['shop-web-1']!;
    left.engine.change(id, { status: 'exited', exitCode: 137 });
    expect((await recovered(left, finishForward)).result).toBe('applied');
    expect(left.engine.now().containers['shop-web-1']?.state.status).toBe('running');
  });

  it('says so when something could not be thrown away', async () => {
    const left = await diedAt(isCommit);
    const removeContainer = () => Promise.reject(new EngineError('refused', 'The engine says no'));
    const forward = await recovered({ ...left, engine: { ...left.engine, now: left.engine.now, removeContainer } }, finishForward);
    expect(forward.result).toBe('not-cleaned-up');
    expect(forward.events.at(-1)).toEqual({ type: 'run-ended', result: 'not-cleaned-up' });
  });

  it('does not take for thrown away what the engine says nothing of', async () => {
    const left = await diedAt(isCommit);
    const refused = () => Promise.reject(new EngineError('refused', 'The engine says no'));
    let isRefused = false;
    const engine: MemoryEngine = {
      ...left.engine,
      now: left.engine.now,
      removeContainer: () => ((isRefused = true), refused()),
      glance: (...args) => (isRefused ? refused() : left.engine.glance(...args)),
    };
    expect((await recovered({ ...left, engine }, finishForward)).result).toBe('not-cleaned-up');
  });

  it('stops where it stands when a person interrupts', async () => {
    const left = await diedAt(isCommit);
    const calls = left.engine.calls.length;
    const forward = await recovered(left, finishForward, { cancel: AbortSignal.abort() });
    expect([forward.result, left.engine.calls.length - calls]).toEqual(['abandoned', 0]);
    expect(forward.events.at(-1)).toEqual({ type: 'run-ended', result: 'abandoned' });
  });
});

describe('an engine that goes on with what a dead client had asked for', () => {
  const asked = async (settleMs: number, act: (engine: MemoryEngine) => void): Promise<number> => {
    const left = await diedAt((event) => event.type === 'step-started' && event.step.id === 'container.stop shop-db-1');
    const { attempts } = interruptedRun(left.records);
    const reads = left.engine.reads;
    const waiting = settled(attempts, { engine: left.engine, abandon: never, settleMs });
    act(left.engine);
    await waiting;
    return left.engine.reads - reads;
  };

  it('is waited for no longer than until its effect shows', async () => {
    const began = performance.now();
    const reads = await asked(20_000, () => undefined);
    expect(reads).toBeGreaterThan(0);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('is waited for no longer than it is given', async () => expect(await asked(0, () => undefined)).toBeLessThan(2));
});
