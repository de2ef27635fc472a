import { describe, expect, it } from 'vitest';
import { definitionOf } from '../../src/actions/index.ts';
import { apply } from '../../src/apply/apply.ts';
import { journalEntry } from '../../src/apply/journal-records.ts';
import { goBack } from '../../src/apply/recover.ts';
import type { ApplyEvent } from '../../src/model/event.ts';
import { plan } from '../../src/plan/plan.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import { desired, observed, seen, seenNetwork, service, volume } from '../kit/builders.ts';
import { before, diedAt, ended, wanted, type Left } from '../kit/interrupted-runs.ts';
import { begun, planned } from '../kit/journals.ts';
import { memoryEngine } from '../kit/memory-engine.ts';
import { recovered, types } from '../kit/recovered.ts';
import { contextOn, never } from '../kit/runs.ts';
import { standing } from '../kit/standing.ts';

/** A run that died when a new container with a new volume had started. */
async function diedWithData(): Promise<Left & { readonly mounted: boolean }> {
  const keeper = service('db', { settings: { volumes: [{ type: 'volume', source: 'shop_data', target: '/data', read_only: false }] } });
  const world = observed();
  const made = plan(desired({ services: [keeper], volumes: [volume('data')] }), world);
  const engine = memoryEngine(world);
  const records: Left['records'] = [begun, { ...planned, plan: made, before: world }];
  const dead = new AbortController();
  await apply(made, {
    ...contextOn(engine, world, { abandon: dead.signal }),
    emit: async (event) => {
      const entry = journalEntry(event, () => begun.at);
      if (entry && !dead.signal.aborted) records.push(entry.record);
      if (event.type === 'step-ended' && event.step.id.startsWith('container.start')) dead.abort();
    },
  });
  return { engine, records, mounted: Object.keys(engine.now().volumes).length === 1 };
}

