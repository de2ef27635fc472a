import { expect, it } from 'vitest';
import { roomProblems } from '../../src/commands/room-problems.ts';
import type { Observed } from '../../src/model/observed.ts';
import type { Plan } from '../../src/model/plan.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { planBackup } from '../../src/plan/plan-backup.ts';
import { planRestoreTo } from '../../src/plan/plan-restore-to.ts';
import { plan } from '../../src/plan/plan.ts';
import type { Engine } from '../../src/platform/engine.ts';
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

/** Free bytes, what is seen, and other answers of the engine. */
interface Room {
  readonly volumes?: number;
  readonly backups?: number;
  readonly there?: Observed;
  readonly calls?: Partial<Engine>;
}

/** What is said, and which calls it took that change something. */
async function told(made: Plan, { volumes = Infinity, backups = Infinity, there = machine, calls = {} }: Room) {
  const engine = memoryEngine(machine);
  const open = opened(wanted, { ...engine, volumeRoom: async () => volumes, ...calls }, await folderWith({}));
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

const asksOf = (made: Plan): readonly string[] => made.steps.flatMap(({ id }) => (id.startsWith('volume.room') ? [id] : []));

it('backups of several volumes have to fit together', async () => {
  const both = observed({ images, volumes: [seenVolume('shop_data'), seenVolume('shop_logs')] });
  const made = planBackup({ ...sides, observed: both }, { volumes: ['shop_data', 'shop_logs'], strangers: {} });
  expect(asksOf(made)).toEqual(['volume.room shop_data, shop_logs']);
  const measureVolume = async () => ({ ...measure, apparentBytes: 3e9, diskBytes: 2e9, devices: 0 });
  const { messages } = await told(made, { backups: 4e9, there: both, calls: { measureVolume } });
  expect(messages).toEqual([
    'volumes shop_data, shop_logs hold 6.0 GB (4.0 GB on disk), and backups of them need up to 4.3 GB, but only 4.0 GB are free where backups ' +
      'lie; make room (stackctl volume prune), or set state_dir to a larger disk: nothing was touched',
  ]);
  expect((await told(made, { backups: 5e9, there: both, calls: { measureVolume } })).messages).toEqual([]);
});

it('a rollback that puts back what a backup holds has to fit, too, on the same disk or on another one', async () => {
  const backup = { before: ['replace'], quiesce: 'stop' } as const;
  const next = service('db', { settings: { ...db.settings, image: 'db:2' } });
  const made = plan({ ...wanted, services: { db: next }, volumes: { data: { ...volume('data'), backup } } }, machine, plainOptions);
  const calls = { measureVolume: async () => ({ ...measure, apparentBytes: 2e9, diskBytes: 2e9, devices: 0 }) };
  const [need, both] = ['a rollback that puts back what shop_data held needs', 'the backup and a rollback that puts it back need'];
  const refused = (who: string) => [
    expect.stringMatching(`${who} up to .*, but only .* are free where volumes lie; make room, or declare no backup.before`),
  ];
  expect(asksOf(made)).toEqual(['volume.room shop_data']);
  expect((await told(made, { volumes: 2e9, backups: 9e9, calls })).messages).toEqual(refused(need));
  expect((await told(made, { volumes: 3e9, backups: 9e9, calls })).messages).toEqual([]);
  expect((await told(made, { volumes: 4e9, backups: 4e9, calls })).messages).toEqual(refused(both));
  expect((await told(made, { volumes: 5e9, backups: 5e9, calls })).messages).toEqual([]);
  const asked = planBackup(sides, { volumes: ['shop_data'], strangers: {} });
  expect((await told(asked, { volumes: 0, backups: 9e9, calls })).messages).toEqual([]);
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
