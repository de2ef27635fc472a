import { expect, it } from 'vitest';
import { seen, service, state, volume } from '../kit/builders.ts';
import { anew, db, mount, planned, problemsOf, web, type Case } from './backup-kit.ts';

const files = ['/elsewhere/compose.yaml'];
const left = service('left', { settings: { volumes: [mount('shop_data')] } });
const elsewhere = (status: 'running' | 'paused' = 'running') => seen(left, { files, state: state(status) });
const file = (name: string) => ({ file: name, line: 1, column: 1 });

/** A plan that starts the one user that is declared. */
const one = (more: Case): string[] =>
  problemsOf(planned({ containers: [seen(db, { state: state('exited') }), elsewhere()], ...more })).filter((each) => /volume/.test(each));

it('is refused where somebody could write meanwhile whom the plan leaves alone', () => {
  const message =
    'volume shop_data is to be backed up first, and container shop-left-1, which this plan leaves as it is, could write to it meanwhile (stop it, or say under x-stack.backup of the volume that everybody may go on (quiesce: none))';
  expect(one({})).toEqual([`error volume-in-use: ${message}`]);
  expect(one({ services: [anew(db)], containers: [seen(db), elsewhere()] })).toEqual([`error volume-in-use: ${message}`]);
  expect(one({ policy: { quiesce: 'pause' } })).toEqual([`error volume-in-use: ${message}`]);
  expect(one({ volumes: [volume('a')], wanted: { places: { 'volumes.data': file('data'), 'volumes.a': file('a') } } })).toEqual([
    `error volume-in-use @data: ${message}`,
  ]);
  expect(one({ wanted: { places: { 'volumes.data': file('data'), 'volumes.data.x-stack.backup': file('backup') } } })).toEqual([
    `error volume-in-use @backup: ${message}`,
  ]);
  expect(one({ services: [db, web], containers: [seen(web)], options: { targets: ['db'] } })).toEqual([
    `error volume-in-use: ${message.replace('shop-left-1', 'shop-web-1')}`,
  ]);
});

it('is not where they may, are paused, or are taken away, replaced or stopped by it', () => {
  const fine: Case[] = [
    { policy: { quiesce: 'none' } },
    { containers: [elsewhere('paused')] },
    { options: { removeOrphans: true } },
    { services: [db, web], containers: [seen(web)] },
    { services: [db, web], containers: [seen(web, { settings: { user: 'nobody' } })] },
    { services: [db, web], containers: [seen(web)], policy: { quiesce: 'pause' } },
    { containers: [seen(db, { settings: { restart: 'no' } })] },
    { containers: [] },
  ];
  expect(fine.flatMap(one)).toEqual([]);
});