describe('to go back', () => {
  it('undoes what was done in reverse, looks again, and says so', async () => {
    const left = await diedAt(ended('container.create shop-web-1'));
    const done = left.engine.calls.length;
    const back = await recovered(left, goBack);
    expect(back.result).toBe('rolled-back');
    expect(standing(left.engine.now())).toEqual(standing(before));
    expect(back.events[0]).toEqual({
      type: 'rollback-started',
      because: 'it was interrupted, and what it had begun is taken back',
      steps: left.records.filter((record) => record.type === 'started' && record.undo !== 'not-needed').length,
    });
    expect(back.events.slice(-2)).toEqual([
      { type: 'rollback-ended', verified: true, left: [], lost: [] },
      { type: 'run-ended', result: 'rolled-back' },
    ]);
    expect(left.engine.calls.slice(done, done + 2)).toEqual(['stop shop-web-1', 'remove shop-web-1']);
    // All the same when it is done again
    expect((await recovered(left, goBack)).result).toBe('rolled-back');
    expect(standing(left.engine.now())).toEqual(standing(before));
  });

  it('gets running again what went down with the engine, though no step had touched it', async () => {
    const left = await diedAt(ended('container.update shop-db-1 restart'));
    for (const { id } of Object.values(left.engine.now().containers)) left.engine.change(id, { status: 'exited', exitCode: 137 });
    const back = await recovered(left, goBack);
    expect(back.result).toBe('rolled-back');
    expect(types(back)).toContain('step-ended again container.start shop-web-1');
    expect(standing(left.engine.now())).toEqual(standing(before));
  });

  it('leaves a job alone that has ended well meanwhile', async () => {
    const left = await diedAt(ended('container.update shop-db-1 restart'));
    left.engine.change(left.engine.now().containers['shop-web-1']!.id, { status: 'exited', exitCode: 0 });
    const back = await recovered(left, goBack, { jobs: ['web'] });
    expect(types(back).filter((each) => each.includes('again'))).toEqual([]);
    expect(back.events.find((event) => event.type === 'rollback-ended')).toMatchObject({
      verified: false,
      left: ['container shop-web-1 is stopped, was running'],
    });
  });

  it('leaves a volume that a program of the run could write to, and says so', async () => {
    const { mounted, engine, records } = await diedWithData();
    const back = await recovered({ engine, records }, goBack);
    expect(Object.keys(engine.now().volumes)).toEqual(['shop_data']);
    expect(back.result).toBe('not-fully-rolled-back');
    expect(back.events.find((event) => event.type === 'rollback-ended')).toMatchObject({
      left: [expect.stringMatching(/^volume shop_data is new and stays/)],
    });
    expect(mounted).toBe(true);
  });

  it('makes a network again that was removed, and takes it for the same', async () => {
    const networks = [seenNetwork('shop_default'), seenNetwork('shop_old')];
    const world = observed({ networks, containers: [seen(service('db'))] });
    const clearing = plan(desired({ services: [service('db')] }), world);
    const [remove] = clearing.steps;
    const engine = memoryEngine(world);
    await engine.removeNetwork(networks[1]!.id, never);
    const undo = definitionOf(remove!.action).undo(remove!.action.args, world);
    const records: Left['records'] = [begun, { ...planned, plan: clearing, before: world }, { type: 'started', step: remove!.id, undo }];
    const back = await recovered({ engine, records }, goBack);
    expect([back.result, Object.keys(engine.now().networks)]).toEqual(['rolled-back', ['shop_default', 'shop_old']]);
  });

  it('ends with what it finds where the engine does not answer in between', async () => {
    const left = await diedAt(ended('container.stop shop-db-1'));
    let looks = 0;
    const look = async () => {
      looks += 1;
      if (looks === 1) throw new EngineError('unreachable', 'No engine is running there');
      return left.engine.now();
    };
    expect((await recovered(left, goBack, { look })).result).toBe('rolled-back');
    expect(looks).toBe(2);
  });

  it('tells what it could not bring back', async () => {
    const left = await diedAt(ended('container.create shop-web-1'));
    const { machine } = left.engine;
    const aside = [...machine.containers.values()].find(({ seen: { name } }) => name.startsWith('shop-web-1.before-'))!;
    machine.containers.delete(aside.seen.id);
    const records = left.records.map((record) =>
      record.type === 'started' && record.step === 'container.stop shop-db-1' ? { ...record, undo: { lost: 'its memory' } } : record,
    );
    const back = await recovered({ ...left, records: records as Left['records'] }, goBack);
    expect(back.result).toBe('not-fully-rolled-back');
    expect(back.events.find((event) => event.type === 'rollback-ended')).toMatchObject({
      verified: false,
      left: expect.arrayContaining(['container shop-web-1 is gone']) as unknown,
      lost: ['its memory'],
    });
  });

  it('takes back the last attempt first', async () => {
    const left = await diedAt(ended('container.stop shop-db-1'));
    const now = left.engine.now();
    const other = service('other');
    const again = plan(desired({ services: [...Object.values(wanted.services), other] }), now);
    const created = again.steps.find(({ id }) => id === 'container.create shop-other-1')!;
    const undo = { kind: 'container.remove', args: { name: 'shop-other-1', stopFirst: true } };
    left.records.push({ ...planned, run: 'run-2', plan: again, before: now }, { type: 'started', step: created.id, undo });
    await left.engine.createContainer(
      { ...(created.action.args as object), imageId: 'x', owner: { stack: 'shop', run: 'run-2' } } as never,
      never,
    );
    const back = await recovered(left, goBack);
    expect(back.result).toBe('rolled-back');
    const ends = types(back).filter((each) => each.startsWith('step-ended undo'));
    expect(ends[0]).toBe('step-ended undo container.create shop-other-1');
    expect(standing(left.engine.now())).toEqual(standing(before));
  });

  it.each(['cancel', 'abandon'] as const)(
    'stops where it stands when a person interrupts (%s), and says that it is not over',
    async (signal) => {
      const left = await diedAt(ended('container.create shop-web-1'));
      const stop = new AbortController();
      const calls = left.engine.calls.length;
      const emit = async (event: ApplyEvent): Promise<void> => void (event.type === 'step-ended' && stop.abort());
      const back = await recovered(left, goBack, { [signal]: stop.signal, limit: 1, emit });
      expect(back.result).toBe('abandoned');
      expect(left.engine.calls.length - calls).toBeLessThan(3);
    },
  );

  it('does no more at once than it may', async () => {
    const left = await diedAt(ended('container.update shop-db-1 restart'));
    const busy = { now: 0, most: 0 };
    const engine = new Proxy(left.engine, {
      get: (target, name: keyof typeof left.engine) => {
        const call = target[name] as unknown;
        if (!/^(start|stop|update|remove|rename)Container$/.test(name) || typeof call !== 'function') return call;
        return async (...args: unknown[]): Promise<void> => {
          busy.most = Math.max(busy.most, ++busy.now);
          await (call as (...all: unknown[]) => Promise<void>)(...args);
          busy.now -= 1;
        };
      },
    });
    for (const { seen: each } of [...left.engine.machine.containers.values()])
      left.engine.change(each.id, { status: 'exited', exitCode: 1 });
    expect((await recovered({ ...left, engine }, goBack, { limit: 1 })).result).toBe('rolled-back');
    expect(busy.most).toBe(1);
  });

  it('ends at its deadline', async () => {
    const left = await diedAt(ended('container.create shop-web-1'));
    const glance = (_touches: unknown, signal: AbortSignal): Promise<never> =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new EngineError('timeout', 'No answer')), { once: true }));
    const engine = { ...left.engine, now: left.engine.now, glance };
    expect((await recovered({ ...left, engine }, goBack, { deadlineMs: 20 })).result).toBe('abandoned');
  });
});
