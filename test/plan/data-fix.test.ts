import { expect, it } from 'vitest';
import { seen, service, state } from '../kit/builders.ts';
import { db, made, web } from './data-kit.ts';

it('only who runs with the files stands still for them', () => {
  const ended = seen(web, { state: state('exited') });
  const { changes } = made({
    services: [db, web, service('away'), service('unmade')],
    machine: { containers: [seen(db), ended, seen(service('away'))] },
    options: { fix: ['volume shop_data'] },
  });
  expect(changes.map(({ of, name, verb, because }) => `${of} ${name} ${verb}: ${because}`)).toEqual([
    'volume shop_data update: 412 of 413 entries differ, such as storage and storage/wal',
    'container shop-db-1 update: files in a volume of it are changed',
  ]);
});
