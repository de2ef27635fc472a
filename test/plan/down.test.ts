import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finishForward } from '../../src/apply/recover.ts';
import type { Desired } from '../../src/model/desired.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { planDown } from '../../src/plan/plan-down.ts';
import { BackupError } from '../../src/platform/backup-store.ts';
import { stepsText } from '../../src/render/steps-text.ts';
import { desired, needs, observed, seen, seenNetwork, seenVolume, service, state, volume } from '../kit/builders.ts';
import { memoryBackups } from '../kit/memory-backups.ts';
import { memoryEngine } from '../kit/memory-engine.ts';
import { contextOn, endOf, outcomes, runPlan } from '../kit/runs.ts';
import { simulateAll } from '../kit/simulated.ts';
import { runs, seed, worlds } from '../kit/worlds.ts';

const db = service('db');
const web = service('web', { dependsOn: [needs('db')] });
const stack = desired({ services: [db, web] });
const machine = observed({ containers: [seen(db, { state: state('paused') }), seen(web)], volumes: [seenVolume('shop_data')] });

it('takes away dependants before what they stand on, then the networks; volumes stay', () => {
  expect(stepsText(planDown(stack, machine))).toMatchInlineSnapshot(`
    "# stop container shop-web-1  (the stack is taken down)
    > unpause container shop-db-1  (the stack is taken down)
        after container.stop shop-web-1
    # stop container shop-db-1  (the stack is taken down)
        after container.unpause shop-db-1
    - remove container shop-db-1  (the stack is taken down)
        after container.stop shop-db-1
    - remove container shop-web-1  (the stack is taken down)
        after container.stop shop-web-1
    - remove network shop_default  (the stack is taken down)
        after container.remove shop-db-1, container.remove shop-web-1
    "
  `);
});

it('takes what is declared here, whichever files it was made from, and leaves the rest of other files alone', () => {
  const files = ['/elsewhere/compose.yaml'];
  const made = planDown(stack, observed({ containers: [seen(web, { files }), seen(service('gone'), { files })] }));
  expect(made.steps.map(({ id }) => id)).toEqual(['container.stop shop-web-1', 'container.remove shop-web-1']);
  expect(made.problems.map(({ code }) => code)).toEqual(['orphan-of-other-files']);
});

it('leaves nothing of the stack but its volumes, on any machine', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const after = simulateAll(planDown(world.desired, world.observed).steps, world.observed);
      const left = Object.values(after.containers).filter(
        ({ service: name, files }) => world.desired.services[name] || files.every((file) => world.desired.files.includes(file)),
      );
      expect(left).toEqual([]);
      expect(after.volumes).toEqual(world.observed.volumes);
      expect(after.others).toEqual(world.observed.others);
    }),
    { seed, numRuns: runs(500) },
  );
});

describe('with its volumes, of which a backup is declared to be taken before they are removed', () => {
  const wanted = { ...stack, volumes: { data: volume('data', { backup: { before: ['remove'], quiesce: 'stop' } }) } };
  const made = planDown(wanted, machine, { ...plainOptions, volumes: true });
  const run = (backups = memoryBackups()) => runPlan(made, machine, { backups });

  it('takes it when all have let go, reads it again, and removes the volume then', async () => {
    expect(made.changes.map(({ verb, name }) => `${verb} ${name}`)).toContain('backup shop_data');
    const backups = memoryBackups();
    const ran = await run(backups);
    expect([ran.result, ran.engine.now().volumes]).toEqual(['applied', {}]);
    expect(backups.kept.map(({ volume: name }) => name)).toEqual(['shop_data']);
  });

  it('the volume stays where the backup fails, cannot be read again, or has no room; without room nothing is touched', async () => {
    const broken = { ...memoryBackups(), verify: () => Promise.reject(new BackupError('a byte is another one')) };
    const failing = { ...memoryBackups(), take: () => Promise.reject(new BackupError('the disk is full')) };
    for (const backups of [broken, failing]) expect(Object.keys((await run(backups)).engine.now().volumes)).toEqual(['shop_data']);
    const ran = await run({ ...memoryBackups(), room: async () => 0 });
    expect(ran.engine.now()).toMatchObject({ containers: machine.containers, volumes: machine.volumes });
  });

  it('a down that was interrupted does not take a backup that fails for one that was taken', async () => {
    const failing = { ...memoryBackups(), take: () => Promise.reject(new BackupError('the disk is full')) };
    const engine = memoryEngine(machine);
    const context = { ...contextOn(engine, machine, { backups: failing }), deadlineMs: 60_000, settleMs: 0, jobs: [] };
    const attempt = { run: 'run-1', plan: made, before: machine, ran: [], undone: new Set<string>() };
    expect(await finishForward({ attempts: [attempt] }, context)).toBe('not-cleaned-up');
    expect(Object.keys(engine.now().volumes)).toEqual(['shop_data']);
  });
});

