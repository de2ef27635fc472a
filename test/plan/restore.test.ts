import { describe, expect, it } from 'vitest';
import { plan } from '../../src/plan/plan.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { planRestoreTo } from '../../src/plan/plan-restore-to.ts';
import { stepsText } from '../../src/render/steps-text.ts';
import type { Observed } from '../../src/model/observed.ts';
import { desired, image, needs, observed, seen, seenVolume, service, state, volume } from '../kit/builders.ts';
import { memoryBackup, memoryBackups } from '../kit/memory-backups.ts';
import type { Fault } from '../kit/memory-engine.ts';
import { runPlan, type Ran } from '../kit/runs.ts';

const mounts = { volumes: [{ type: 'volume' as const, source: 'shop_data', target: '/data', read_only: false }] };
const db = service('db', { settings: mounts });
const web = service('web', { dependsOn: [needs('db', 'service_started')] });
const wanted = desired({ services: [db, web], volumes: [volume('data')] });
const nginx = image('nginx:1');
const images = { 'nginx:1': nginx, [nginx.id]: nginx, 'stackctl/helper:1': image('stackctl/helper:1') };
const machine = observed({ images, containers: [seen(db), seen(web)], volumes: [seenVolume('shop_data')] });
const from = { kind: 'backup', backup: memoryBackup({}) } as const;
const made = (there: Observed = machine, want = wanted) => plan(want, there, { ...plainOptions, restore: { volume: 'shop_data', from } });
const codes = (there: Observed, want = wanted): string[] => made(there, want).problems.map(({ code }) => code);

it('fills and verifies while all run, stops who has the volume, switches, starts, and throws away last', () => {
  expect(stepsText(made())).toMatchInlineSnapshot(`
    "+ create volume shop_data.restored  (it is restored)
    + restore backup 20261122-184501-3f2a into volume shop_data.restored, and verify it  (it is restored)
        after volume.create shop_data.restored
    # stop container shop-db-1  (a volume of it is restored)
        after volume.create shop_data.restored, volume.fill shop_data.restored
    ~ switch volume shop_data with shop_data.restored  (it is restored)
        after volume.create shop_data.restored, volume.fill shop_data.restored, container.stop shop-db-1
    > start container shop-db-1  (a volume of it is restored)
        after container.stop shop-db-1, volume.exchange shop_data with shop_data.restored
    ? wait until shop-db-1 runs stably  (a volume of it is restored)
        after container.start shop-db-1
    - remove volume shop_data.restored, made by this run  (it is restored)
        after volume.exchange shop_data with shop_data.restored, service.await shop-db-1
    "
  `);
});

it('changes nothing else, whatever else differs from the files', () => {
  const other = { ...wanted, services: { db, web: service('web', { settings: { image: 'nginx:2' } }) } };
  expect(made(machine, other).steps.map(({ id }) => id)).toEqual(made().steps.map(({ id }) => id));
});

it('is refused for what is not there, not the stack’s, not plain, or in use by others', () => {
  const withVolume = (more: object): Observed => ({ ...machine, volumes: { shop_data: seenVolume('shop_data', more) } });
  expect(codes({ ...machine, volumes: {} })).toEqual(['volume-missing']);
  expect(codes(withVolume({ stack: 'blog' }))).toEqual(['volume-foreign']);
  expect(codes(withVolume({ driver: 'nfs' }))).toEqual(['volume-not-plain']);
  expect(codes(withVolume({ driverOptions: { type: 'tmpfs' } }))).toEqual(['volume-not-plain']);
  expect(codes(machine, desired({ services: [db], volumes: [volume('data', { external: true })] }))).toEqual(['volume-external']);
  expect(codes(machine, desired({ services: [web] }))).toEqual(['unknown-volume']);
  const other = { id: 'f'.repeat(64), name: 'x', running: true, ports: [], volumes: ['shop_data'] };
  expect(codes({ ...machine, others: { x: other } })).toEqual(['volume-in-use']);
  expect(codes({ ...machine, others: { x: { ...other, running: false } } })).toEqual([]);
  const orphan = seen(service('old', { settings: mounts }));
  expect(codes({ ...machine, containers: { ...machine.containers, [orphan.name]: orphan } })).toEqual(['volume-in-use']);
});

it('a stopped service stays stopped', () => {
  const there = { ...machine, containers: { ...machine.containers, 'shop-db-1': seen(db, { state: state('exited') }) } };
  expect(made(there).steps.filter(({ action }) => action.kind.startsWith('container.'))).toEqual([]);
});

it('into a new volume nothing else is touched', () => {
  const to = (name: string, there: Observed = machine) => planRestoreTo({ to: name, from }, { desired: wanted, observed: there });
  expect(to('copy').steps.map(({ id }) => id)).toEqual(['volume.create copy', 'volume.fill copy']);
  expect(to('copy', observed()).steps[0]?.id).toBe('image.pull stackctl/helper:1');
  expect(to('shop_data').problems.map(({ code }) => code)).toEqual(['volume-taken']);
  expect(to('../x').problems.map(({ code }) => code)).toEqual(['bad-name']);
});

describe('whatever call of it fails', () => {
  const run = (fault?: Fault): Promise<Ran> => runPlan(made(), machine, { backups: memoryBackups([from.backup]), ...(fault && { fault }) });
  const contentOf = ({ engine }: Ran): string | undefined => engine.machine.contents.get('shop_data')?.text;

  it.each(['before', 'after', 'refused'] as const)(
    '%s its effect: the volume has what it had, or what was restored, and all run',
    async (how) => {
      const calls = (await run()).engine.calls.length;
      expect(calls).toBeGreaterThan(5);
      for (let atCall = 1; atCall <= calls; atCall++) {
        const ran = await run({ atCall, how });
        const isDone = ran.result === 'applied' || ran.result === 'not-cleaned-up';
        expect([atCall, ran.result, contentOf(ran)]).toEqual([atCall, ran.result, isDone ? 'restored' : 'data of shop_data']);
        for (const {
          name,
          state: { status },
        } of Object.values(ran.engine.now().containers))
          expect([atCall, name, status]).toEqual([atCall, name, 'running']);
      }
    },
  );
});
