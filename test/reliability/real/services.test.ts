import { test } from 'vitest';
import { healthy, service, stack } from '../../e2e/bad-days/stacks.ts';
import { campaign, upTo, type Case } from './campaign.ts';
import { judge, saidBy } from './judge.ts';
import { createStage, run, toReplace, type Stage, type Texts } from './stage.ts';
import { solo } from './texts.ts';

const limits = { withinMs: 30_000 };

/** A check by a file that the program makes. */
const checked = (more = ''): string =>
  `healthcheck: { test: [CMD, test, -e, /tmp/ok], interval: 200ms, timeout: 300ms, retries: 30${more} }`;

/** What web is from then on, by what is wrong with it. It must be found out, and all must go back. */
const bad: Readonly<Record<string, readonly string[]>> = {
  'exits at once': ['command: [sh, -c, "exit 1"]', healthy],
  'exits at once, unchecked': ['command: [sh, -c, "exit 1"]'],
  'ends well, though it should run': ['command: [sh, -c, "exit 0"]', healthy],
  'runs for half a second': ['command: [sh, -c, "sleep 0.5; exit 1"]'],
  'is in a restart loop': ['command: [sh, -c, "exit 1"]', 'restart: always'],
  'is in a slow restart loop': ['command: [sh, -c, "sleep 0.3; exit 1"]', 'restart: always', checked()],
  'is unhealthy': ['healthcheck: { test: [CMD, "false"], interval: 200ms, retries: 2 }'],
  'never becomes healthy': ['healthcheck: { test: [CMD, "false"], interval: 1h }', 'x-stack: { timeout: { ready: 2s } }'],
  'has a check that hangs': ['healthcheck: { test: [CMD, sleep, "99"], interval: 300ms, timeout: 300ms, retries: 2 }'],
  'has a check that is not there': ['healthcheck: { test: [CMD, /bin/nothing], interval: 200ms, retries: 2 }'],
  'is no program': ['command: [/bin/nothing]'],
  'dies while it is late': ['command: [sh, -c, "sleep 0.7; exit 7"]', checked()],
};

const broken = ([name, lines]: readonly [string, readonly string[]]): Case<Stage> => ({
  name: `a service that ${name}.`,
  async run(stage) {
    await toReplace(stage);
    await stage.rig.write(stack(service('web', ...lines, 'environment: { V: "3" }')));
    const ran = await run(stage, 'apply --yes');
    const noticed = ran.exitCode === 3 ? [] : [`it ended with ${String(ran.exitCode)}`, ...saidBy(ran)];
    const goal = { before: stage.look, version: stage.version };
    return { cases: 1, violations: [...noticed, ...(await judge(stage, goal, ran, limits))] };
  },
});

const late = (seconds: number): string => `command: [sh, -c, "trap 'exit 0' TERM; sleep ${seconds}; touch /tmp/ok; sleep 9999 & wait"]`;

/** What is slow and well all the same. */
const good: Readonly<Record<string, readonly string[]>> = {
  'is healthy late': [late(1.5), checked()],
  'is healthy late, within its start period': [late(1), checked(', start_period: 3s')],
  'dies once and comes up': [
    'command: [sh, -c, "test -e /again || { touch /again; exit 1; }; touch /tmp/ok; sleep 9999"]',
    'restart: always',
    checked(),
  ],
};

const slow: Case<Stage> = {
  name: 'it is replaced.',
  async run(stage) {
    const goal = await toReplace(stage);
    return { cases: 1, violations: await judge(stage, goal, await run(stage, 'apply --yes'), limits) };
  },
};

test('services that fail', async () => {
  await campaign({
    row: 'F17',
    what: 'a new version that exits, loops, is unhealthy, hangs in its check or never becomes ready: found out, and taken back',
    on: 'a real engine',
    lanes: 4,
    stage: () => createStage(solo),
    cases: upTo(20, Object.entries(bad)).map(broken),
  });
});

test.each(Object.entries(good))('a service that %s', async (_, lines) => {
  const texts: Texts = (version) => stack(service('web', ...lines, `environment: { V: "${version}" }`));
  await campaign({
    row: 'F17',
    what: 'a new version that is late, or comes up at its second try: waited for',
    on: 'a real engine',
    lanes: 2,
    stage: () => createStage(texts),
    cases: upTo(3, [slow]),
  });
});
