import { expect, test } from 'vitest';
import { createRig, type Rig } from '../bad-days/rig.ts';
import { healthy, service, stack } from '../bad-days/stacks.ts';

const few = 2;
const many = 6;

const text = (count: number, version: number): string =>
  stack(...Array.from({ length: count }, (_, i) => service(`s${i + 1}`, healthy, `environment: { V: "${version}" }`)));

/** What one service costs: the rest, such as asking what the engine is, is the same for few and for many. */
async function requestsOfOne(phase: (rig: Rig, count: number) => Promise<void>, before: (rig: Rig, count: number) => Promise<void>) {
  const counts: number[] = [];
  for (const count of [few, many]) {
    await using rig = await createRig();
    await before(rig, count);
    const already = rig.proxy.calls.length;
    await phase(rig, count);
    counts.push(rig.proxy.calls.length - already);
  }
  return ((counts[1] ?? 0) - (counts[0] ?? 0)) / (many - few);
}

const first = (rig: Rig, count: number): Promise<void> => rig.up(text(count, 1));
const nothing = (): Promise<void> => Promise.resolve();

test('a created service costs what the bare Engine API needs, and one last look', async () => {
  // create, start, inspect, its health check (3), and an inspect before the commit: what passed its gate must still run
  expect(await requestsOfOne(first, nothing)).toBeLessThanOrEqual(7);
});

test('a replaced service costs two looks for the plan and one before each of stop and remove beside what has to be done', async () => {
  const again = (rig: Rig, count: number): Promise<void> => rig.up(text(count, 2));
  // As above; the old one is seen by the plan and again under the lock, looked at and stopped, put aside, looked at and removed
  expect(await requestsOfOne(again, first)).toBeLessThanOrEqual(7 + 7);
});

test('a service that is taken down is looked at for the plan and again under the lock, and before it is stopped and removed', async () => {
  const down = async (rig: Rig): Promise<void> => {
    const ran = await rig.stackctl('down --yes');
    expect(ran.exitCode, ran.stderr).toBe(0);
  };
  expect(await requestsOfOne(down, first)).toBeLessThanOrEqual(6);
});
