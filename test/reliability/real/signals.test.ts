import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'vitest';
import { campaign, spread, upTo, type Case } from './campaign.ts';
import { judge } from './judge.ts';
import { placesOf, type Place } from './places.ts';
import { scenarios } from './scenarios.ts';
import { createStage, launch, type Stage } from './stage.ts';

const scenario = scenarios.replaceTwo;

interface Press {
  readonly name: NodeJS.Signals;
  readonly times: 1 | 2;
}

/** Once: a clean walk back. Twice: out within seconds, the journal whole. */
const withinMs = { 1: 30_000, 2: 20_000 };

/** A person's second press; nearer than 50 ms it is npm's echo of the first. */
const betweenMs = 80;

const interrupted = (place: Place, { name, times }: Press): Case<Stage> => ({
  name: `${name} ${times === 1 ? 'once' : 'twice'} before ${place.name}.`,
  async run(stage) {
    const goal = await scenario.prepare(stage);
    const { signal, ran } = launch(stage, scenario.words);
    const end = stage.rig.proxy.before(place, async () => {
      signal(name);
      if (times === 2) await pause(betweenMs);
      if (times === 2) signal(name);
    });
    const ended = await ran;
    end();
    return { cases: 1, violations: await judge(stage, goal, ended, { withinMs: withinMs[times] }) };
  },
});

const presses: readonly Press[] = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).flatMap((name) => [
  { name, times: 1 },
  { name, times: 2 },
]);

test('signals', async () => {
  const places = spread(await placesOf(scenario), 7);
  await campaign({
    row: 'F4',
    what: 'SIGINT, SIGTERM or SIGHUP, once or twice, at 7 points of an apply',
    on: 'a real engine',
    lanes: 3,
    stage: () => createStage(scenario.texts),
    cases: upTo(
      42,
      places.flatMap((place) => presses.map((press) => interrupted(place, press))),
    ),
  });
});
