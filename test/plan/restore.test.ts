import { describe, expect, it } from 'vitest';
import { plan } from '../../src/plan/plan.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { planRestoreTo } from '../../src/plan/plan-restore-to.ts';
import { stepsText } from '../../src/render/steps-text.ts';
import type { RestoreSource } from '../../src/model/restore-source.ts';
import type { Observed } from '../../src/model/observed.ts';
import { desired, image, needs, observed, seen, seenVolume, service, state, volume } from '../kit/builders.ts';
import { memoryBackup, memoryBackups } from '../kit/memory-backups.ts';
import type { Fault } from '../kit/memory-engine.ts';
import { runPlan, type Ran } from '../kit/runs.ts';
import { problemsOf, whole } from './backup-kit.ts';

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

it('shows what comes in the place of what, and what is done inside the helper', () => {
  expect(whole(made())).toMatchInlineSnapshot(`
    "  # volume shop_data will be restored (because it is restored)
      ~ volume "shop_data" {
          ~ content = "as it is now" -> "backup 20261122-184501-3f2a, taken 2026-11-22T18:45:01.000Z (1 entries)"
        }
        (volume, data; content: data, update)
      # container shop-db-1 will be updated in place (because a volume of it is restored)
      ~ container "shop-db-1" (service db) {
          + volume shop_data = "its files are changed while the container stands still"  # stops the container meanwhile
        }
        stops shop-db-1 (up to 10 s to end), until it is ready again
        (container, data; volume shop_data: data, standstill)


    volume.create shop_data.restored {stack:shop,volume:{name:shop_data.restored,key:shop_data.restored,external:false,driverOptions:{},labels:{io.stackctl.aside:shop_data}}}
    volume.fill shop_data.restored {volume:shop_data.restored,from:{kind:backup,backup:{format:1,id:20261122-184501-3f2a,engine:engine-1,stack:shop,volume:shop_data,driver:local,quiet:stopped,takenAt:2026-11-22T18:45:01.000Z,by:{user:ann,host:build-7,pid:812},stackctl:0.1.0,run:aaaaaaaaaaaa,images:{},compression:zstd,entries:1,tarBytes:1024,contentBytes:0,files:{data:{name:data.tar.zst,bytes:0,sha256:},entries:{name:entries.jsonl,bytes:0,sha256:}}}},image:stackctl/helper:1} < volume.create shop_data.restored
    container.stop shop-db-1 < volume.create shop_data.restored, volume.fill shop_data.restored
    volume.exchange shop_data with shop_data.restored {volume:shop_data,fresh:shop_data.restored,way:there,image:stackctl/helper:1} < volume.create shop_data.restored, volume.fill shop_data.restored, container.stop shop-db-1
    container.start shop-db-1 < container.stop shop-db-1, volume.exchange shop_data with shop_data.restored
    service.await shop-db-1 < container.start shop-db-1
    volume.discard shop_data.restored {name:shop_data.restored} < volume.exchange shop_data with shop_data.restored, service.await shop-db-1"
  `);
});

it('from a file, where the ids are those of the host', () => {
  const exempt = service('db', { settings: { ...mounts, userns_mode: 'host' } });
  const file = { kind: 'file', path: '/srv/data.tar' } as const;
  const restore = { volume: 'shop_data', from: file };
  const made_ = plan(desired({ services: [exempt], volumes: [volume('data')] }), observed({ images, volumes: [seenVolume('shop_data')] }), {
    ...plainOptions,
    restore,
  });
  expect(whole(made_)).toMatchInlineSnapshot(`
    "  # volume shop_data will be restored (because it is restored)
      ~ volume "shop_data" {
          ~ content = "as it is now" -> "file /srv/data.tar"
        }
        (volume, data; content: data, update)


    volume.create shop_data.restored {stack:shop,volume:{name:shop_data.restored,key:shop_data.restored,external:false,driverOptions:{},labels:{io.stackctl.aside:shop_data}}}
    volume.fill shop_data.restored {volume:shop_data.restored,from:{kind:file,path:/srv/data.tar},image:stackctl/helper:1,userns:host} < volume.create shop_data.restored
    volume.exchange shop_data with shop_data.restored {volume:shop_data,fresh:shop_data.restored,way:there,image:stackctl/helper:1} < volume.create shop_data.restored, volume.fill shop_data.restored
    volume.discard shop_data.restored {name:shop_data.restored} < volume.exchange shop_data with shop_data.restored"
  `);
});

