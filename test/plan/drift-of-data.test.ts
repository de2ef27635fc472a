import { expect, it } from 'vitest';
import { drift } from '../../src/plan/drift.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { seen, service } from '../kit/builders.ts';
import { db, looked, made, type Case } from './data-kit.ts';

const found = (one: Case) => {
  const { wanted, world } = made({ services: [db], ...one });
  return drift(wanted, world, plainOptions);
};
const told = {
  stands: 'up',
  because: '412 of 413 entries differ, such as storage and storage/wal',
  fields: [{ path: 'owner', have: '0:0', want: '1000:1000', cause: 'data', mend: 'update' }],
  edited: false,
};

it.each(['fix', 'report'] as const)(
  'files of a volume with another owner are its drift, and what a plan does about it is no other: %s',
  (onDrift) => {
    expect(found({ rule: { onDrift } })).toEqual({ drifts: [{ of: 'volume', name: 'shop_data', ...told }], others: 0 });
  },
);

it('files of a folder are the drift of that folder', () => {
  const one = service('db', { settings: { volumes: [{ type: 'bind', source: '/srv/d', target: '/d', read_only: false }] } });
  const rule = { place: { kind: 'bind', path: '/srv/d' } } as const;
  expect(found({ rule, services: [one], machine: { data: { 'folder /srv/d': looked() } } })).toEqual({
    drifts: [{ of: 'folder', name: '/srv/d', ...told }],
    others: 0,
  });
});

it('a container that has to stand still for that, and differs from the file too, is counted', () => {
  const edited = seen(db, { settings: { user: 'x' }, edited: ['user'] });
  expect(found({ machine: { containers: [edited] } })).toMatchObject({ drifts: [{ of: 'volume' }], others: 1 });
});
