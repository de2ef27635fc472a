import { describe, expect, it } from 'vitest';
import { drift } from '../../src/plan/drift.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { image, seen } from '../kit/builders.ts';
import { db, looked, made, steps, text, problems, type Case } from './data-kit.ts';

describe('files that have another owner than declared', () => {
  it('are told of, and that is all, unless a fix is declared', () => {
    const one: Case = { rule: { onDrift: 'report' } };
    expect(steps(one)).toEqual([]);
    expect(problems(one)).toEqual([
      'warning: volume shop_data: owner 0:0 instead of 1000:1000, 412 of 413 entries differ, such as storage and storage/wal (to mend it: on_drift: fix, or once: stackctl volume fix data)',
    ]);
    const { wanted, world } = made(one);
    expect(drift(wanted, world, plainOptions).drifts).toMatchObject([
      { of: 'volume', name: 'shop_data', stands: 'up', because: '412 of 413 entries differ, such as storage and storage/wal' },
    ]);
  });

  it('get it while nobody runs with them, and whoever did runs again', () => {
    expect(steps({})).toEqual([
      'volume.create shop_data.before',
      'container.stop shop-db-1 < volume.create shop_data.before',
      'container.stop shop-web-1 < volume.create shop_data.before',
      'volume.own shop_data < volume.create shop_data.before, container.stop shop-db-1, container.stop shop-web-1',
      'container.start shop-db-1 < container.stop shop-db-1, volume.own shop_data',
      'service.await shop-db-1 < container.start shop-db-1',
      'container.start shop-web-1 < container.stop shop-web-1, container.start shop-db-1, volume.own shop_data',
      'service.await shop-web-1 < container.start shop-web-1',
      'volume.discard shop_data.before < volume.own shop_data, service.await shop-db-1, service.await shop-web-1',
    ]);
  });

  it('are shown like this', () => {
    expect(text({ services: [db] })).toBe(
      [
        '  # volume shop_data will be updated in place (because 412 of 413 entries differ, such as storage and storage/wal)',
        '  ~ volume "shop_data" {',
        '      ~ owner = "0:0" -> "1000:1000"',
        '    }',
        '  # container shop-db-1 will be updated in place (because work is done in a volume of it)',
        '  ~ container "shop-db-1" (service db) {',
        '      + volume shop_data = "its files are changed while the container stands still"  # stops the container meanwhile',
        '    }',
        '    stops shop-db-1 (up to 10 s to end), until it is ready again',
        '',
      ].join('\n'),
    );
  });

  it('are let alone under somebody whom the plan leaves alone', () => {
    const one: Case = { options: { targets: ['db'] } };
    expect(steps(one)).toEqual([]);
    expect(problems(one)).toEqual([
      expect.stringContaining(
        'left as it is, because shop-web-1 runs with it, which this plan leaves alone (let the plan include its service)',
      ),
    ]);
  });

  it('of a new volume get it after the first container has brought what its image has there, and before it starts', () => {
    const machine = { volumes: [], containers: [] };
    expect(steps({ rule: { onDrift: 'report' }, data: { unknown: 'known after create' }, machine, services: [db] })).toEqual(
      [
        'volume.create shop_data',
        'volume.create shop_data.before',
        'container.create shop-db-1 < volume.create shop_data.before, volume.create shop_data',
        'volume.own shop_data < volume.create shop_data.before, volume.create shop_data, container.create shop-db-1',
        'container.start shop-db-1 < container.create shop-db-1, volume.own shop_data',
        'service.await shop-db-1 < container.start shop-db-1',
        'volume.discard shop_data.before < volume.own shop_data, service.await shop-db-1',
      ].map((line) => expect.stringContaining(line.split(' <')[0] ?? '') as string),
    );
  });

  it('wait for the image of the helper, which is pulled first', () => {
    const found = steps({
      machine: { images: { 'nginx:1': image('nginx:1') } },
      data: { unknown: 'known when the step runs' },
      services: [db],
    });
    expect(found.slice(0, 2)).toEqual(['image.pull stackctl/helper:1', 'volume.create shop_data.before < image.pull stackctl/helper:1']);
  });

  it('are mended by a plan of only that, whatever else differs', () => {
    const others = { containers: [seen(db, { settings: { user: 'nobody' } })] };
    const one: Case = { rule: { onDrift: 'report' }, machine: others, services: [db], options: { fix: ['volume shop_data'] } };
    expect(steps(one).map((line) => line.split(' <')[0])).toEqual([
      'volume.create shop_data.before',
      'container.stop shop-db-1',
      'volume.own shop_data',
      'container.start shop-db-1',
      'service.await shop-db-1',
      'volume.discard shop_data.before',
    ]);
    expect(problems(one)).toEqual([]);
  });

  it('are refused where they may be somebody else’s, and names that nobody has are an error', () => {
    const linked = looked({ refused: ['x has another name too (a hard link), so it may be a file of somebody else'] });
    expect(made({ data: linked }).problems).toMatchObject([{ severity: 'error', code: 'data-refused' }]);
    expect(made({ data: linked, rule: { onDrift: 'report' } }).problems).toMatchObject([
      { severity: 'warning', code: 'data-refused' },
      { severity: 'warning', code: 'files-differ' },
    ]);
    expect(problems({ data: { wrong: 'image nginx:1 has no user db' } })).toEqual([
      'error: image nginx:1 has no user db (give the ids: "1000:1000")',
    ]);
  });
});
