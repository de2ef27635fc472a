import { expect, test } from 'vitest';
import { createRig } from './rig.ts';
import { asRolledBack } from './standing.ts';
import { pair } from './stacks.ts';

interface Case {
  readonly name: string;
  /** What is wrong with web from the second version on. */
  readonly web: readonly string[];
  readonly says: RegExp;
  /** From the start of web to the end of its gate. */
  readonly withinMs?: number;
}

const cases: readonly Case[] = [
  {
    name: 'exits at once',
    web: ['command: [sh, -c, "echo no such table: users; exit 1"]'],
    says: /it exited with code 1 \(the program reported an error\)[^]*no such table: users/,
    withinMs: 2000,
  },
  {
    name: 'exits at once and has no health check',
    web: ['command: [sh, -c, "exit 101"]', 'healthcheck: { disable: true }'],
    says: /it exited with code 101 \(a Rust program panicked\)/,
    withinMs: 2000,
  },
  {
    name: 'crashes in a loop',
    web: ['command: [sh, -c, "exit 3"]', 'restart: always'],
    says: /it is in a restart loop: it exited with code 3/,
  },
  {
    name: 'is killed for lack of memory',
    web: ['command: [tail, /dev/zero]', 'deploy: { resources: { limits: { memory: 16m } } }'],
    says: /it was killed because it ran out of memory/,
  },
  {
    name: 'never becomes healthy',
    web: ['healthcheck: { test: [CMD-SHELL, "echo still migrating; exit 1"], interval: 1h }', 'x-stack: { timeout: { ready: 2s } }'],
    says: /not within 2\.0 s: its health check has not passed yet, it ends with code 1 [^]*still migrating/,
  },
  {
    name: 'is unhealthy',
    web: ['healthcheck: { test: [CMD-SHELL, "echo port closed; exit 1"], interval: 200ms, retries: 2 }'],
    says: /its health check fails[^]*port closed/,
  },
  {
    name: 'has a health check that hangs',
    web: ['healthcheck: { test: [CMD, sleep, "999"], interval: 300ms, timeout: 300ms, retries: 2 }'],
    says: /its health check fails/,
  },
  {
    name: 'has no such program',
    web: ['command: [/bin/nothing]'],
    says: /start container[^]*no such file or directory/,
  },
];

test.each(cases)('a service that $name: the cause first, and all goes back', async ({ web, says, withinMs }) => {
  await using rig = await createRig();
  await rig.up(pair('1'));
  const before = await rig.look();
  await rig.write(pair('2', ...web));
  const { exitCode, stderr } = await rig.stackctl('apply --yes');
  expect(exitCode, stderr).toBe(3);
  const end = stderr.slice(stderr.indexOf('Failed: ')); // after the progress
  expect(end).toMatch(/^Failed: web: /);
  expect(end).toMatch(says);
  expect(end).toMatch(/Rolled back \(verified\)[^]*Next: mend the cause above/);
  expect(end).not.toMatch(/^ {4}at /m);
  if (withinMs !== undefined) expect(gateMs(stderr)).toBeLessThan(withinMs);
  expect(asRolledBack(await rig.look())).toEqual(asRolledBack(before));
});

/** "(after 0.2 s)" or "(after 35 ms)" of the failed step. */
function gateMs(text: string): number {
  const [, number = '', unit = ''] = /^Failed: web: wait .*\(after ([\d.]+) (ms|s)\)/m.exec(text) ?? [];
  return Number(number || Number.NaN) * (unit === 's' ? 1000 : 1);
}

test('a service that passes its gate and falls over before the last one opens goes back too', async () => {
  await using rig = await createRig();
  await rig.up(pair('1'));
  const before = await rig.look();
  // db ends as soon as web runs, and web passes its check only after that
  const text = pair(
    '2',
    'command: [sh, -c, "touch /data/go; trap \\"exit 0\\" TERM; sleep 9999 & wait"]',
    'healthcheck: { test: [CMD-SHELL, "test -e /data/gone && sleep 1"], interval: 1h }',
    'volumes: ["data:/data"]',
  ).replace(
    /command: .*/,
    'command: [sh, -c, "until test -e /data/go; do sleep 0.1; done; touch /data/gone; echo my disk is gone; exit 7"]',
  );
  await rig.write(text);
  const { exitCode, stderr } = await rig.stackctl('apply --yes');
  expect(exitCode, stderr).toBe(3);
  expect(stderr).toMatch(
    /Failed: db: \S+-db-1 passed its gate and fell over afterwards: it exited with code 7; the last line of its log: my disk is gone/,
  );
  expect(asRolledBack(await rig.look())).toEqual(asRolledBack(before));
});
