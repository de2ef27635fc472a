import { test } from 'vitest';
import { campaign, spread } from './campaign.ts';
import { faultyAnswer, isBelieved, pairs, respond } from './faulty-answers.ts';
import { placesOf } from './places.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { createStage } from './stage.ts';

const faults = [
  respond(500, 'something broke inside'),
  respond(409, 'conflict, says the test'),
  respond(404, 'nothing like that here'),
  respond(429, 'too many requests'),
];

const rows: readonly (readonly [Scenario, number])[] = [
  [scenarios.replace, 52],
  [scenarios.begin, 30],
  [scenarios.fail, 20],
  [scenarios.down, 20],
];

test.each(rows.map(([scenario, usual]) => [scenario.name, scenario, usual] as const))('%s', async (_, scenario, usual) => {
  const all = pairs(await placesOf(scenario), faults).filter(({ place, fault }) => !isBelieved(place, fault));
  await campaign({
    row: 'F8',
    what: '500, 409, 404 or 429 to any one call of a run (but 404 to a removal, which says that it is done)',
    on: 'a real engine',
    lanes: 2,
    stage: () => createStage(scenario.texts),
    cases: spread(all, usual).map((one) => faultyAnswer({ ...one, scenario, withinMs: 60_000 })),
  });
});
