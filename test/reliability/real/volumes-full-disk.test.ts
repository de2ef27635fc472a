import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { startPrivateEngine, type PrivateEngine } from '../../kit/private-engine.ts';
import { campaign, upTo, type Case } from './campaign.ts';
import { changes, placesOf, type Place } from './places.ts';
import { createStage, run, type Stage } from './stage.ts';
import { judgeVolume } from './volume-judge.ts';
import { volumeScenarios } from './volume-scenarios.ts';

const limits = { withinMs: 60_000 };

const diskMegabytes = 64;

/** Takes every block of a disk, and gives what frees them again. */
async function filled(folder: string): Promise<() => Promise<void>> {
  const { bavail, bsize } = await statfs(folder);
  expect(bavail * bsize, folder).toBeLessThanOrEqual(diskMegabytes * 2 ** 20);
  const filler = join(folder, 'filler');
  await writeFile(filler, Buffer.alloc(bavail * bsize + 1)).catch(() => undefined);
  return () => rm(filler, { force: true });
}

/** A run on a disk that is full from that call on, or just then. */
const fullFrom = (
  place: Place,
  scenario: (typeof volumeScenarios)[keyof typeof volumeScenarios],
  diskOf: (stage: Stage) => string,
): Case<Stage> => ({
  name: `${scenario.name}, the disk is full from ${place.name} on.`,
  async run(stage) {
    const goal = await scenario.prepare(stage);
    let free = async (): Promise<void> => undefined;
    const end = stage.rig.proxy.before(place, async () => {
      free = await filled(diskOf(stage));
    });
    const ran = await run(stage, scenario.words);
    end();
    await free();
    return { cases: 1, violations: await judgeVolume(stage, goal, ran, limits) };
  },
});

const stateOf = ({ rig }: Stage): string => `${rig.project.folder}/.state`;

/** With its state folder on a small disk of its own. */
async function onSmallState(): Promise<Stage> {
  const stage = await createStage(volumeScenarios.backup.texts);
  const folder = stateOf(stage);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await execa('mount', ['-t', 'tmpfs', '-o', `size=${diskMegabytes}m,mode=0700`, 'none', folder]);
  return {
    ...stage,
    async [Symbol.asyncDispose]() {
      await execa('umount', ['-l', folder]);
      await stage[Symbol.asyncDispose]();
    },
  };
}

test('the disk of the backups', async () => {
  const scenario = volumeScenarios.backup;
  const places = (await placesOf(scenario)).filter(changes);
  await campaign({
    row: 'F20',
    what: 'the disk where backups lie is full from any one change on',
    on: 'a real engine',
    lanes: 2,
    stage: onSmallState,
    cases: upTo(8, places).map((place) => fullFrom(place, scenario, stateOf)),
  });
});

/** Its volumes lie on a small disk: room enough for a restore, until somebody takes it. (Mounted before, an engine's own mount would hide it.) */
async function smallEngine(): Promise<PrivateEngine> {
  const engine = await startPrivateEngine({ images: ['busybox', 'helper'] });
  await execa('mount', ['-t', 'tmpfs', '-o', `size=${diskMegabytes}m`, 'none', join(engine.folder, 'data/volumes')]);
  return engine;
}

test('the disk of the volumes', async () => {
  const engine = await smallEngine();
  try {
    const scenario = volumeScenarios.restore;
    const places = (await placesOf(scenario)).filter(changes);
    await campaign({
      row: 'F20',
      what: 'the disk where volumes lie is full from any one change of a restore on',
      on: 'a real engine',
      lanes: 1,
      stage: () => createStage(scenario.texts, engine.dockerHost),
      cases: upTo(8, places).map((place) => fullFrom(place, scenario, () => join(engine.folder, 'data/volumes'))),
    });
  } finally {
    await engine.stop();
  }
});
