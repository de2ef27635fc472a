import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'vitest';
import { campaign, upTo, type Case } from './campaign.ts';
import { engineLanes, type EngineStage } from './engines.ts';
import { changes, placesOf, type Place } from './places.ts';
import { createStage, run, type Stage } from './stage.ts';
import { judgeVolume, judgeVolumeDeath } from './volume-judge.ts';
import { volumeScenarios, type VolumeScenario } from './volume-scenarios.ts';

const limits = { withinMs: 60_000 };

/** One scenario after the other, each with as many cases as the rest; stages are of one stack, so all of them fit. */
const scenarios = Object.values(volumeScenarios);
const { texts } = volumeScenarios.replace;

const engineKilled = (scenario: VolumeScenario, place: Place, back: 'afterwards' | 'at once'): Case<EngineStage> => ({
  name: `${scenario.name}, SIGKILL of the engine before ${place.name}, there again ${back}`,
  async run(stage) {
    const goal = await scenario.prepare(stage);
    const end = stage.rig.proxy.before(place, async () => {
      stage.engine.kill('SIGKILL');
      if (back === 'at once') await stage.engine.restart();
    });
    const ran = await run(stage, scenario.words);
    end();
    if (back === 'afterwards') await stage.engine.restart();
    return { cases: 1, violations: await judgeVolumeDeath(stage, goal, ran, limits) };
  },
});

test('an engine that is killed', async () => {
  const each = await Promise.all(
    scenarios.map(async (scenario) => {
      const places = (await placesOf(scenario)).filter(changes);
      return upTo(4, places).map((place, i) => engineKilled(scenario, place, i % 3 === 2 ? 'at once' : 'afterwards'));
    }),
  );
  await using engines = await engineLanes(2, { images: ['busybox', 'helper'] });
  await campaign({
    row: 'F20',
    what: 'SIGKILL of the engine before any one change of a backup, a restore, a fix and an apply with all of them, and its start',
    on: 'a real engine',
    lanes: 2,
    stage: (lane) => engines.stage(lane, texts),
    cases: each.flat(),
  });
});

/** Calls this before the nth helper starts; what it gives is what ends that, and how many have started. */
function atHelper({ rig: { project, proxy } }: Stage, nth: number, then: (id: string) => void): { end(): void; count(): number } {
  let seen = 0;
  const end = proxy.before({ method: 'POST', path: /\/containers\/[^/]+\/start/ }, async ({ path }) => {
    const id = /containers\/([^/]+)/.exec(path)?.[1] ?? '';
    const { Config } = await project.docker.getContainer(id).inspect();
    if (Config.Labels['io.stackctl.helper'] === undefined) return;
    seen += 1;
    if (seen === nth) then(id);
  });
  return { end, count: () => seen };
}

async function helpersIn(scenario: VolumeScenario): Promise<number[]> {
  await using stage = await createStage(scenario.texts);
  await scenario.prepare(stage);
  const helpers = atHelper(stage, Infinity, () => undefined);
  await run(stage, scenario.words);
  return Array.from({ length: helpers.count() }, (_, i) => i + 1);
}

/** How long it works before it dies: not at all, or some of what such a helper takes. */
const worksForMs = [0, 60, 20, 5];

const helperKilled = (scenario: VolumeScenario, nth: number, afterMs: number): Case<Stage> => ({
  name: `${scenario.name}, helper ${nth}. is killed ${afterMs} ms after its start.`,
  async run(stage) {
    const goal = await scenario.prepare(stage);
    const { docker } = stage.rig.project;
    let dead = Promise.resolve(false);
    const { end } = atHelper(stage, nth, (id) => {
      dead = killOnce(async () => void (await docker.getContainer(id).kill()), afterMs);
    });
    const ran = await run(stage, scenario.words);
    end();
    return { cases: (await dead) ? 1 : 0, violations: await judgeVolume(stage, goal, ran, limits) };
  },
});

/** As soon as it runs, and then some. Whether it was still there to be killed. */
async function killOnce(kill: () => Promise<void>, afterMs: number): Promise<boolean> {
  await pause(afterMs);
  for (const until = performance.now() + 10_000; performance.now() < until;) {
    try {
      await kill();
      return true;
    } catch (error) {
      if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return false;
    }
  }
  return false;
}

test('a helper that is killed', async () => {
  const each = await Promise.all(
    scenarios.map(async (scenario) => {
      const nths = await helpersIn(scenario);
      return upTo(3, nths).map((nth, i) => helperKilled(scenario, nth, worksForMs[i % worksForMs.length]!));
    }),
  );
  await campaign({
    row: 'F20',
    what: 'the helper that works in a volume is killed, in a backup, a restore, a fix and an apply with all of them',
    on: 'a real engine',
    lanes: 2,
    stage: () => createStage(texts),
    cases: each.flat(),
  });
});
