import { expect, it } from 'vitest';
import type { Desired, VolumeSpec } from '../../src/model/desired.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { planDown } from '../../src/plan/plan-down.ts';
import { desired, observed, seen, seenVolume, service, volume } from '../kit/builders.ts';
import { db, images, mount, problemsOf, whole } from './backup-kit.ts';

const options = { ...plainOptions, volumes: true as const };
const backup = { before: ['apply', 'remove'], quiesce: 'stop', keep: 2 } as const;
const exempt = service('db', { settings: { ...db.settings, volumes: [mount('shop_data'), mount('shop_dump')], userns_mode: 'host' } });
const volumes = [
  volume('cache'),
  volume('data', { backup }),
  volume('dump', { backup }),
  volume('logs', { backup: { before: ['apply'], quiesce: 'stop' } }),
];
const machine = { containers: [seen(db)], volumes: volumes.map(({ name }) => seenVolume(name)) };

it('backs up what is declared to be backed up before it is removed; room for all of it is looked for before anything is touched', () => {
  expect(whole(planDown(desired({ services: [exempt], volumes }), observed(machine), options))).toMatchInlineSnapshot(`
    "  - container "shop-db-1" (service db) will be removed (because the stack is taken down)
        stops shop-db-1 (up to 10 s to end)
        (container, file)
      - network "shop_default" will be removed (because the stack is taken down)
        (network, file)
      = volume "shop_data" will be backed up (because x-stack.backup says so before it is removed)
        (volume, data)
      = volume "shop_dump" will be backed up (because x-stack.backup says so before it is removed)
        (volume, data)
      - volume "shop_cache" will be removed (because the stack is taken down)
        all that is in it is gone for good
        (volume, file)
      - volume "shop_data" will be removed (because the stack is taken down)
        all that is in it is gone for good
        (volume, file)
      - volume "shop_dump" will be removed (because the stack is taken down)
        all that is in it is gone for good
        (volume, file)
      - volume "shop_logs" will be removed (because the stack is taken down)
        all that is in it is gone for good
        (volume, file)


    image.pull stackctl/helper:1 {image:stackctl/helper:1,timeoutMs:600000}
    volume.room shop_data, shop_dump {volumes:[{volume:shop_data,image:stackctl/helper:1,userns:host},{volume:shop_dump,image:stackctl/helper:1,userns:host}]} < image.pull stackctl/helper:1
    container.stop shop-db-1 < image.pull stackctl/helper:1, volume.room shop_data, shop_dump
    container.remove shop-db-1 < container.stop shop-db-1, image.pull stackctl/helper:1, volume.room shop_data, shop_dump
    network.remove shop_default < container.remove shop-db-1, image.pull stackctl/helper:1, volume.room shop_data, shop_dump
    volume.remove shop_cache {name:shop_cache,stack:shop} < image.pull stackctl/helper:1, volume.room shop_data, shop_dump, container.stop shop-db-1, container.remove shop-db-1, network.remove shop_default
    volume.backup shop_data {stack:shop,quiet:stopped,users:[],images:{nginx:1:{id:sha256:ea996a,digests:[]}},verify:true,volume:shop_data,image:stackctl/helper:1,userns:host} < image.pull stackctl/helper:1, volume.room shop_data, shop_dump, container.stop shop-db-1, container.remove shop-db-1, network.remove shop_default
    volume.remove shop_data {name:shop_data,stack:shop} < image.pull stackctl/helper:1, volume.room shop_data, shop_dump, container.stop shop-db-1, container.remove shop-db-1, network.remove shop_default, volume.backup shop_data
    volume.backup shop_dump {stack:shop,quiet:stopped,users:[],images:{nginx:1:{id:sha256:ea996a,digests:[]}},verify:true,volume:shop_dump,image:stackctl/helper:1,userns:host} < image.pull stackctl/helper:1, volume.room shop_data, shop_dump, container.stop shop-db-1, container.remove shop-db-1, network.remove shop_default
    volume.remove shop_dump {name:shop_dump,stack:shop} < image.pull stackctl/helper:1, volume.room shop_data, shop_dump, container.stop shop-db-1, container.remove shop-db-1, network.remove shop_default, volume.backup shop_dump
    volume.remove shop_logs {name:shop_logs,stack:shop} < image.pull stackctl/helper:1, volume.room shop_data, shop_dump, container.stop shop-db-1, container.remove shop-db-1, network.remove shop_default"
  `);
});

it('pulls no helper where it is there, or where nothing is backed up', () => {
  const pulls = (wanted: Desired, more: Parameters<typeof observed>[0] = {}): string[] =>
    planDown(wanted, observed({ ...machine, ...more }), options).steps.flatMap(({ id }) => (id.startsWith('image.') ? [id] : []));
  expect(pulls(desired({ services: [db], volumes }))).toEqual(['image.pull stackctl/helper:1']);
  expect(pulls(desired({ services: [db], volumes }), { images })).toEqual([]);
  expect(pulls(desired({ services: [db], volumes: volumes.slice(0, 1) }))).toEqual([]);
});

it('says of each volume that is in its way, or that stays, why, and where it is declared', () => {
  const place = (name: string) => ({ file: name, line: 1, column: 1 });
  const others = [{ id: 'f'.repeat(64), name: 'x', running: false, ports: [], volumes: ['shop_data'] }];
  const there = observed({ ...machine, others, volumes: [seenVolume('shop_data'), seenVolume('shop_of', { stack: 'blog' })] });
  const said = (key: string, more: Partial<VolumeSpec> = {}) =>
    problemsOf(planDown(desired({ volumes: [volume(key, more)], places: { [`volumes.${key}`]: place(key) } }), there, options));
  const kept = planDown(desired({ volumes: [volume('data', { preventDestroy: true })] }), there, options);
  expect(kept.changes.filter(({ of }) => of === 'volume')).toEqual([]);
  expect(
    [said('data'), said('data', { external: true }), said('data', { preventDestroy: true }), said('of'), said('none')].flat().join('\n'),
  ).toMatchInlineSnapshot(`
    "error volume-in-use @data: volume shop_data cannot be removed: container x, which is not of this stack, mounts it (remove that container first, or leave the volume: stackctl down)
    warning volume-stays @data: volume shop_data is external: it stays ()
    error volume-prevented @data: volume shop_data may not be removed: its prevent_destroy says so (whoever wants it gone takes prevent_destroy out of the file first)
    warning volume-stays @of: volume shop_of was not made by stack shop: it stays ()"
  `);
});
