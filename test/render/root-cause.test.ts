import { expect, it } from 'vitest';
import type { ApplyEvent, StepOutcome } from '../../src/model/event.ts';
import { rootCause } from '../../src/render/root-cause.ts';
import { bringUp, ended, gate, pull, ran, start } from './kit.ts';

const failed: StepOutcome = { status: 'failed', why: 'x' };
const [dbCreate, dbStart, dbGate] = bringUp('db') as [never, never, never];
/** api needs db only to be started, so its steps go on while db is still at its gate. */
const [apiCreate, apiStart, apiGate] = bringUp('api', ['container.start shop-db-1']) as [never, never, never];
const [webCreate, webStart, webGate] = bringUp('web', ['container.start shop-api-1']) as [never, never, never];
const alone = gate('alone');
const up = [dbCreate, dbStart, apiCreate, apiStart, webCreate, webStart].flatMap((step) => ran(step));
const rollback: ApplyEvent = { type: 'rollback-started', because: 'x', steps: 1 };

it.each<[string, ApplyEvent[], string | undefined, string[], string[]]>([
  ['nothing failed', up, undefined, [], []],
  ['one failed', [...up, ended(dbGate, failed)], 'service.await shop-db-1', [], []],
  ['one was refused', [ended(dbCreate, { status: 'refused', why: 'x' })], 'container.create shop-db-1', [], []],
  ['one was too late', [...up, ended(dbGate, { status: 'timed-out', afterMs: 1 })], 'service.await shop-db-1', [], []],
  ['only cancelled: no step is to blame', [...up, ended(dbGate, { status: 'cancelled' })], undefined, [], []],
  [
    'what it stands on failed later',
    [...up, ended(apiGate, failed), ended(dbGate, failed)],
    'service.await shop-db-1',
    ['service.await shop-api-1'],
    [],
  ],
  ['far down', [...up, ended(webGate, failed), ended(dbGate, failed)], 'service.await shop-db-1', ['service.await shop-web-1'], []],
  [
    'two by themselves: the first',
    [...up, ended(alone, failed), ended(dbGate, failed)],
    'service.await shop-alone-1',
    [],
    ['service.await shop-db-1'],
  ],
  ['an image', [ended(pull('a'), failed), ended(pull('b'), failed)], 'image.pull a', [], ['image.pull b']],
  [
    'failures of the way back are not causes',
    [...up, ended(apiGate, failed), rollback, ended(start('db'), failed)],
    'service.await shop-api-1',
    [],
    [],
  ],
])('%s', (_name, events, cause, consequences, others) => {
  const root = rootCause(events);
  expect(root?.step.id).toBe(cause);
  expect(root?.consequences.map(({ step }) => step.id) ?? []).toEqual(consequences);
  expect(root?.others.map(({ step }) => step.id) ?? []).toEqual(others);
});

it('names what was stopped because of it', () => {
  const root = rootCause([...up, ended(dbGate, failed), ended(webGate, { status: 'cancelled' })]);
  expect(root?.cancelled.map(({ service }) => service)).toEqual(['web']);
});
