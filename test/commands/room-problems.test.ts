import { expect, it } from 'vitest';
import { roomProblems } from '../../src/commands/room-problems.ts';
import type { Plan } from '../../src/model/plan.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { planBackup } from '../../src/plan/plan-backup.ts';
import { planRestoreTo } from '../../src/plan/plan-restore-to.ts';
import { plan } from '../../src/plan/plan.ts';
import { desired, image, observed, seen, seenVolume, service, volume } from '../kit/builders.ts';
import { memoryBackup } from '../kit/memory-backups.ts';
import { memoryEngine } from '../kit/memory-engine.ts';
import { opened } from '../kit/opened.ts';
import { folderWith, invocation } from './kit.ts';

const db = service('db', { settings: { volumes: [{ type: 'volume', source: 'shop_data', target: '/data', read_only: false }] } });
const images = { 'stackctl/helper:1': image('stackctl/helper:1') };
const machine = observed({ images, containers: [seen(db)], volumes: [seenVolume('shop_data')] });
const wanted = desired({ services: [db], volumes: [volume('data')] });
const sides = { desired: wanted, observed: machine, options: plainOptions };
const from = { kind: 'backup', backup: memoryBackup({ tarBytes: 5e9, contentBytes: 5e9 }) } as const;

/** What is said, and which calls it took that change something. */
async function told(made: Plan, { volumes = Infinity, backups = Infinity, there = machine }) {
  const engine = memoryEngine(machine);
  const open = opened(wanted, { ...engine, volumeRoom: async () => volumes }, await folderWith({}));
  Object.assign(open.setup.backups, { freeBytes: backups });
  const problems = await roomProblems({ plan: made, observed: there, left: [] }, open, invocation('volume restore', { cwd: '/' }));
  return { messages: problems.map(({ message, hint }) => `${message}: ${hint ?? ''}`), calls: engine.calls };
}

it.each<readonly [string, Plan]>([
  ['in its place', plan(wanted, machine, { ...plainOptions, restore: { volume: 'shop_data', from } })],
  ['into a new volume', planRestoreTo({ to: 'copy', from }, sides)],
])('a restore %s that does not fit is told before anything is touched, with both numbers', async (_name, made) => {
  const { messages, calls } = await told(made, { volumes: 1e9 });
  expect(messages).toEqual([expect.stringMatching(/needs up to 5.*GB, and only 1.*GB are free where volumes lie: nothing was touched/)]);
  expect(calls).toEqual([]);
  expect((await told(made, { volumes: 6e9 })).messages).toEqual([]);
});

it('so is a backup', async () => {
  const made = planBackup(sides, { volumes: ['shop_data'], strangers: {} });
  const { messages, calls } = await told(made, { backups: 1000 });
  expect(messages).toEqual([
    expect.stringMatching(/a backup of it needs up to .*, but only 1.* are free where backups lie.*: nothing was touched/),
  ]);
  expect(calls).toEqual([]);
});

it('a volume with device files is not backed up: no restore could make them', async () => {
  const made = planBackup(sides, { volumes: ['shop_data'], strangers: {} });
  const open = opened(wanted, { ...memoryEngine(machine), measureVolume: async () => measure }, await folderWith({}));
  const problems = await roomProblems({ plan: made, observed: machine, left: [] }, open, invocation('volume backup', { cwd: '/' }));
  expect(problems).toMatchObject([
    { severity: 'error', message: expect.stringContaining('volume shop_data holds 2 device files') as string },
  ]);
});

const measure = { apparentBytes: 0, diskBytes: 0, entries: 3, devices: 2, owner: '0:0' };

it('where the image of what looks into volumes is not there yet, the steps tell', async () => {
  const made = planRestoreTo({ to: 'copy', from }, sides);
  expect((await told(made, { volumes: 0, there: { ...machine, images: {} } })).messages).toEqual([]);
});