it('says why it is refused, and what to do instead', () => {
  const withVolume = (more: object): Observed => ({ ...machine, volumes: { shop_data: seenVolume('shop_data', more) } });
  const place = (name: string) => ({ file: name, line: 1, column: 1 });
  const places = { 'volumes.logs': place('logs'), 'volumes.data': place('data') };
  const [data, logs] = [volume('data'), volume('logs')];
  const want = desired({ services: [db, web], volumes: [logs, data], places });
  const other = { id: 'f'.repeat(64), name: 'x', running: true, ports: [], volumes: ['shop_data'] };
  expect(
    [
      made({ ...machine, volumes: {} }, want),
      made(withVolume({ stack: 'blog' }), want),
      made(withVolume({ driver: 'nfs' }), want),
      made(machine, desired({ services: [db], volumes: [volume('data', { external: true })], places })),
      made(machine, desired({ services: [web], volumes: [logs], places })),
      made({ ...machine, others: { x: other } }, want),
    ]
      .flatMap(problemsOf)
      .join('\n'),
  ).toMatchInlineSnapshot(`
    "error volume-missing @data: volume shop_data is not there (let stackctl apply make it first, or restore it into a new volume: --to shop_data.restored)
    error volume-foreign @data: volume shop_data was not made by stack shop (restore it into a new volume: --to shop_data.restored)
    error volume-not-plain @data: volume shop_data is not a plain one of the local driver: what is in it cannot be switched in one step (restore it into a new volume: --to shop_data.restored)
    error volume-external @data: volume shop_data is external: it is not this stack's to restore (restore it into a new volume: --to shop_data.restored)
    error unknown-volume: the stack has no volume shop_data (restore it into a new volume: --to shop_data.restored)
    error volume-in-use: container x runs with volume shop_data, and is none of this stack's services as they are declared (stop it first)"
  `);
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

it('a new volume that is filled is shown like this', () => {
  const exempt = desired({ services: [service('db', { settings: { ...mounts, userns_mode: 'host' } })] });
  const there = observed({ images, volumes: [seenVolume('shop_data')] });
  const file = { kind: 'file', path: '/srv/data.tar' } as const;
  const to = (name: string, source: RestoreSource = from) =>
    whole(planRestoreTo({ to: name, from: source }, { desired: exempt, observed: there }));
  expect([to('copy'), to('copy', file), ...['shop_data', '/xy', 'xy/', 'x'].map((name) => to(name))].join('\n----\n'))
    .toMatchInlineSnapshot(`
      "  # volume copy will be created (because it is restored)
        + volume "copy" {
            + content = "backup 20261122-184501-3f2a"
          }
          (volume, file; content: data, create)


      volume.create copy {stack:shop,volume:{name:copy,key:copy,external:false,driverOptions:{},labels:{}}}
      volume.fill copy {volume:copy,from:{kind:backup,backup:{format:1,id:20261122-184501-3f2a,engine:engine-1,stack:shop,volume:shop_data,driver:local,quiet:stopped,takenAt:2026-11-22T18:45:01.000Z,by:{user:ann,host:build-7,pid:812},stackctl:0.1.0,run:aaaaaaaaaaaa,images:{},compression:zstd,entries:1,tarBytes:1024,contentBytes:0,files:{data:{name:data.tar.zst,bytes:0,sha256:},entries:{name:entries.jsonl,bytes:0,sha256:}}}},image:stackctl/helper:1,userns:host} < volume.create copy
      ----
        # volume copy will be created (because it is restored)
        + volume "copy" {
            + content = "file /srv/data.tar"
          }
          (volume, file; content: data, create)


      volume.create copy {stack:shop,volume:{name:copy,key:copy,external:false,driverOptions:{},labels:{}}}
      volume.fill copy {volume:copy,from:{kind:file,path:/srv/data.tar},image:stackctl/helper:1} < volume.create copy
      ----
        # volume shop_data will be created (because it is restored)
        + volume "shop_data" {
            + content = "backup 20261122-184501-3f2a"
          }
          (volume, file; content: data, create)

      error volume-taken: a volume shop_data is there already (name one that is not there: --to NAME)

      ----
        # volume /xy will be created (because it is restored)
        + volume "/xy" {
            + content = "backup 20261122-184501-3f2a"
          }
          (volume, file; content: data, create)

      error bad-name: "/xy" cannot be the name of a volume (at least two letters, digits, "_", "." or "-", beginning with a letter or digit)

      ----
        # volume xy/ will be created (because it is restored)
        + volume "xy/" {
            + content = "backup 20261122-184501-3f2a"
          }
          (volume, file; content: data, create)

      error bad-name: "xy/" cannot be the name of a volume (at least two letters, digits, "_", "." or "-", beginning with a letter or digit)

      ----
        # volume x will be created (because it is restored)
        + volume "x" {
            + content = "backup 20261122-184501-3f2a"
          }
          (volume, file; content: data, create)

      error bad-name: "x" cannot be the name of a volume (at least two letters, digits, "_", "." or "-", beginning with a letter or digit)
      "
    `);
});

it('into a new volume nothing else is touched', () => {
  const to = (name: string, there: Observed = machine) => planRestoreTo({ to: name, from }, { desired: wanted, observed: there });
  expect(to('copy').steps.map(({ id }) => id)).toEqual(['volume.create copy', 'volume.fill copy']);
  expect(to('copy', observed()).steps[0]?.id).toBe('image.pull stackctl/helper:1');
  for (const step of to('copy').steps) expect(step).toMatchObject({ stage: 'prepare', onFailure: 'rollback' });
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
