import { expect, it } from 'vitest';
import { writeAtomically } from '../../../src/adapters/atomic-file.ts';
import { fileContentRecord } from '../../../src/adapters/file-content-record.ts';
import { fileJournal } from '../../../src/adapters/file-journal.ts';
import { fileLeftRecord } from '../../../src/adapters/file-left-record.ts';
import type { Fs } from '../../../src/adapters/fs.ts';
import { fileUsedPlans } from '../../../src/adapters/file-used-plans.ts';
import { readOwnFile } from '../../../src/adapters/own-file.ts';
import { readPlan, savePlan } from '../../../src/commands/plan-file.ts';
import { emptyImage, type Image } from '../../kit/crash-disk.ts';
import { crashFs, type CrashFs, type DiskMoment } from '../../kit/crash-fs.ts';
import { begun, planned, replacing } from '../../kit/journals.ts';
import { afterPowerCut } from '../../kit/power-cuts.ts';
import { tally } from '../../kit/tally.ts';
import { runs } from '../../kit/worlds.ts';

const folder = '/home/ann/.local/state/stackctl/engine/shop';
const left = (...services: readonly string[]) => services.map((service) => ({ service, number: 1 }));
const use = (run: number) => ({ at: '2026-08-02T10:00:00.000Z', run });
const saved = (stackctl: string) => ({
  stackctl,
  plan: replacing,
  wanted: {} as never,
  source: { files: [], profiles: [], envFiles: [] } as never,
});

/** What is written one after the other, and how the next one reads it. */
const kept: readonly (readonly [string, readonly ((fs: Fs) => Promise<unknown>)[], (fs: Fs) => Promise<unknown>])[] = [
  [
    'what the last apply left',
    [left('web'), left('web', 'db'), [], left('db')].map((each) => (fs) => fileLeftRecord(folder, fs).write(each)),
    (fs) => fileLeftRecord(folder, fs).read(),
  ],
  [
    'the saved plans that were used',
    ['aa', 'bb', 'cc'].map((sum, i) => (fs) => fileUsedPlans(folder, fs).note(sum, use(i))),
    async (fs) => Promise.all(['aa', 'bb', 'cc'].map((sum) => fileUsedPlans(folder, fs).of(sum))),
  ],
  [
    'what containers were told since they were made',
    ['1', '2', '3'].map((hash) => async (fs) => (await fileContentRecord(folder, fs)).note('c1', { image: hash })),
    async (fs) => (await fileContentRecord(folder, fs)).of('c1'),
  ],
  ['a saved plan', ['1', '2'].map((version) => (fs) => savePlan(`${folder}/next.plan`, saved(version), fs)), (fs) => planOf(fs)],
  [
    'the lock file',
    ['one', 'two'].map((text) => (fs) => writeAtomically('/srv/shop/stack.lock.yaml', text.repeat(40), { mode: 0o644, fs })),
    async (fs) => (await readOwnFile('/srv/shop/stack.lock.yaml', fs))?.toString(),
  ],
  [
    'a journal, until it is history',
    [
      async (fs) => (await fileJournal(folder, fs).begin([begun, planned], 64)).leave(),
      async (fs) => (await fileJournal(folder, fs).reopen()).journal.close(),
    ],
    async (fs) => [await fileJournal(folder, fs).unfinished(), (await fileJournal(folder, fs).history()).map(({ number }) => number)],
  ],
];

async function planOf(fs: Fs): Promise<unknown> {
  const plan = await readPlan(`${folder}/next.plan`, fs);
  return plan.ok ? plan.value.stackctl : plan.error.map(({ message }) => message);
}

it.each(kept)(
  '%s: a power cut leaves what was there before or what was written, and that for sure once it is done',
  async (what, writes, read) => {
    const now = { image: emptyImage() };
    const wrong: unknown[] = [];
    let states = 0;
    for (const write of writes) {
      const moments: DiskMoment[] = [];
      const before = text(await read(crashFs(now.image)));
      const fs: CrashFs = crashFs(now.image, () => void moments.push(fs.moment()));
      await write(fs);
      const after = text(await read(fs));
      expect(after).not.toBe(before);
      for (const image of moments.flatMap((moment) => [...afterPowerCut(moment, runs(100))])) {
        states += 1;
        const found = text(await read(crashFs(image)));
        if (found !== before && found !== after) wrong.push({ found, before, after });
      }
      const forSure = await images(fs.moment()).reduce(
        async (all, image) => [...(await all), text(await read(crashFs(image)))],
        Promise.resolve<string[]>([]),
      );
      states += forSure.length;
      wrong.push(...forSure.filter((found) => found !== after).map((found) => ({ found, after, done: true })));
      now.image = fs.moment().lasting;
    }
    tally({ row: 'F3', what: `power loss while it is written: ${what}`, on: 'no engine', cases: states, violations: wrong.length });
    expect(wrong.slice(0, 2)).toEqual([]);
    expect(states).toBeGreaterThan(20);
  },
);

const images = (moment: DiskMoment): Image[] => [...afterPowerCut(moment, 1)];
const text = (value: unknown): string => JSON.stringify([value]);
