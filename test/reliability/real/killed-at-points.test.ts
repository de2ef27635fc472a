import { test } from 'vitest';
import { campaign, spread, type Case } from './campaign.ts';
import { judge } from './judge.ts';
import { killed, killedAt, pointsOf, recoverWords, wasKilled } from './killed-at.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { createStage, run, type Stage } from './stage.ts';

const resumeWords = 'recover --resume --yes --lock-timeout 15s';
const limits = { withinMs: 60_000 };

const what = 'SIGKILL before and after each write, sync, rename and change of the engine; the recoveries killed too';
const rows: readonly (readonly [Scenario, number])[] = [
  [scenarios.replace, 28],
  [scenarios.replaceTwo, 22],
  [scenarios.begin, 18],
  [scenarios.fail, 18],
  [scenarios.down, 14],
];

test.each(rows.map(([scenario, usual]) => [scenario.name, scenario, usual] as const))('%s', async (_, scenario, usual) => {
  const points = spread(await pointsOf(scenario), usual);
  const cases = points.map((point) => killed(scenario, point, (stage, goal, ran) => judge(stage, goal, ran, limits)));
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
    17,
  );
  const cases = points.map((point) => mended(words, point));
  const stage = (): Promise<Stage> => createStage(scenarios.replace.texts);
  await campaign({ row: 'F1', what, on: 'a real engine', lanes: 2, stage, cases });
});
