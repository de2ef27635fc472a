import { test } from 'vitest';
import { campaign, upTo } from './campaign.ts';
import { faultyAnswer, pairs, type NamedFault } from './faulty-answers.ts';
import { changes, placesOf } from './places.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { createStage } from './stage.ts';

const lost: NamedFault = ['done, its answer lost', { kind: 'lost-reply' }];

const rows: readonly (readonly [Scenario, number])[] = [
  [scenarios.replace, 60],
  [scenarios.replaceTwo, 20],
  [scenarios.begin, 40],
  [scenarios.fail, 18],
  [scenarios.downTwo, 16],
];

test.each(rows.map(([scenario, usual]) => [scenario.name, scenario, usual] as const))('%s', async (_, scenario, usual) => {
  const places = (await placesOf(scenario)).filter(changes);
  await campaign({
    row: 'F9',
    what: 'any one change is made, and the connection cut before its answer',
    on: 'a real engine',
    lanes: 2,
    stage: () => createStage(scenario.texts),
    cases: upTo(usual, pairs(places, [lost])).map((one) => faultyAnswer({ ...one, scenario, withinMs: 60_000 })),
  });
});
