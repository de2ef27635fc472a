import { expect, it } from 'vitest';
import type { ApplyEvent } from '../../src/model/event.ts';
import { jsonProgress } from '../../src/render/progress-json.ts';
import { linesProgress } from '../../src/render/progress-lines.ts';
import { quietProgress } from '../../src/render/progress-quiet.ts';
import { plainStyle as style } from '../../src/render/style.ts';
import { create, ended, gate, progressed, pull, ran, runStarted, start, started, stop } from './kit.ts';

const undo = { ...start('web'), id: 'undo container.stop shop-web-1' };
const evidence = { container: 'shop-web-1', exitCode: 1, log: ['bye'] };

const failing: ApplyEvent[] = [
  runStarted(9),
  ...ran(pull('nginx:2')),
  ended(create('db'), { status: 'unchanged', why: 'the image turned out to be the same' }),
  { type: 'step-started', step: stop('web'), undo: undo.action },
  ended(stop('web')),
  ended(create('web'), { status: 'refused', why: 'the name shop-web-1 is taken' }),
  started(gate('api')),
  progressed(gate('api'), 'its health check has not passed yet'),
  ended(gate('api'), { status: 'timed-out', afterMs: 90_000, why: 'its health check has not passed yet' }, 90_000),
  ended(gate('db'), { status: 'failed', why: 'it exited with code 1', evidence }, 1_234),
  ended(gate('cache'), { status: 'cancelled' }),
  { type: 'rollback-started', because: '"wait until shop-api-1 is healthy" failed', steps: 1 },
  ...ran(undo),
  { type: 'rollback-ended', verified: true, left: [], lost: [] },
  { type: 'run-ended', result: 'rolled-back' },
];

const written = (): { readonly text: () => string; write(text: string): void } => {
  let all = '';
  return { text: () => all, write: (text) => void (all += text) };
};

it('prints one line a start and an end, for logs', async () => {
  const output = written();
  const progress = linesProgress({ style, write: output.write });
  for (const event of failing) progress.on(event);
  await progress.shown();
  expect(`\n${output.text()}`).toMatchInlineSnapshot(`
    "
       start  pull image nginx:2
        done  pull image nginx:2 (0.1 s)
     skipped  create container shop-db-1 from nginx:2: the image turned out to be the same
       start  stop container shop-web-1
        done  stop container shop-web-1 (0.1 s)
     refused  create container shop-web-1 from nginx:2: the name shop-web-1 is taken
       start  wait until shop-api-1 is healthy
    too late  wait until shop-api-1 is healthy: not within 1 min 30 s: its health check has not passed yet
      failed  wait until shop-db-1 is healthy: it exited with code 1
     stopped  wait until shop-cache-1 is healthy
    rolling back, 1 step: "wait until shop-api-1 is healthy" failed
       start  start container shop-web-1
        done  start container shop-web-1 (0.1 s)
    rolled back (verified)
    "
  `);
});

it('says when there is no way back any more', () => {
  const output = written();
  linesProgress({ style, write: output.write }).on({ type: 'committed' });
  expect(output.text()).toBe('everything is ready; from here on nothing is taken back\n');
});

it('prints one JSON object a line, the version first', async () => {
  const output = written();
  const progress = jsonProgress({ version: '0.1.0', write: output.write });
  for (const event of [...failing, { type: 'committed' } as const]) progress.on(event);
  await progress.shown();
  const lines = output.text().trimEnd().split('\n');
  expect(lines.every((line) => typeof JSON.parse(line) === 'object')).toBe(true);
  expect(`\n${output.text()}`).toMatchInlineSnapshot(`
    "
    {"type":"version","format_version":"1.0","stackctl":"0.1.0"}
    {"type":"run_started","run":"run-1","steps":9,"timeout_ms":600000,"rollback_timeout_ms":600000}
    {"type":"step_started","id":"image.pull nginx:2","label":"pull image nginx:2"}
    {"type":"step_ended","id":"image.pull nginx:2","label":"pull image nginx:2","outcome":"done","took_ms":120}
    {"type":"step_ended","id":"container.create shop-db-1","label":"create container shop-db-1 from nginx:2","service":"db","outcome":"unchanged","why":"the image turned out to be the same","took_ms":120}
    {"type":"step_started","id":"container.stop shop-web-1","label":"stop container shop-web-1","service":"web","undo":"start container shop-web-1"}
    {"type":"step_ended","id":"container.stop shop-web-1","label":"stop container shop-web-1","service":"web","outcome":"done","took_ms":120}
    {"type":"step_ended","id":"container.create shop-web-1","label":"create container shop-web-1 from nginx:2","service":"web","outcome":"refused","why":"the name shop-web-1 is taken","took_ms":120}
    {"type":"step_started","id":"service.await shop-api-1","label":"wait until shop-api-1 is healthy","service":"api"}
    {"type":"step_progressed","id":"service.await shop-api-1","note":"its health check has not passed yet"}
    {"type":"step_ended","id":"service.await shop-api-1","label":"wait until shop-api-1 is healthy","service":"api","outcome":"timed_out","why":"its health check has not passed yet","after_ms":90000,"took_ms":90000}
    {"type":"step_ended","id":"service.await shop-db-1","label":"wait until shop-db-1 is healthy","service":"db","outcome":"failed","why":"it exited with code 1","evidence":{"container":"shop-web-1","exit_code":1,"log":["bye"]},"took_ms":1234}
    {"type":"step_ended","id":"service.await shop-cache-1","label":"wait until shop-cache-1 is healthy","service":"cache","outcome":"cancelled","took_ms":120}
    {"type":"rollback_started","because":"\\"wait until shop-api-1 is healthy\\" failed","steps":1}
    {"type":"step_started","id":"undo container.stop shop-web-1","label":"start container shop-web-1","service":"web"}
    {"type":"step_ended","id":"undo container.stop shop-web-1","label":"start container shop-web-1","service":"web","outcome":"done","took_ms":120}
    {"type":"rollback_ended","verified":true,"left":[],"lost":[]}
    {"type":"run_ended","result":"rolled_back"}
    {"type":"committed"}
    "
  `);
});

it('tells programs nothing of what an action works with', () => {
  const output = written();
  const progress = jsonProgress({ version: '0.1.0', write: output.write });
  progress.on(started(create('web', { settings: { environment: { TOKEN: { sealed: 'seal-1', shown: '(sensitive)' } } } })));
  expect(output.text()).not.toMatch(/seal|TOKEN|settings|args/);
});

it('writes JSON that can do no harm on a terminal', () => {
  const output = written();
  jsonProgress({ version: '0.1.0', write: output.write }).on(progressed(gate('web'), '\u001b[2J\u009b2J\u202e'));
  expect(output.text().trimEnd().split('\n')[1]).toBe(
    '{"type":"step_progressed","id":"service.await shop-web-1","note":"\\u001b[2J\\u009b2J\\u202e"}',
  );
});

it('can be quiet', async () => {
  const progress = quietProgress();
  for (const event of failing) progress.on(event);
  await expect(progress.shown()).resolves.toBeUndefined();
});
