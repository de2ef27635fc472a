import { expect, it } from 'vitest';
import { assured } from '../../src/adapters/docker-assured.ts';
import { EngineError } from '../../src/platform/engine-error.ts';

const lost = new EngineError('unreachable', 'the answer was lost');
const refused = new EngineError('refused', 'no');

type Answer = 'done' | EngineError;

/** What an engine answers in turn, and what is seen of it between. */
const rows: readonly (readonly [string, readonly Answer[], boolean | EngineError, { readonly asked: number; readonly ends: Answer }])[] = [
  ['an answer', ['done'], false, { asked: 1, ends: 'done' }],
  ['a refusal is believed', [refused], true, { asked: 1, ends: refused }],
  ['lost, and it was done', [lost], true, { asked: 1, ends: 'done' }],
  ['lost, and it was not done', [lost, 'done'], false, { asked: 2, ends: 'done' }],
  ['lost, and refused the second time', [lost, refused], false, { asked: 2, ends: refused }],
  ['lost, and nobody knows', [lost], refused, { asked: 1, ends: lost }],
];

it.each(rows)('%s', async (_, answers, seen, { asked, ends }) => {
  const left = [...answers];
  const give = <T>(answer: T | EngineError): Promise<T> =>
    answer instanceof EngineError ? Promise.reject(answer) : Promise.resolve(answer);
  const ended = await assured({ change: async () => void (await give(left.shift())), isSo: () => give(seen) }).then(
    () => 'done' as const,
    (error: unknown) => error,
  );
  expect([ended, answers.length - left.length]).toEqual([ends, asked]);
});
