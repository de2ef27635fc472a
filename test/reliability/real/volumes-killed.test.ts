import { test } from 'vitest';
import { campaign, spread } from './campaign.ts';
import { killed, pointsOf } from './killed-at.ts';
import { createStage } from './stage.ts';
import { judgeVolume } from './volume-judge.ts';
import { volumeScenarios, type VolumeScenario } from './volume-scenarios.ts';

const limits = { withinMs: 60_000 };

const rows: readonly (readonly [VolumeScenario, number])[] = [
  [volumeScenarios.fix, 10],
  [volumeScenarios.backup, 10],
  [volumeScenarios.restore, 16],
  [volumeScenarios.replace, 24],
];

test.each(rows.map(([scenario, usual]) => [scenario.name, scenario, usual] as const))('%s', async (_, scenario, usual) => {
  const points = spread(await pointsOf(scenario), usual);
  await campaign({
    row: 'F20',
    what: 'SIGKILL of stackctl at each step of a backup, a restore, a fix and an apply with all of them; the recoveries killed too',
    on: 'a real engine',
    lanes: 2,
    stage: () => createStage(scenario.texts),
    cases: points.map((point) => killed(scenario, point, (stage, goal, ran) => judgeVolume(stage, goal, ran, limits))),
  });
});
