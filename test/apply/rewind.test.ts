import { describe, expect, it } from 'vitest';
import type { BackupPolicy } from '../../src/model/backup-policy.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Mount } from '../../src/model/settings.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { plan } from '../../src/plan/plan.ts';
import type { Engine } from '../../src/platform/engine.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import { desired, image, observed, seen, seenVolume, service, volume } from '../kit/builders.ts';
import { memoryBackups } from '../kit/memory-backups.ts';
import type { MemoryOptions } from '../kit/memory-engine.ts';
import { backupsOf, endOf, outcomes, runPlan, type Ran } from '../kit/runs.ts';
import { run } from '../kit/simulated.ts';

const mount = (read_only: boolean): Mount => ({ type: 'volume', source: 'shop_data', target: '/data', read_only });
const healthcheck = { test: ['CMD', 'check'] };
const settingsOf = (reference: string) => ({ settings: { image: reference, volumes: [mount(false)], healthcheck } });
const [old, anew] = [service('db', settingsOf('nginx:1')), service('db', settingsOf('redis:7'))];
const reader = service('reader', { settings: { volumes: [mount(true)] } });
const images = { 'nginx:1': image('nginx:1'), 'redis:7': image('redis:7'), 'stackctl/helper:1': image('stackctl/helper:1') };
const machine = observed({ images, containers: [seen(old), seen(reader)], volumes: [seenVolume('shop_data')] });

const usual: BackupPolicy = { before: ['replace'], quiesce: 'stop', keep: 1 };
const made = (policy = usual, there = machine): Plan =>
  plan({ ...desired({ services: [anew, reader], volumes: [volume('data', { backup: policy })] }) }, there, plainOptions);

const sick: MemoryOptions = { behaves: ({ run: maker }) => ({ health: maker === run ? 'unhealthy' : 'healthy' }) };
const no = () => Promise.reject(new EngineError('refused', 'The engine says no'));
const contentOf = ({ engine }: Ran): string | undefined => engine.machine.contents.get('shop_data')?.text;
const statusOf = ({ engine }: Ran): string[] => Object.values(engine.now().containers).map(({ name, state }) => `${name} ${state.status}`);
const noteOf = ({ changes }: Plan) => changes.find(({ verb }) => verb === 'backup');

describe('a new version that wrote to a volume of which this run has a backup, and failed', () => {
  it('has its content put back before the old one starts, and who reads it runs with that', async () => {
    const ran = await runPlan(made(), machine, sick);
    expect(ran.result).toBe('rolled-back');
    expect(contentOf(ran)).toBe('data of shop_data');
    expect(statusOf(ran)).toEqual(['shop-db-1 running', 'shop-reader-1 running']);
    expect(Object.keys(ran.engine.now().volumes)).toEqual(['shop_data']);
    const at = (call: string): number => ran.engine.calls.lastIndexOf(call);
    const order = ['stop shop-reader-1', 'switch shop_data there shop_data.restored', 'start shop-reader-1', 'start shop-db-1'];
    expect(order.map(at)).toEqual(order.map(at).toSorted((one, other) => one - other));
    expect(order.map(at)).not.toContain(-1);
    expect(backupsOf(ran.engine).kept).toHaveLength(1);
  });

  it('nothing is put back where none of its containers was started', async () => {
    const calls = (await runPlan(made(), machine)).engine.calls;
    const ran = await runPlan(made(), machine, {
      fault: { atCall: calls.indexOf('start shop-db-1') + 1, how: 'refused' },
      behaves: () => ({}),
    });
    const created = await runPlan(made(), machine, { fault: { atCall: calls.indexOf('create shop-db-1') + 1, how: 'refused' } });
    expect([ran.result, created.result]).toEqual(['rolled-back', 'rolled-back']);
    expect(created.engine.calls.filter((call) => call.startsWith('fill') || call.startsWith('look at'))).toEqual([]);
    expect(Object.keys(created.engine.now().volumes)).toEqual(['shop_data']);
  });

  it('without the backup: it says what is lost and how to mend it, and all else goes back', async () => {
    const none = memoryBackups();
    const backups = { ...none, list: async () => [] };
    const ran = await runPlan(made(), machine, { ...sick, backups });
    expect(ran.result).toBe('rolled-back');
    expect(statusOf(ran)).toEqual(['shop-db-1 running', 'shop-reader-1 running']);
    expect(Object.keys(ran.engine.now().volumes)).toEqual(['shop_data']);
    expect(endOf(ran, 'rollback-ended')?.lost).toEqual([expect.stringMatching(/^what volume shop_data held .*stackctl volume restore/)]);
    expect(outcomes(ran).filter((each) => each.startsWith('undo volume.backup'))).toEqual(
      Array(2).fill('undo volume.backup shop_data: failed'),
    );
  });

  it('one that fails once is tried again before anybody starts with the volume', async () => {
    const calls = (await runPlan(made(), machine, sick)).engine.calls;
    for (const call of ['look at shop_data and shop_data.restored', 'fill shop_data.restored', 'switch shop_data there shop_data.restored'])
      for (const how of ['before', 'after', 'refused'] as const) {
        const ran = await runPlan(made(), machine, { ...sick, fault: { atCall: calls.indexOf(call) + 1, how } });
        expect([call, how, ran.result, contentOf(ran)]).toEqual([call, how, 'rolled-back', 'data of shop_data']);
        expect(endOf(ran, 'rollback-ended')?.lost).toEqual([]);
      }
  });
});

