import { describe, expect, it } from 'vitest';
import type { ApplyEvent, Evidence, RunResult } from '../../src/model/event.ts';
import { resultText } from '../../src/render/result-text.ts';
import { plainStyle as style } from '../../src/render/style.ts';
import { bringUp, change, discard, ended, gate, progressed, pull, ran, runStarted, start, started } from './kit.ts';

const steps = [...bringUp('db'), ...bringUp('api', ['service.await shop-db-1'])];
const up: ApplyEvent[] = [runStarted(12), ...steps.slice(0, 5).flatMap((step) => ran(step))];
const evidence: Evidence = {
  container: 'shop-api-1',
  exitCode: 137,
  oomKilled: true,
  restartCount: 3,
  engineError: 'OCI runtime create failed',
  probe: 'connect:\n  connection refused\n',
  log: ['starting', 'cannot read \u001b[31m/etc/api.conf', 'x'.repeat(300)],
};
const failed = ended(gate('api'), { status: 'failed', why: 'its health check fails', evidence }, 4_200);
const back: ApplyEvent[] = [{ type: 'rollback-started', because: '"wait until shop-api-1 is healthy" failed', steps: 2 }];
const verified: ApplyEvent = { type: 'rollback-ended', verified: true, left: [], lost: [] };

const text = (result: RunResult, events: readonly ApplyEvent[]): string => `\n${resultText(result, events, { style })}`;

it('applied: counts and time', () => {
  const events = steps.flatMap((step) => ran(step));
  expect(text('applied', events)).toBe('\nApplied: 6 steps. Everything is ready.\n');
  expect(resultText('applied', events, { style, plan: { changes: [change()] }, tookMs: 12_345 })).toBe(
    'Applied: 1 added, 0 changed, 1 destroyed, in 12 s. Everything is ready.\n',
  );
  expect(text('applied', [...events, ended(gate('web'), { status: 'unchanged', why: 'same' })])).toContain(
    '6 steps. Everything is ready. 1 step turned out not to be needed.',
  );
  expect(text('applied', ran(discard('web')))).toBe('\nApplied: 1 step. All of it is removed.\n');
});

it('rolled back: the cause with all that the engine knows, then the way back, then what to do', () => {
  expect(text('rolled-back', [...up, failed, ended(gate('proxy'), { status: 'cancelled' }), ...back, verified])).toMatchInlineSnapshot(`
    "
    Failed: api: wait until shop-api-1 is healthy (after 4.2 s)
      its health check fails
      exit          code 137 (killed, often for lack of memory or after the grace period)
      memory        killed because it ran out of memory
      restarts      3
      engine        OCI runtime create failed
      last probe    | connect:
                    |   connection refused
      last log      | starting
                    | cannot read /etc/api.conf
                    | xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…

    Only because of that proxy was stopped and 5 steps were never begun.

    Rolled back (verified). The stack was looked at again and is as it was before.

    Next: mend the cause above, then run the same command again. Nothing is left to clean up.
    "
  `);
});

it('does not say again what the reason has said', () => {
  const why = 'it exited with code 1 (the program reported an error)';
  const events = [...up, ended(gate('api'), { status: 'failed', why, evidence: { container: 'shop-api-1', exitCode: 1, log: ['bye'] } })];
  expect(text('failed', events)).toMatchInlineSnapshot(`
    "
    Failed: api: wait until shop-api-1 is healthy (after 0.1 s)
      it exited with code 1 (the program reported an error)
      last log      | bye

    Only because of that 6 steps were never begun.

    Everything was left as it stands, as asked for: nothing was rolled back, nothing old was removed.

    Next: look with stackctl status, mend the cause above, then run the same command again.
    "
  `);
});

it('not fully rolled back: what differs, what went wrong on the way, what is lost', () => {
  const events: ApplyEvent[] = [
    ...up,
    failed,
    ...back,
    ...ran({ ...start('db'), id: 'undo x' }, { status: 'failed', why: 'the engine said no' }),
    { type: 'rollback-ended', verified: false, left: ['container shop-db-1 is exited, was running'], lost: ['process 812'] },
  ];
  expect(text('not-fully-rolled-back', events).split('never begun').at(-1)).toMatchInlineSnapshot(`
    ".

    Not fully rolled back. This is not as it was before:
      - container shop-db-1 is exited, was running
    Steps back that did not end well:
      - start container shop-db-1: the engine said no
    Lost, and not brought back:
      - process 812

    Next: stackctl status says how it stands now, stackctl recover goes on with steps back that failed. Mend the cause above first.
    "
  `);
});

describe('without a failed step', () => {
  it('a deadline: what was under way', () => {
    const events: ApplyEvent[] = [
      ...up,
      progressed(gate('api'), 'its health check has not passed yet'),
      ended(gate('api'), { status: 'cancelled' }),
      { type: 'rollback-started', because: 'it took longer than 600 s in all', steps: 2 },
      verified,
    ];
    expect(text('rolled-back', events)).toMatchInlineSnapshot(`
      "
      Failed: it took longer than 600 s in all
      Still under way then:
        - wait until shop-api-1 is healthy: its health check has not passed yet

      Rolled back (verified). The stack was looked at again and is as it was before.

      Next: mend the cause above, then run the same command again. Nothing is left to clean up.
      "
    `);
  });

  it('a deadline before anything was done', () => {
    expect(text('untouched', [runStarted(3), started(pull('nginx:9')), ended(pull('nginx:9'), { status: 'cancelled' })]))
      .toMatchInlineSnapshot(`
      "
      Failed: it was not done within 10m
      Still under way then:
        - pull image nginx:9

      Nothing was touched: it failed before anything was changed.

      Next: mend the cause above, then run the same command again.
      "
    `);
  });

  it('interrupted before and after something was done', () => {
    expect(text('interrupted', up.slice(0, 1))).toBe('\nInterrupted. Nothing had been changed yet.\n');
    expect(text('interrupted', [...up, ...back, verified])).toMatchInlineSnapshot(`
      "
      Interrupted. What had been done was walked back.

      Rolled back (verified). The stack was looked at again and is as it was before.
      "
    `);
  });

  it('abandoned: what may or may not have happened', () => {
    expect(text('abandoned', [...up, started(gate('api'))])).toMatchInlineSnapshot(`
      "
      Stopped at once. Nothing more was rolled back; the stack is as it stood at that moment.
      Begun, and not known how it ended:
        - wait until shop-api-1 is healthy

      Next: stackctl recover takes back what was left half done; stackctl recover --resume goes on.
      "
    `);
  });
});

it('untouched: nothing was done', () => {
  expect(text('untouched', [runStarted(3), ...ran(pull('nginx:9'), { status: 'failed', why: 'manifest for nginx:9 not found' })]))
    .toMatchInlineSnapshot(`
    "
    Failed: pull image nginx:9 (after 0.1 s)
      manifest for nginx:9 not found

    Only because of that 2 steps were never begun.

    Nothing was touched: it failed before anything was changed.

    Next: mend the cause above, then run the same command again.
    "
  `);
});

it('not cleaned up: what is left, of an apply and of a down', () => {
  const left = ended(discard('web'), { status: 'failed', why: 'device or resource busy' });
  expect(text('not-cleaned-up', [...up, { type: 'committed' }, left])).toMatchInlineSnapshot(`
    "
    Up, but not cleaned up. Everything is ready; this could not be removed:
      - remove container shop-web-1.before-0123456789ab: device or resource busy

    Next: run stackctl apply again to remove what is left.
    "
  `);
  expect(text('not-cleaned-up', [left])).toContain('run stackctl down again');
});
