import { expect, it } from 'vitest';
import { answerOf } from '../../src/adapters/docker-answer.ts';
import { askAhead } from '../../src/adapters/docker-ahead.ts';
import type { EngineFacts } from '../../src/model/observed.ts';

const never = new AbortController().signal;

/** An engine whose list has one row, numbered by the question; the questions named in `failing` fail. */
function counted(failing: readonly number[] = []) {
  let asked = 0;
  const containers = (): Promise<ReturnType<typeof answerOf>[]> => {
    const question = ++asked;
    return failing.includes(question)
      ? Promise.reject(new Error(`question ${question}`))
      : Promise.resolve([answerOf({ Id: `answer ${question}` }, 'test')]);
  };
  const facts = (): Promise<EngineFacts> => Promise.reject(new Error('no facts'));
  return { asked: () => asked, always: { containers, facts } };
}

const idOf = async (rows: Promise<readonly ReturnType<typeof answerOf>[]>): Promise<string | undefined> => (await rows)[0]?.text('Id');

it('asks at once, gives that answer to the first look and a new one to every later', async () => {
  const { asked, always } = counted();
  const ahead = askAhead(always, never);
  expect(asked()).toBe(1);
  expect(await idOf(ahead.containers(never))).toBe('answer 1');
  expect(await idOf(ahead.containers(never))).toBe('answer 2');
  expect(asked()).toBe(2);
});

it('asks again when the early question failed, and tells the second failure', async () => {
  expect(await idOf(askAhead(counted([1]).always, never).containers(never))).toBe('answer 2');
  await expect(askAhead(counted([1, 2]).always, never).containers(never)).rejects.toThrow('question 2');
});
