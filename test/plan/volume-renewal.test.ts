import { expect, it } from 'vitest';
import { plan } from '../../src/plan/plan.ts';
import { plainOptions, type PlanOptions } from '../../src/plan/options.ts';
import { planText } from '../../src/render/plan-text.ts';
import { stepsText } from '../../src/render/steps-text.ts';
import { plainStyle } from '../../src/render/style.ts';
import { desired, file, image, observed, seen, seenNetwork, seenVolume, service, volume } from '../kit/builders.ts';
import { BackupError } from '../../src/platform/backup-store.ts';
import { mapValues } from '../../src/lib/record.ts';
import { memoryBackups } from '../kit/memory-backups.ts';
import { runPlan } from '../kit/runs.ts';

const mounts = { volumes: [{ type: 'volume' as const, source: 'shop_data', target: '/data', read_only: false }] };
const db = service('db', { settings: mounts });
const web = service('web');
const tmpfs = { type: 'tmpfs', device: 'tmpfs' };
const at = (line: number) => ({ file, line, column: 5 });
const wanted = desired({
  services: [db, web],
  volumes: [volume('data', { driverOptions: tmpfs })],
  places: { 'volumes.data': at(9), 'volumes.data.driver_opts.type': at(11) },
});
const nginx = image('nginx:1');
const images = { 'nginx:1': nginx, [nginx.id]: nginx, 'stackctl/helper:1': image('stackctl/helper:1') };
const machine = observed({ images, containers: [seen(db), seen(web)], volumes: [seenVolume('shop_data')] });
const allowed: PlanOptions = { ...plainOptions, allowDestroy: ['volume/data'] };
const problemsOf = (options: Partial<PlanOptions>, want = wanted, there = machine) =>
  plan(want, there, { ...plainOptions, ...options }).problems.map(({ code, at: place }) => `${place?.line ?? '-'} ${code}`);

it('is refused unless a person names the volume, with three ways out', () => {
  expect(problemsOf({})).toEqual(['11 volume-must-be-replaced']);
  expect(plan(wanted, machine).problems[0]?.hint).toMatch(/declare it as it is.*volume backup data.*--allow-destroy volume\/data/);
  expect(problemsOf({ allowDestroy: ['volume/data'] })).toEqual([]);
  expect(problemsOf({ allowDestroy: ['volume/shop_data'] })).toEqual([]);
  expect(problemsOf({ allowDestroy: ['volume/dat'] })).toEqual(['- unknown-volume', '11 volume-must-be-replaced']);
});

it('is refused where the file forbids it, whatever a flag says', () => {
  const places = { ...wanted.places, 'volumes.data.x-stack.prevent_destroy': at(12) };
  const kept = { ...wanted, places, volumes: { data: volume('data', { driverOptions: tmpfs, preventDestroy: true }) } };
  expect(problemsOf({ allowDestroy: ['volume/data'] }, kept)).toEqual(['12 volume-prevented']);
  expect(plan(kept, machine, allowed).steps).toEqual([]);
});

it('is refused while a container mounts it that the plan leaves as it is, of this stack or not', () => {
  expect(problemsOf({ allowDestroy: ['volume/data'], targets: ['web'] })).toEqual(['- volume-in-use']);
  const other = { id: 'f'.repeat(64), name: 'stranger', running: false, ports: [], volumes: ['shop_data'] };
  expect(problemsOf({ allowDestroy: ['volume/data'] }, wanted, { ...machine, others: { stranger: other } })).toEqual(['- volume-in-use']);
});

it('needs the helper for it, and pulls it where it is not there; for nothing else that is done to networks and volumes', () => {
  const [first] = plan(wanted, { ...machine, images: { 'nginx:1': nginx, [nginx.id]: nginx } }, allowed).steps;
  expect(first).toMatchObject({
    id: 'image.pull stackctl/helper:1',
    stage: 'prepare',
    because: 'needed for work in volumes',
    onFailure: 'rollback',
  });
  const other = observed({
    containers: [seen(web)],
    volumes: [seenVolume('shop_left', { leftover: true })],
    networks: [seenNetwork('shop_default', { driver: 'macvlan' })],
  });
  const ids = plan(wanted, other, { ...plainOptions, allowDestroy: ['network/default'] }).steps.map(({ id }) => id);
  expect(ids.filter((id) => /^(image|network|volume)\.(?!disconnect)/.test(id))).toEqual([
    'volume.create shop_data',
    'network.remove shop_default',
    'network.create shop_default',
    'volume.discard shop_left',
  ]);
});

it('labels alone are no reason to lose what is in it', () => {
  const relabelled = { ...wanted, volumes: { data: volume('data', { labels: { keep: 'me' } }) } };
  const made = plan(relabelled, machine, allowed);
  expect(made.problems.map(({ code }) => code)).toEqual(['volume-differs']);
  expect(made.steps).toEqual([]);
});

