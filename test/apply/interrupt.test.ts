import { describe, expect, it } from 'vitest';
import { plan } from '../../src/plan/plan.ts';
import { desired, needs, observed, seen, service } from '../kit/builders.ts';
import { endOf, outcomes, runPlan } from '../kit/runs.ts';
import { allUp } from '../kit/satisfies.ts';
import { shortenDeadlines } from '../kit/short-clock.ts';
import { standing } from '../kit/standing.ts';

shortenDeadlines();

const db = service('db');
const web = service('web', { dependsOn: [needs('db')] });
const stack = desired({ services: [db, web] });
const machine = observed({ containers: [db, web].map((each) => seen(each, { settings: { user: 'nobody' } })) });
const made = plan(stack, machine);
const calls = 12;

describe('a person interrupts', () => {
  it.each(Array.from({ length: calls }, (_, i) => i + 1))(
    'right before call %i: walks back, or finishes what is past the commit',
    async (at) => {
      const cancel = new AbortController();
      const ran = await runPlan(made, machine, { cancel: cancel.signal, meddle: (call) => void (call === at && cancel.abort()) });
      if (endOf(ran, 'committed')) {
        expect(ran.result).toBe('applied');
        expect(allUp(ran.engine.now(), stack)).toEqual([]);
      } else {
        expect(ran.result).toBe('interrupted');
        expect(standing(ran.engine.now())).toEqual(standing(machine));
      }
    },
  );

  it('before anything began: nothing is touched', async () => {
    const { result, engine } = await runPlan(made, machine, { cancel: AbortSignal.abort() });
    expect([result, engine.calls]).toEqual(['interrupted', []]);
  });

  it('while it waits at a gate: the wait ends at once', async () => {
    const cancel = new AbortController();
    const slow = service('db', { settings: { healthcheck: { test: ['CMD', 'x'] } }, timeouts: { pullMs: 1, readyMs: 29_000, callMs: 1 } });
    const before = observed({ containers: [seen(slow, { settings: { user: 'nobody' } })] });
    const ran = await runPlan(plan(desired({ services: [slow] }), before), before, {
      cancel: cancel.signal,
      behaves: () => ({ health: 'never' }),
      on: (event) => void (event.type === 'step-progressed' && cancel.abort()),
    });
    expect(ran.result).toBe('interrupted');
    expect(outcomes(ran)).toContain('service.await shop-db-1: cancelled');
  });

  it('a second time: stops at once and leaves the rest to the journal', async () => {
    const [cancel, abandon] = [new AbortController(), new AbortController()];
    const ran = await runPlan(made, machine, {
      cancel: cancel.signal,
      abandon: abandon.signal,
      meddle: (call, { calls: all }) => {
        if (call === 4) cancel.abort();
        if (all.at(-1) === 'remove shop-db-1') abandon.abort();
      },
    });
    expect(ran.result).toBe('abandoned');
    expect(ran.engine.calls.at(-1)).toBe('remove shop-db-1');
  });

  it('twice at once on the way forward: nothing more is started, nothing walked back', async () => {
    const abandon = new AbortController();
    const ran = await runPlan(made, machine, { abandon: abandon.signal, limit: 1, meddle: (call) => void (call === 3 && abandon.abort()) });
    expect(ran.result).toBe('abandoned');
    expect(ran.engine.calls).toHaveLength(3);
  });

  it('a second time past the commit: never counts as applied', async () => {
    const abandon = new AbortController();
    const ran = await runPlan(made, machine, { abandon: abandon.signal, on: ({ type }) => void (type === 'committed' && abandon.abort()) });
    expect(ran.result).toBe('abandoned');
    expect(ran.engine.calls.filter((call) => call.startsWith('remove'))).toEqual([]);
  });
});

describe('the engine does not answer', () => {
  it('ends the call at its own deadline, and walks back', async () => {
    const ran = await runPlan(made, machine, { fault: { atCall: 4, how: 'hang' } });
    expect(outcomes(ran)).toContain('container.create shop-db-1: timed-out');
    expect(ran.result).toBe('rolled-back');
  });

  it('ends a look before a step at its own deadline: the step is not begun', async () => {
    const ran = await runPlan(made, machine, { fault: { of: 'read', atCall: 2, how: 'hang' } });
    expect(ran.result).toBe('rolled-back');
    expect(outcomes(ran)).toContain('container.stop shop-db-1: failed');
    expect(ran.engine.calls).not.toContain('stop shop-db-1');
  });

  it.each([2, 3])('a look that fails (the %ith) fails its step only', async (atCall) => {
    const ran = await runPlan(made, machine, { fault: { of: 'read', atCall, how: 'before' } });
    expect(ran.result).toBe('rolled-back');
    expect(standing(ran.engine.now())).toEqual(standing(machine));
  });
});

describe('the whole takes too long', () => {
  const never = () => ({ health: 'never' as const });
  const slow = service('db', { settings: { healthcheck: { test: ['CMD', 'x'] } }, timeouts: { pullMs: 1, readyMs: 29_000, callMs: 1 } });
  const before = observed({ containers: [seen(slow, { settings: { user: 'nobody' } })] });

  it('ends the way forward and walks back within a deadline of its own', async () => {
    const ran = await runPlan(plan(desired({ services: [slow], timeoutMs: 300 }), before), before, { behaves: never });
    expect(ran.result).toBe('rolled-back');
    expect(outcomes(ran)).toContain('service.await shop-db-1: cancelled');
    expect(endOf(ran, 'rollback-started')?.because).toBe('it took longer than 0.3 s in all');
  });

  it('is left as it stands with --no-rollback', async () => {
    const ran = await runPlan(plan(desired({ services: [slow], timeoutMs: 300 }), before), before, { behaves: never, noRollback: true });
    expect([ran.result, endOf(ran, 'rollback-started')]).toEqual(['failed', undefined]);
  });

  it('a way back that takes too long is told with what is left, by a look of its own', async () => {
    const forward = plan(desired({ services: [slow], rollbackTimeoutMs: 200 }), before);
    const ran = await runPlan(forward, before, { behaves: () => ({ health: 'unhealthy' }), fault: { atCall: 6, how: 'hang' } });
    expect(ran.result).toBe('not-fully-rolled-back');
    expect(endOf(ran, 'rollback-ended')?.left).toContainEqual(expect.stringMatching(/^container shop-db-1 is another one/));
  });
});
