import { test } from 'vitest';
import { service, stack } from '../../e2e/bad-days/stacks.ts';
import { campaign, upTo, type Case } from './campaign.ts';
import { engineLanes, type EngineStage } from './engines.ts';
import { judgeDeath } from './judge-death.ts';
import { changes, placesOf, type Place } from './places.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { run, type Texts } from './stage.ts';

/** One that the engine starts again by itself, and one that it does not. */
const mixed: Texts = (version) =>
  stack(
    service('web', `environment: { V: "${version}" }`, 'restart: always'),
    service('db', `environment: { V: "${version}" }`),
  ).replaceAll(/^ {4}image:/gm, '    x-stack: { ready: [{ stable: 100ms }] }\n    image:');

const limits = { withinMs: 60_000 };

const killed = (scenario: Scenario, place: Place): Case<EngineStage> => ({
  name: `${scenario.name}, SIGKILL of the engine before ${place.name}`,
  async run(stage) {
    const goal = await scenario.prepare(stage);
    const end = stage.rig.proxy.before(place, () => stage.engine.kill('SIGKILL'));
    const ran = await run(stage, scenario.words);
    end();
    await stage.engine.restart();
    return { cases: 1, violations: await judgeDeath(stage, goal, ran, limits) };
  },
});

const kinds: readonly (readonly [string, readonly string[]])[] = [
  ['as it is', []],
  ['with live-restore', ['--live-restore']],
];

test.each(kinds)('an engine that is killed, %s', async (kind, more) => {
  const scenario = { ...scenarios.replace, texts: mixed };
  const places = (await placesOf(scenario)).filter(changes);
  await using engines = await engineLanes(3, { more });
  await campaign({
    row: 'F6',
    what: `SIGKILL of the engine (${kind}) before any one change, and its start; what ran before runs again`,
    on: 'a real engine',
    lanes: 3,
    stage: (lane) => engines.stage(lane, scenario.texts),
    cases: upTo(22, places).map((place) => killed(scenario, place)),
  });
});
