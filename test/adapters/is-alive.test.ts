import { expect, it } from 'vitest';
import { isAlive } from '../../src/adapters/is-alive.ts';

it('a process is alive, whoever it belongs to, or it is not', () => {
  expect([isAlive(process.pid), isAlive(1), isAlive(2 ** 22)]).toEqual([true, true, false]);
});
