import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'vitest';
import { campaign, upTo, type Case } from './campaign.ts';
import { engineLanes, type EngineStage } from './engines.ts';
import { judge, judgeUntouched } from './judge.ts';
import { changes, placesOf, type Place } from './places.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { run, type Texts } from './stage.ts';

const forward = 10_000;
const back = 10_000;

/** With deadlines of its own: the way forward and the way back. */
const bounded =
  (texts: Texts): Texts =>
  (version) =>
    `${texts(version)}x-stack: { timeout: ${forward / 1000}s, rollback_timeout: ${back / 1000}s }\n`;

/** What it takes to start, to read and to plan on a machine where nine of these run side by side. */
const startMs = 6_000;

const limits = { withinMs: forward + back + 5_000 + startMs };

/** Before a run begins, and what it takes to start, to read and to plan: as long as one question, since the way forward is shorter. */
const beforeMs = 20_000 + 5_000 + startMs;

/** The engine stands still right before a call; so long, or until nobody waits for it any more. */
const frozen = (scenario: Scenario, place: Place, forMs: number | undefined): Case<EngineStage> => ({
  name: `${scenario.name}, the engine stands still before ${place.name} ${forMs === undefined ? 'for good' : `for ${forMs} ms`}`,
  async run(stage) {
    const { engine } = stage;
    const goal = await scenario.prepare(stage);
    const over = new AbortController();
    const end = stage.rig.proxy.before(place, () => {
      engine.kill('SIGSTOP');
      if (forMs !== undefined)
        void pause(forMs, undefined, { signal: over.signal }).then(
          () => engine.kill('SIGCONT'),
          () => undefined,
        );
    });
    const ran = await run(stage, scenario.words);
    end();
    over.abort();
    engine.kill('SIGCONT');
    if (ran.exitCode !== 1) return { cases: 1, violations: await judge(stage, goal, ran, limits) };
    const late = ran.tookMs > beforeMs ? [`nothing was begun, and it took ${Math.round(ran.tookMs)} ms`] : [];
    return { cases: 1, violations: [...late, ...(await judgeUntouched(stage, goal, ran))] };
  },
});

const rows: readonly (readonly [number | undefined, number])[] = [
  [5_000, 36],
  [undefined, 26],
];

test.each(rows)('an engine that stands still for %s ms', async (forMs, usual) => {
  const scenario = { ...scenarios.replace, texts: bounded(scenarios.replace.texts) };
  const places = (await placesOf(scenario)).filter(changes);
  await using engines = await engineLanes(4);
  await campaign({
    row: 'F5',
    what: `SIGSTOP of the engine before any one change, ${forMs === undefined ? 'for good' : 'for 5 s'}`,
    on: 'a real engine',
    lanes: 4,
    stage: (lane) => engines.stage(lane, scenario.texts),
    cases: upTo(usual, places).map((place) => frozen(scenario, place, forMs)),
  });
});
