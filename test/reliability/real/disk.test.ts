import { mkdir, rm, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { test } from 'vitest';
import { campaign, spread, upTo, type Case } from './campaign.ts';
import { judge } from './judge.ts';
import { changes, placesOf, type Place } from './places.ts';
import { scenarios } from './scenarios.ts';
import { createStage, run, type Stage } from './stage.ts';
import { injecting, type Injection } from './strace.ts';

const limits = { withinMs: 60_000 };
const scenario = scenarios.replace;
const stage = (): Promise<Stage> => createStage(scenario.texts);

const errors = ['EIO', 'ENOSPC', 'EROFS', 'EDQUOT'];
/** How many of them a replacement makes. */
const calls: readonly (readonly [Injection['call'], number])[] = [
  ['pwrite64', 7],
  ['fdatasync', 8],
  ['fsync', 8],
  ['rename', 4],
  ['ftruncate', 1],
];

const failing = (injection: Injection): Case<Stage> => ({
  name: `${injection.call} ${injection.nth}: ${injection.what}.`,
  async run(stage) {
    const goal = await scenario.prepare(stage);
    const ran = await run(stage, scenario.words, await injecting(injection));
    return { cases: 1, violations: await judge(stage, goal, ran, limits) };
  },
});

test('system calls that fail', async () => {
  const all = calls.flatMap(([call, most]) =>
    Array.from({ length: most }, (_, i) => errors.map((error) => failing({ call, nth: i + 1, what: `error=${error}` }))).flat(),
  );
  const what = `${errors.join(', ')} by strace at the nth write, sync, rename or truncate`;
  await campaign({ row: 'F12', what, on: 'a real engine', lanes: 2, stage, cases: spread(all, 28) });
});

/** The state folder on a file system of its own, so small. */
async function onDisk<T>({ rig }: Stage, size: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = `${rig.project.folder}/.state`;
  await mkdir(folder, { recursive: true });
  await execa('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'none', folder]);
  try {
    return await work(folder);
  } finally {
    await execa('umount', [folder]);
    await rm(folder, { recursive: true, force: true });
  }
}

const small = (kilobytes: number): Case<Stage> => ({
  name: `a disk of ${kilobytes} KiB.`,
  async run(stage) {
    const goal = await scenario.prepare(stage);
    return onDisk(stage, `${kilobytes}k`, async () => {
      const ran = await run(stage, scenario.words);
      return { cases: 1, violations: await judge(stage, goal, ran, limits) };
    });
  },
});

const filled = (place: Place): Case<Stage> => ({
  name: `the disk is full from ${place.name} on.`,
  async run(stage) {
    const goal = await scenario.prepare(stage);
    return onDisk(stage, '1m', async (folder) => {
      const filler = `${folder}/filler`;
      const end = stage.rig.proxy.before(place, () => writeFile(filler, Buffer.alloc(2_000_000)).catch(() => undefined));
      const ran = await run(stage, scenario.words);
      end();
      await rm(filler, { force: true });
      return { cases: 1, violations: await judge(stage, goal, ran, limits) };
    });
  },
});

test('full disks', async () => {
  const places = (await placesOf(scenario)).filter(changes);
  const sizes = [4, 16, 48, 72, 88, 104, 128, 160];
  const cases = [...sizes.map(small), ...upTo(8, places).map(filled)];
  await campaign({
    row: 'F12',
    what: 'a state folder on a disk that is too small, or full from the nth change on',
    on: 'a real engine',
    lanes: 2,
    stage,
    cases,
  });
});
