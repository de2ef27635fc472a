import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { ApplyEvent } from '../../src/model/event.ts';
import type { Step } from '../../src/model/plan.ts';
import { listrProgress } from '../../src/render/progress-listr.ts';
import { plainStyle } from '../../src/render/style.ts';
import { bringUp, discard, ended, gate, network, progressed, pull, ran, runStarted, start, started } from './kit.ts';

interface Terminal {
  readonly stream: NodeJS.WriteStream;
  /** All that was written, without what moves the cursor. */
  text(): string;
}

function terminal(rows = 40): Terminal {
  let written = '';
  const stream = { isTTY: true, columns: 100, rows, write: (text: string) => Boolean((written += text)) };

  return { stream: stream as unknown as NodeJS.WriteStream, text: () => written.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '') };
}

/** What is left on the screen in the end. */
async function lastScreen(steps: readonly Step[], events: readonly ApplyEvent[], rows?: number): Promise<string> {
  const { stream, text } = terminal(rows);
  const progress = listrProgress({ steps }, { stream, style: plainStyle, now: () => 0 });
  for (const event of events) progress.on(event);
  await progress.shown();
  return `\n${text()}`;
}

const steps = [pull('nginx:2'), network('shop_default'), ...bringUp('db'), ...bringUp('frontend'), discard('db')];
const all = (some: readonly Step[]): ApplyEvent[] => some.flatMap((step) => ran(step));

it('ends with one calm line a service', async () => {
  const events: ApplyEvent[] = [runStarted(steps.length), ...all(steps), { type: 'run-ended', result: 'applied' }];
  expect(await lastScreen(steps, events)).toMatchInlineSnapshot(`
    "
    ✔ images    done in 0 ms
    ✔ networks  done in 0 ms
    ✔ db        ready in 0 ms
    ✔ frontend  ready in 0 ms
    ✔ clean up  done in 0 ms
    "
  `);
});

it('shows what failed, what was not reached, and the way back', async () => {
  const back = { ...start('db'), id: 'undo container.stop shop-db-1' };
  const events: ApplyEvent[] = [
    runStarted(steps.length),
    ...all(steps.slice(0, 4)),
    ...ran(gate('db'), { status: 'failed', why: 'it exited with \u001b[31mcode 1' }),
    { type: 'rollback-started', because: '"wait until shop-db-1 is healthy" failed', steps: 1 },
    ...ran(back),
    { type: 'rollback-ended', verified: true, left: [], lost: [] },
    { type: 'run-ended', result: 'rolled-back' },
  ];
  expect(await lastScreen(steps, events)).toMatchInlineSnapshot(`
    "
    ✔ images    done in 0 ms
    ✔ networks  done in 0 ms
    ✖ db        wait until shop-db-1 is healthy: it exited with code 1
    · frontend  not reached
    · clean up  not reached
    ✔ rolled back (verified)
    "
  `);
  const unverified = events.map((event) => (event.type === 'rollback-ended' ? { ...event, verified: false } : event));
  expect(await lastScreen(steps, unverified)).toContain('✖ not fully rolled back');
});

it('counts instead when the screen has fewer lines than there are services', async () => {
  const many = Array.from({ length: 50 }, (_, i) => bringUp(`worker-${i}`)).flat();
  const done: ApplyEvent[] = [runStarted(many.length), ...all(many), { type: 'run-ended', result: 'applied' }];
  expect(await lastScreen(many, done, 24)).toBe('\n✔ 50 of 50 done\n');
  const failed: ApplyEvent[] = [
    ...all(many.slice(0, 5)),
    ...ran(gate('worker-1'), { status: 'failed', why: 'it exited with code 1' }),
    { type: 'run-ended', result: 'failed' },
  ];
  expect(await lastScreen(many, failed, 24)).toMatchInlineSnapshot(`
    "
    ✖ worker-1   wait until shop-worker-1-1 is healthy: it exited with code 1
    · 1 of 50 done
    "
  `);
});

it('shows what a step is waiting for while it waits', async () => {
  const { stream, text } = terminal();
  const progress = listrProgress({ steps }, { stream, style: plainStyle });
  progress.on(started(gate('db')));
  progress.on(progressed(gate('db'), 'its health check has not passed yet'));
  await pause(400); // the list is drawn by a clock of its own
  expect(text()).toContain('db        wait until shop-db-1 is healthy: its health check has');
  expect(text()).toContain('· frontend');
  progress.on(ended(gate('db')));
  progress.on({ type: 'run-ended', result: 'abandoned' });
  await progress.shown();
});

it.each([
  ['a run that stops at once', [{ type: 'run-ended', result: 'untouched' }]],
  ['events of steps that it does not know', [...all([gate('stranger')]), { type: 'run-ended', result: 'applied' }]],
  [
    'an end without a start',
    [ended(gate('db')), { type: 'rollback-ended', verified: true, left: [], lost: [] }, { type: 'run-ended', result: 'failed' }],
  ],
  ['events after the end', [{ type: 'run-ended', result: 'applied' }, ...all(steps)]],
] satisfies [string, ApplyEvent[]][])('ends, and never throws: %s', async (_name, events) => {
  const listeners = process.listenerCount('SIGINT');
  await expect(lastScreen(steps, events)).resolves.toBeDefined();
  expect(process.listenerCount('SIGINT')).toBe(listeners);
});

it('leaves the stream as it was', async () => {
  const { stream } = terminal();
  const { write } = stream;
  const progress = listrProgress({ steps: [] }, { stream, style: plainStyle });
  progress.on({ type: 'run-ended', result: 'applied' });
  await progress.shown();
  expect(stream.write).toBe(write);
});