describe('a way back that meets more than one fault', () => {
  const hooked = (reference: string) =>
    service('db', { settings: { ...settingsOf(reference).settings, post_start: [{ command: ['hook', 'up'] }] } });
  const there = observed({ images, containers: [seen(hooked('nginx:1'))], volumes: [seenVolume('shop_data')] });
  const plan_ = plan(desired({ services: [hooked('redis:7')], volumes: [volume('data', { backup: usual })] }), there, plainOptions);
  const { id: oldId } = seen(hooked('nginx:1'));

  /** Of each call the first so many fail. */
  async function tried({ fills = 0, names = 0, hooks = 0, removals = 0 }) {
    const count = { fills: 0, hooks: 0 };
    const others = { names: 0, removals: 0 };
    const wraps = (engine: Engine): Engine => ({
      ...engine,
      fillVolume: async (fill, signal) => (++count.fills <= fills ? no() : engine.fillVolume(fill, signal)),
      renameContainer: async (id, to, signal) =>
        to === 'shop-db-1' && ++others.names <= names ? no() : engine.renameContainer(id, to, signal),
      removeVolume: async (name, signal) => (++others.removals <= removals ? no() : engine.removeVolume(name, signal)),
      exec: async (id, command, signal) => (id === oldId && ++count.hooks <= hooks ? no() : engine.exec(id, command, signal)),
    });
    const ran = await runPlan(plan_, there, { ...sick, wraps });
    return { ...count, result: ran.result, lost: endOf(ran, 'rollback-ended')?.lost, content: contentOf(ran) };
  }

  it.each<[string, Parameters<typeof tried>[0], Awaited<ReturnType<typeof tried>>]>([
    ['none', {}, { fills: 1, hooks: 1, result: 'rolled-back', lost: [], content: 'data of shop_data' }],
    ['a hook', { hooks: 1 }, { fills: 1, hooks: 2, result: 'rolled-back', lost: [], content: 'data of shop_data' }],
    ['a fill, and a hook', { fills: 1, hooks: 1 }, { fills: 2, hooks: 2, result: 'rolled-back', lost: [], content: 'data of shop_data' }],
    [
      'two fills, and the name',
      { fills: 2, names: 1 },
      {
        fills: 2,
        hooks: 1,
        result: 'rolled-back',
        lost: [expect.stringMatching(/^what volume shop_data held/)],
        content: 'written by run-1',
      },
    ],
    [
      'two fills, the name, and the removal of what was filled',
      { fills: 2, names: 1, removals: 1 },
      { fills: 3, hooks: 1, result: 'rolled-back', lost: [], content: 'data of shop_data' },
    ],
  ])('%s', async (_name, faults, end) => {
    expect(await tried(faults)).toEqual(end);
  });
});

describe('the plan says whether a rollback puts it back', () => {
  it('where it can, and the sentence about data that stays is gone', () => {
    expect(noteOf(made())?.interrupts).toBe('a rollback puts back what it holds now');
  });

  it.each<readonly [string, Plan, RegExp]>([
    [
      'a volume of another driver',
      made(usual, { ...machine, volumes: { shop_data: seenVolume('shop_data', { driver: 'nfs' }) } }),
      /not a plain one/,
    ],
    ['a copy while programs go on', made({ ...usual, quiesce: 'none' }), /the copy is taken while programs write to it/],
    [
      'a volume of another stack',
      made(usual, { ...machine, volumes: { shop_data: seenVolume('shop_data', { stack: 'blog' }) } }),
      /not this stack's/,
    ],
  ])('not for %s', (_name, { changes, steps }, why) => {
    const note = noteOf({ changes } as Plan);
    expect(note?.interrupts).toMatch(/^a rollback does not take back what is written to it/);
    expect(note?.interrupts).toMatch(why);
    expect(steps.map(({ id }) => id)).not.toContain('volume.create shop_data.restored');
  });

  it('a writer that the plan leaves alone is a problem', () => {
    const other = seen(service('gone', { settings: { volumes: [mount(false)] } }), { files: ['/elsewhere/compose.yaml'] });
    const { problems } = made(usual, { ...machine, containers: { ...machine.containers, 'shop-gone-1': other } });
    expect(problems.filter(({ code }) => code === 'volume-in-use').map(({ message }) => message)).toEqual([
      expect.stringContaining('shop-gone-1'),
    ]);
  });
});
