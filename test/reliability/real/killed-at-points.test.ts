import { join } from 'node:path';
import { expect, test } from 'vitest';
import { campaign, spread, type Case } from './campaign.ts';
import { judge, saidBy } from './judge.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { createStage, run, type Launch, type Ran, type Stage } from './stage.ts';

const recoverWords = 'recover --yes --lock-timeout 15s';
const resumeWords = 'recover --resume --yes --lock-timeout 15s';
const limits = { withinMs: 60_000 };

const preload = { NODE_OPTIONS: `--require=${join(import.meta.dirname, 'crash-at.cjs')}` };

/** Ends with SIGKILL at that point: crash-at.cjs. */
const killedAt = (point: number): Launch => ({ env: { ...preload, CRASH_AT: String(point) } });

const wasKilled = ({ signal }: Ran): boolean => signal === 'SIGKILL';

/** How many points a run has when nobody kills it. */
async function pointsOf(scenario: Scenario): Promise<number[]> {
  await using stage = await createStage(scenario.texts);
  await scenario.prepare(stage);
  const { stderr } = await run(stage, scenario.words, { env: preload });
  const points = Number(/^points: (\d+)$/m.exec(stderr)?.[1]);
  expect(points, stderr).toBeGreaterThan(10);
  return Array.from({ length: points }, (_, i) => i + 1);
}

/** At which points of theirs those die that come to mend it, the next one each time: none, one or two. */
const mendersDieAt = (point: number): number[] => [1 + ((point * 7) % 30), 1 + ((point * 11) % 40)].slice(0, point % 3);

/** Kills one recovery after the other; those that come to their end must end well. */
async function killMenders(stage: Stage, points: readonly number[]): Promise<{ kills: number; violations: string[] }> {
  let kills = 0;
  for (const point of points) {
    const mender = await run(stage, recoverWords, killedAt(point));
    if (wasKilled(mender)) kills += 1;
    else return { kills, violations: mender.exitCode === 0 ? [] : [`recover ended with ${String(mender.exitCode)}`, ...saidBy(mender)] };
  }
  return { kills, violations: [] };
}

const killed = (scenario: Scenario, point: number): Case<Stage> => ({
  name: `${scenario.name}, SIGKILL at point ${point}.`,
  async run(stage) {
    const goal = await scenario.prepare(stage);
    const ran = await run(stage, scenario.words, killedAt(point));
    if (!wasKilled(ran)) return { cases: 0, violations: await judge(stage, goal, ran, limits) };
    const menders = await killMenders(stage, mendersDieAt(point));
    return { cases: 1 + menders.kills, violations: [...menders.violations, ...(await judge(stage, goal, ran, limits))] };
  },
});

const what = 'SIGKILL before and after each write, sync, rename and change of the engine; the recoveries killed too';
const rows: readonly (readonly [Scenario, number])[] = [
  [scenarios.replace, 70],
  [scenarios.replaceTwo, 70],
  [scenarios.begin, 50],
  [scenarios.fail, 60],
  [scenarios.down, 30],
];

test.each(rows.map(([scenario, usual]) => [scenario.name, scenario, usual] as const))('%s', async (_, scenario, usual) => {
  const points = spread(await pointsOf(scenario), usual);
  const cases = points.map((point) => killed(scenario, point));
  await campaign({ row: 'F1', what, on: 'a real engine', lanes: 2, stage: () => createStage(scenario.texts), cases });
});

/** The run dies at one point, and what mends it at each of its own. */
const mended = (words: string, point: number): Case<Stage> => ({
  name: `${words}, SIGKILL at point ${point} of it.`,
  async run(stage) {
    const goal = await scenarios.replace.prepare(stage);
    const first = await run(stage, scenarios.replace.words, killedAt(deep));
    const mender = await run(stage, words, killedAt(point));
    const leadsTo = words === recoverWords ? 'before' : 'after';
    const violations = await judge(stage, goal, mender, { ...limits, leadsTo });
    return { cases: Number(wasKilled(first)) + Number(wasKilled(mender)), violations };
  },
});

/** Old and new stand side by side there: made, and not yet started. */
const deep = 40;

test.each([recoverWords, resumeWords])('%s', async (words) => {
  const points = spread(
    Array.from({ length: 60 }, (_, i) => i + 1),
    40,
  );
  const cases = points.map((point) => mended(words, point));
  const stage = (): Promise<Stage> => createStage(scenarios.replace.texts);
  await campaign({ row: 'F1', what, on: 'a real engine', lanes: 2, stage, cases });
});
