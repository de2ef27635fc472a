import { test } from 'vitest';
import { service, stack } from '../../e2e/bad-days/stacks.ts';
import { campaign, upTo, type Case } from './campaign.ts';
import { engineLanes, type EngineStage } from './engines.ts';
import { judge, judgeUntouched, saidBy } from './judge.ts';
import { asWanted, differences, lookAt } from './oracle.ts';
import { changes, placesOf, type Place } from './places.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { run, type Goal, type Ran, type Texts } from './stage.ts';

/** One that the engine starts again by itself, and one that it does not. */
const mixed: Texts = (version) =>
  stack(
    service('web', `environment: { V: "${version}" }`, 'restart: always'),
    service('db', `environment: { V: "${version}" }`),
  ).replaceAll(/^ {4}image:/gm, '    x-stack: { ready: [{ stable: 100ms }] }\n    image:');

const limits = { withinMs: 60_000, engineDied: true };

const killed = (scenario: Scenario, place: Place): Case<EngineStage> => ({
  name: `${scenario.name}, SIGKILL of the engine before ${place.name}`,
  async run(stage) {
    const goal = await scenario.prepare(stage);
    const end = stage.rig.proxy.before(place, () => stage.engine.kill('SIGKILL'));
    const ran = await run(stage, scenario.words);
    end();
    await stage.engine.restart();
    // Nothing was begun, or all was over: what an engine without restart policies has left standing is the next apply's
    const isOutside = ran.exitCode === 1 || ran.exitCode === 0;
    if (isOutside) return { cases: 1, violations: await judgeUntouched(stage, goal, ran) };
    const recovered = await run(stage, 'recover --yes --lock-timeout 15s');
    if (isStuck(recovered)) return { cases: 1, violations: await judgeStuck(stage, goal, recovered) };
    return { cases: 1, violations: await judge(stage, goal, ran, limits) };
  },
});

/**
 * The engine itself keeps a container from ever starting again (moby#50040): then stackctl has to say so, and what it says has to lead to
 * what is wanted.
 */
async function judgeStuck(stage: EngineStage, { version }: Goal, recovered: Ran): Promise<string[]> {
  const forgotten = await run(stage, 'recover --forget --yes');
  const again = await run(stage, 'apply --yes --force-recreate');
  stage.look = await lookAt(stage.rig);
  const found = differences(stage.wanted[version], asWanted(stage.look));
  if (found.length === 0) stage.version = version;
  return found.length === 0 ? [] : [...found, ...saidBy(recovered), ...saidBy(forgotten), ...saidBy(again)];
}

const isStuck = ({ exitCode, stdout, stderr }: Ran): boolean =>
  exitCode === 4 && `${stdout}${stderr}`.includes('a new container helps: stackctl recover --forget, then stackctl apply --force-recreate');

const kinds: readonly (readonly [string, readonly string[]])[] = [
  ['as it is', []],
  ['with live-restore', ['--live-restore']],
];

test.each(kinds)('an engine that is killed, %s', async (kind, more) => {
  const scenario = { ...scenarios.replace, texts: mixed };
  const places = (await placesOf(scenario)).filter(changes);
  await using engines = await engineLanes(3, more);
  await campaign({
    row: 'F6',
    what: `SIGKILL of the engine (${kind}) before any one change, and its start; what ran before runs again`,
    on: 'a real engine',
    lanes: 3,
    stage: (lane) => engines.stage(lane, scenario.texts),
    cases: upTo(32, places).map((place) => killed(scenario, place)),
  });
});
