import { describe, expect, it } from 'vitest';
import type { VolumeSpec } from '../../src/model/desired.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { mountedVolumes, volumeDiffs, volumeRenewals } from '../../src/plan/volume-renewal.ts';
import { desired, observed, seen, seenVolume, service, volume } from '../kit/builders.ts';
import { db, mount, planned, problemsOf, type Case } from './backup-kit.ts';

const web = service('web', { settings: { volumes: [mount('shop_data')] } });

describe('a volume is made anew', () => {
  const nfs = { volumes: [seenVolume('shop_data', { driver: 'nfs' })] };
  const anew: Case = { machine: nfs, options: { allowDestroy: ['volume/data'] } };
  const errors = (one: Case): string[] => problemsOf(planned({ ...anew, ...one })).filter((line) => /^error.*(made anew|, but)/.test(line));
  const leftover = seen(service('old', { settings: { volumes: [mount('shop_data')] } }));
  const inUse = (name: string): string =>
    `error volume-in-use: volume shop_data cannot be made anew: container ${name} mounts it, which this plan leaves as it is (let this plan include its service, or remove that container)`;

  it('where all who mount it are part of the plan', () => {
    expect(errors({ services: [db, web] })).toEqual([]);
    expect(errors({ services: [db, web], containers: [seen(db)] })).toEqual([]);
  });

  it('not where somebody stays who mounts it', () => {
    expect(errors({ services: [db, web], options: { ...anew.options, targets: ['db'] } })).toEqual([inUse('shop-web-1')]);
    const elsewhere = { ...leftover, files: ['/elsewhere/compose.yaml'] };
    expect(errors({ containers: [seen(db), elsewhere] })).toEqual([inUse('shop-old-1')]);
    // That one is removed by the plan
    expect(errors({ containers: [seen(db), leftover] })).toEqual([]);
    const stranger = { id: 'f'.repeat(64), name: 'stranger', running: false, ports: [], volumes: ['shop_data'] };
    expect(errors({ machine: { ...nfs, others: [stranger] } })).toEqual([
      'error volume-in-use: volume shop_data cannot be made anew: container stranger mounts it, which this plan leaves as it is (it is not of this stack: remove it, or leave the volume as it is)',
    ]);
  });

  it('not where the file forbids it', () => {
    expect(errors({ data: { preventDestroy: true } })).toEqual([
      expect.stringContaining('volume shop_data has driver nfs instead of local, but'),
    ]);
  });
});

it.each<[string, Partial<VolumeSpec>, Parameters<typeof seenVolume>[1] | undefined, number]>([
  ['a volume of the stack that a person named and that differs', {}, { driver: 'nfs' }, 1],
  ['not one that is as declared', {}, {}, 0],
  ['not one that is not there', {}, undefined, 0],
  ['not one of somebody else', {}, { driver: 'nfs', stack: 'blog' }, 0],
  ['not one that is only used', { external: true }, { driver: 'nfs' }, 0],
  ['not one that is to stay', { preventDestroy: true }, { driver: 'nfs' }, 0],
  ['not one that nobody named', { key: 'other', name: 'shop_data' }, { driver: 'nfs' }, 0],
])('made anew is %s', (_, want, have, count) => {
  const sides = {
    desired: desired({ volumes: [volume('data', want)] }),
    observed: observed({ volumes: have ? [seenVolume('shop_data', have)] : [] }),
    options: { ...plainOptions, allowDestroy: ['volume/data'] },
  };
  expect(volumeRenewals(sides)).toHaveLength(count);
});

it('what of a volume differs is told without its options, where passwords stand', () => {
  const want = volume('data', { driver: 'local', driverOptions: { same: 'x', o: 'secret', added: 'new' } });
  const have = seenVolume('shop_data', { driver: 'nfs', driverOptions: { same: 'x', o: 'other', gone: 'old' } });
  expect(volumeDiffs(want, have)).toStrictEqual([
    { path: 'driver', have: 'nfs', want: 'local', text: 'driver nfs instead of local' },
    { path: 'driver_opts.added', want: 'not shown', text: 'driver option added' },
    { path: 'driver_opts.gone', have: 'not shown', text: 'driver option gone, which is not declared' },
    { path: 'driver_opts.o', have: 'not shown', want: 'another one', text: 'driver option o' },
  ]);
  expect(volumeDiffs(volume('data'), seenVolume('shop_data'))).toEqual([]);
});

it('a container has the volumes that it mounts by name, and those without one', () => {
  const volumes = [mount('a'), { ...mount('/srv'), type: 'bind' as const }, { ...mount(''), target: '/anonymous' }];
  expect(mountedVolumes({ settings: { image: 'nginx:1', volumes }, anonymous: { '/anonymous': '1234' } })).toEqual(['a', '1234']);
  expect(mountedVolumes({ settings: { image: 'nginx:1' }, anonymous: {} })).toEqual([]);
});
