import { expect, it } from 'vitest';
import type { DataRule } from '../../src/model/data-rule.ts';
import { seen, seenNetwork, seenVolume, service, state, volume } from '../kit/builders.ts';
import { anew, db, mount, planned, web, type Case } from './backup-kit.ts';
import { looked, rule } from './data-kit.ts';

/** Why volume shop_data is backed up first; undefined: it is not. */
const why = (one: Case): string | undefined =>
  planned(one).changes.find(({ verb, name }) => verb === 'backup' && name === 'shop_data')?.because;

const before = (...triggers: ('replace' | 'fix' | 'remove' | 'apply')[]): Case['policy'] => ({ before: triggers });
const old = service('old', { settings: { volumes: [mount('shop_data')] } });
const other = service('other');
const paused = { state: state('paused') };
const stands = [seen(db), seen(web)];

const fixing = (place: DataRule['place'] = { kind: 'volume', name: 'shop_data' }, more: readonly DataRule[] = []): Case => ({
  volumes: [volume('logs')],
  services: [service('db', { settings: { volumes: [mount('shop_data'), mount('shop_logs'), { ...mount('/srv'), type: 'bind' }] } })],
  wanted: { dataRules: [rule({ place }), ...more] },
  machine: { data: { 'volume shop_data': looked(), 'volume shop_logs': looked(), 'folder /srv': looked() } },
});
const logs = rule({ place: { kind: 'volume', name: 'shop_logs' } });

const madeAnew = (key: 'data' | 'logs'): Case => ({
  volumes: [volume('logs', { driverOptions: key === 'logs' ? { o: 'bind' } : {} })],
  machine: { volumes: [seenVolume('shop_data', key === 'data' ? { driver: 'nfs' } : {}), seenVolume('shop_logs')] },
  options: { allowDestroy: [`volume/${key}`] },
});

const replaced = 'x-stack.backup says so before a container with it is replaced';
const fixed = 'x-stack.backup says so before its files are changed';
const removed = 'x-stack.backup says so before it, or a container with it, is removed';
const touched = 'x-stack.backup says so before an apply touches who uses it';
const gone = { ...db, settings: { ...db.settings, volumes: [] } };

it('waits for no copy of another volume before one is made anew', () => {
  const backup = { before: ['remove'], quiesce: 'stop' } as const;
  const { steps } = planned({
    policy: backup,
    volumes: [volume('logs', { backup })],
    services: [db, service('web', { settings: { volumes: [mount('shop_logs')] } })],
    machine: { volumes: ['shop_data', 'shop_logs'].map((name) => seenVolume(name, { driver: 'nfs' })) },
    options: { allowDestroy: ['volume/data', 'volume/logs'] },
  });
  const after = steps.find(({ id }) => id === 'volume.remove shop_logs')?.after ?? [];
  expect(after.filter((id) => id.startsWith('volume.backup '))).toEqual(['volume.backup shop_logs']);
});

it.each<[string, Case, string | undefined]>([
  ['one of its users is replaced', { policy: before('replace'), services: [anew(db), web], containers: stands }, replaced],
  ['somebody else is replaced', { policy: before('replace'), services: [db, anew(other)], containers: [seen(db), seen(other)] }, undefined],
  ['its user is started', { policy: before('replace'), containers: [seen(db, { state: state('exited') })] }, undefined],
  ['its user is created', { policy: before('replace'), containers: [] }, undefined],
  ['its only user is removed', { policy: before('replace'), containers: [seen(db), seen(old)] }, undefined],
  ['its files get their owner', { policy: before('fix'), ...fixing() }, fixed],
  ['its files and others do', { policy: before('fix'), ...fixing(undefined, [logs]) }, fixed],
  ['files of another volume do', { policy: before('fix'), ...fixing(logs.place) }, undefined],
  ['files of a folder do', { policy: before('fix'), ...fixing({ kind: 'bind', path: '/srv' }) }, undefined],
  ['one user is removed, another replaced', { policy: before('remove'), services: [anew(db)], containers: [seen(db), seen(old)] }, removed],
  ['its user is replaced', { policy: before('remove'), services: [anew(db)], containers: [seen(db)] }, undefined],
  ['somebody else is removed', { policy: before('remove'), containers: [seen(db), seen(other)] }, undefined],
  ['it is made anew', { policy: before('remove'), ...madeAnew('data') }, removed],
  ['another volume is made anew', { policy: before('remove'), ...madeAnew('logs') }, undefined],
  ['its user is woken', { containers: [seen(db, paused)] }, touched],
  ['its first user is created', { containers: [] }, touched],
  ['its user is to have it no more', { services: [gone], containers: [seen(db)] }, touched],
  ['its user comes to have it', { containers: [seen(gone)] }, touched],
  ['somebody else is created', { services: [db, other], containers: [seen(db)] }, undefined],
  ['a network is removed', { machine: { networks: [seenNetwork('shop_default'), seenNetwork('shop_old')] } }, undefined],
  ['several of these', { policy: before('remove', 'apply'), containers: [] }, touched],
  ['nothing is declared', { policy: before(), containers: [] }, undefined],
  ['the volume is not there yet', { containers: [], machine: { volumes: [] } }, undefined],
])('where %s', (_name, one, because) => {
  expect(why(one)).toBe(because);
});
