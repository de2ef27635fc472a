import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { anySignal } from '../../src/lib/any-signal.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const patienceMs = 5_000;

test('a deadline among others holds, whatever is collected meanwhile', async () => {
  const other = new AbortController();
  const inner = (): AbortSignal => anySignal([other.signal, AbortSignal.timeout(300)]);
  const signals = [inner(), anySignal([inner(), new AbortController().signal])];
  const heard = signals.map((signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve('heard'), { once: true })));
  await pause(0); // what was made in the turn before can be collected only now
  collectGarbage();
  expect(await Promise.race([Promise.all(heard), pause(patienceMs, 'never', { ref: false })])).toEqual(['heard', 'heard']);
});