it('puts what is in it aside until every gate has passed, and touches nobody who does not mount it', () => {
  expect(stepsText(plan(wanted, machine, allowed))).toMatchInlineSnapshot(`
    "+ create volume shop_data.before  (the file changed)
    # stop container shop-db-1  (the file changed)
        after volume.create shop_data.before
    - remove container shop-db-1  (the file changed)
        after container.stop shop-db-1
    ~ switch volume shop_data with shop_data.before  (the file changed)
        after volume.create shop_data.before, container.remove shop-db-1
    - remove volume shop_data, emptied before  (the file changed)
        after volume.exchange shop_data with shop_data.before
    + create volume shop_data  (the file changed)
        after volume.remove shop_data
    + create container shop-db-1 from nginx:1  (the file changed)
        after container.remove shop-db-1, volume.create shop_data
    > start container shop-db-1  (the file changed)
        after container.create shop-db-1
    ? wait until shop-db-1 runs stably  (the file changed)
        after container.start shop-db-1
    - remove volume shop_data.before, made by this run  (the file changed)
        after volume.create shop_data, service.await shop-db-1
    "
  `);
});

it('says what is lost', () => {
  expect(planText(plan(wanted, machine, allowed), { style: plainStyle })).toMatchInlineSnapshot(`
    "stackctl will do the following to stack shop:
    -/+ replace: the old one stops first

      # volume shop_data will be replaced (because the file changed)
    -/+ volume "shop_data" {
          + driver_opts.device = "not shown"  # forces replacement
          + driver_opts.type   = "not shown"  # forces replacement
        }
        all that is in it is gone for good once everything is ready; until then a rollback brings it back, but not the containers that mount it

      # container shop-db-1 will be replaced (because the file changed)
    -/+ container "shop-db-1" (service db) {
          ~ volumes.shop_data = "volume shop_data" -> "a new volume"  # forces replacement
        }
        stops shop-db-1 (up to 10 s to end), until it is ready again

    Removed for good once everything is ready: the old container shop-db-1.
    Data that db writes into its volumes is not taken back by a rollback.
    10 steps. Timeouts: 10m forward, 10m back.

    Plan: 2 to add, 0 to change, 2 to destroy.
    "
  `);
});

it('of another driver nothing can be put aside', () => {
  const there = observed({ images, containers: [seen(db)], volumes: [seenVolume('shop_data', { driver: 'nfs' })] });
  const steps = plan({ ...wanted, services: { db } }, there, allowed).steps.map(({ id }) => id);
  expect(steps).toEqual([
    'container.stop shop-db-1',
    'container.remove shop-db-1',
    'volume.remove shop_data',
    'volume.create shop_data',
    'container.create shop-db-1',
    'container.start shop-db-1',
    'service.await shop-db-1',
  ]);
});

it('carried out, the volume is as declared; walked back, what was in it is in it again', async () => {
  const done = await runPlan(plan(wanted, machine, allowed), machine);
  expect(done.result).toBe('applied');
  expect(done.engine.now().volumes).toEqual({ shop_data: expect.objectContaining({ driverOptions: tmpfs }) as unknown });

  const failed = await runPlan(plan(wanted, machine, allowed), machine, { behaves: () => ({ exits: 4 }) });
  expect(failed.result).toBe('not-fully-rolled-back');
  expect(Object.keys(failed.engine.now().volumes)).toEqual(['shop_data']);
  expect(failed.engine.now().volumes['shop_data']?.driverOptions).toEqual({});
  expect(failed.engine.machine.contents.get('shop_data')).toEqual({ of: 'shop_data', text: 'data of shop_data' });
});

it('where its removal is to be preceded by a backup, that is taken and read again before, or the volume stays', async () => {
  const there = observed({ images, containers: [seen(db)], volumes: [seenVolume('shop_data', { driver: 'nfs' })] });
  const copied = mapValues(wanted.volumes, (each) => ({ ...each, backup: { before: ['remove'] as const, quiesce: 'stop' as const } }));
  const made = plan({ ...wanted, services: { db }, volumes: copied }, there, allowed);
  const ids = made.steps.map(({ id }) => id);
  expect(ids.indexOf('container.stop shop-db-1')).toBeLessThan(ids.indexOf('volume.backup shop_data'));
  expect(made.steps.find(({ id }) => id === 'volume.remove shop_data')?.after).toContain('volume.backup shop_data');
  const backups = { ...memoryBackups(), verify: () => Promise.reject(new BackupError('a byte is another one')) };
  const failed = await runPlan(made, there, { backups });
  expect(failed.engine.calls).not.toContain('remove volume shop_data');
});