describe('with its volumes', () => {
  const options = { ...plainOptions, volumes: true as const, volumeSizes: { shop_data: 1_234_567 } };
  const declared = { ...stack, volumes: { data: volume('data') } };
  const codes = (wanted: Desired = declared, there = machine): string[] =>
    planDown(wanted, there, options).problems.map(({ code }) => code);

  it('those that are declared go last, and are told with their size', () => {
    const made = planDown(declared, machine, options);
    const [last, ...others] = made.steps.toReversed();
    expect(last).toMatchObject({ id: 'volume.remove shop_data', stage: 'discard' });
    expect([...(last?.after ?? [])].sort()).toEqual(others.map(({ id }) => id).sort());
    expect(made.changes.at(-1)).toMatchObject({ of: 'volume', verb: 'remove', interrupts: 'all that is in it (1.2 MB) is gone for good' });
  });

  it('one that is undeclared, external or of others stays', () => {
    const after = (wanted: Desired = declared, there = machine): object =>
      simulateAll(planDown(wanted, there, options).steps, there).volumes;
    expect(after(stack)).toEqual(machine.volumes);
    const external = { ...stack, volumes: { data: volume('data', { external: true }) } };
    expect([codes(external), after(external)]).toEqual([['volume-stays'], machine.volumes]);
    const foreign = observed({ volumes: [seenVolume('shop_data', { stack: 'blog' })] });
    expect([codes(declared, foreign), after(declared, foreign)]).toEqual([['volume-stays'], foreign.volumes]);
  });

  it('nothing is done where the file forbids it, or somebody else mounts it', () => {
    const kept = { ...stack, volumes: { data: volume('data', { preventDestroy: true }) } };
    expect([codes(kept), planDown(kept, machine, options).steps]).toEqual([['volume-prevented'], []]);
    const other = { id: 'f'.repeat(64), name: 'x', running: false, ports: [], volumes: ['shop_data'] };
    expect(codes(declared, { ...machine, others: { x: other } })).toEqual(['volume-in-use']);
  });
});

it('tells what goes, and of each step whose it is and that the others do not wait for it to end well', () => {
  const made = planDown(stack, machine);
  expect(made.changes.map(({ of, name, verb, because }) => [of, name, verb, because])).toEqual([
    ['container', 'shop-db-1', 'remove', 'the stack is taken down'],
    ['container', 'shop-web-1', 'remove', 'the stack is taken down'],
    ['network', 'shop_default', 'remove', 'the stack is taken down'],
  ]);
  expect(new Set(made.steps.map(({ onFailure, stage }) => `${stage} ${onFailure}`))).toEqual(new Set(['discard continue']));
  expect(made.steps.map((step) => ('service' in step ? step.service : 'none'))).toEqual(['web', 'db', 'db', 'db', 'web', 'none']);
});

it('waits for the containers that are on a network before it takes it away, and for no others', () => {
  const back = { settings: { networks: { shop_back: { aliases: [] } } } };
  const networks = [seenNetwork('shop_default'), seenNetwork('shop_back')];
  const { steps } = planDown(stack, observed({ networks, containers: [seen(db, back), seen(web)] }));
  const after = (id: string) => steps.find((step) => step.id === id)?.after;
  expect([after('network.remove shop_back'), after('network.remove shop_default')]).toEqual([
    ['container.remove shop-db-1'],
    ['container.remove shop-web-1'],
  ]);
});

describe('carried out', () => {
  it('ends as applied when all is gone', async () => {
    const { result, engine } = await runPlan(planDown(stack, machine), machine);
    expect(result).toBe('applied');
    expect(engine.now()).toMatchObject({ containers: {}, networks: {}, volumes: machine.volumes });
  });

  it('goes on past a failure and says that something is left', async () => {
    const made = await runPlan(planDown(stack, machine), machine, { fault: { atCall: 1, how: 'refused' } });
    expect(made.result).toBe('not-cleaned-up');
    expect(outcomes(made)).toContain('container.stop shop-web-1: failed');
    expect(endOf(made, 'rollback-started')).toBeUndefined();
  });

  it('stops when a person interrupts', async () => {
    const cancel = new AbortController();
    const made = await runPlan(planDown(stack, machine), machine, {
      cancel: cancel.signal,
      on: ({ type }) => type === 'step-ended' && cancel.abort(),
    });
    expect(made.result).toBe('not-cleaned-up');
    expect(made.engine.calls).toEqual(['stop shop-web-1']);
  });
});
