import { describe, expect, it } from 'vitest';
import type { ContainerChange, FieldDiff, OwnChange } from '../../src/model/change.ts';
import type { DataPlace } from '../../src/model/data-place.ts';
import type { SeenContainer } from '../../src/model/observed.ts';
import { isForeign, isNew, ownChanges, withRemovals, withStandstill } from '../../src/plan/data-changes.ts';
import type { Sides } from '../../src/plan/diff.ts';
import { plainOptions, type PlanOptions } from '../../src/plan/options.ts';
import { desired, observed, seen, seenVolume, service, state, volume } from '../kit/builders.ts';
import { mount } from './backup-kit.ts';
import { looked, rule } from './data-kit.ts';

const db = service('db', { settings: { volumes: [mount('shop_data')] } });
const web = service('web', { settings: { volumes: [mount('shop_data'), mount('shop_logs')] } });
const away = service('away');
const data: DataPlace = { kind: 'volume', name: 'shop_data' };
const logs: DataPlace = { kind: 'volume', name: 'shop_logs' };
const srv: DataPlace = { kind: 'bind', path: '/srv' };

interface Scene {
  readonly rules?: readonly ReturnType<typeof rule>[];
  readonly machine?: Parameters<typeof observed>[0];
  readonly wanted?: Parameters<typeof desired>[0];
  readonly options?: Partial<PlanOptions>;
}

const stale = rule({ removeBeforeStart: ['raft'] });
const sides = ({ rules = [stale], machine = {}, wanted = {}, options = {} }: Scene = {}): Sides => ({
  desired: desired({ services: [db, web, away], volumes: [volume('data'), volume('logs')], dataRules: rules, ...wanted }),
  observed: observed({
    volumes: [seenVolume('shop_data'), seenVolume('shop_logs')],
    data: { 'volume shop_data': looked({ files: { raft: 1234 } }), 'volume shop_logs': looked({ files: { old: 1 } }) },
    ...machine,
  }),
  options: { ...plainOptions, ...options },
});

const field = (mend: FieldDiff['mend'], path = 'x'): FieldDiff => ({ path, want: true, cause: 'file', mend });
const because = 'of a test';
const makes = (one: typeof db): ContainerChange => ({
  of: 'container',
  verb: 'create',
  want: { service: one, replica: one.replicas[0]! },
  because,
});
const want = { service: db, replica: db.replicas[0]! };
const created = makes(db);
const [up, out, halted] = [seen(db), seen(db, { state: state('exited') }), seen(db, { state: state('paused') })];
const changed = (verb: 'replace' | 'update' | 'start', have: SeenContainer, ...fields: FieldDiff[]): ContainerChange => ({
  of: 'container',
  verb,
  want,
  have,
  fields,
  because,
});
const gone = (have: SeenContainer): ContainerChange => ({ of: 'container', verb: 'remove', have, fields: [], because }) as ContainerChange;

describe('files that are to be gone before a start go', () => {
  const beside = seen(web);
  it.each<[string, readonly ContainerChange[], readonly SeenContainer[], boolean]>([
    ['before a container is made', [created], [], true],
    ['not for one that does not have them', [makes(away)], [], false],
    ['before one that has ended starts', [changed('start', out)], [out], true],
    ['not before one that is paused goes on', [changed('start', halted)], [halted], false],
    ['where one is replaced', [changed('replace', up)], [up], true],
    ['where one stands still', [changed('update', up, field('update'), field('standstill'))], [up], true],
    ['where one is restarted', [changed('update', up, field('restart'), field('update'))], [up], true],
    ['not where one only changes', [changed('update', up, field('update'))], [up], false],
    ['not where one that has ended only changes', [changed('update', out, field('update'))], [out], false],
    ['not where one is removed and none is made', [gone(up)], [up], false],
    ['where one is removed and another is made', [gone(beside), created], [beside], true],
    ['where one starts and another one only changes', [changed('update', out, field('update')), created], [out], true],
    ['not where another one runs on with them', [changed('replace', up)], [up, beside], false],
    ['not where another one that only changes runs on', [created, changed('update', beside, field('update'))], [beside], false],
    ['where another one has ended', [changed('replace', up)], [up, seen(web, { state: state('exited') })], true],
    ['where another one without them runs', [changed('replace', up)], [up, seen(away)], true],
  ])('%s', (_, changes, containers, expected) => {
    const removals = withRemovals([], changes, sides({ machine: { containers } }));
    expect(removals.map(({ work }) => work.removes)).toEqual(expected ? [['raft']] : []);
  });

  it('said with their size, each with its own place', () => {
    const rules = [stale, rule({ place: logs, removeBeforeStart: ['old'] })];
    const created2 = makes(web);
    const scene = sides({ rules, machine: { containers: [] } });
    const file = (path: string, have: string): FieldDiff => ({ path, have, cause: 'data', mend: 'update' });
    expect(withRemovals([], [created2], scene).map(({ place, fields }) => [place, fields])).toEqual([
      [data, [file('file raft', '1.2 kB')]],
      [logs, [file('file old', '1 B')]],
    ]);
    const owns = ownChanges([web], scene);
    const both = withRemovals(owns, [created2], scene);
    expect(both.map(({ place, work }) => [place, work.owns, work.removes])).toEqual([
      [data, true, ['raft']],
      [logs, true, ['old']],
    ]);
    expect(withRemovals(owns.slice(1), [created2], scene).map(({ place, work }) => [place, work.owns])).toEqual([
      [logs, true],
      [data, false],
    ]);
  });
});

describe('a container that is restarted in one go', () => {
  const works = ownChanges([web], sides({ rules: [rule(), rule({ place: logs })] }));
  const still = (path: string): FieldDiff => ({ path, want: expect.any(String) as string, cause: 'data', mend: 'standstill' });
  const restarted = changed('update', seen(web), field('update'), field('restart', 'y'));

  it('is stopped where work is done in what it has', () => {
    expect(withStandstill(restarted, works, sides())).toEqual({
      ...restarted,
      fields: [field('update'), field('restart', 'y'), still('volume shop_data'), still('volume shop_logs')],
    });
    const known = changed('update', seen(web), field('restart', 'y'), field('standstill', 'volume shop_data'));
    expect(withStandstill(known, works, sides())).toMatchObject({
      fields: [field('restart', 'y'), field('standstill', 'volume shop_data'), still('volume shop_logs')],
    });
  });

  it.each<[string, ContainerChange, readonly OwnChange[]]>([
    ['without work', restarted, []],
    ['that has nothing of it', changed('update', seen(away), field('restart')), works],
    ['that is only changed', changed('update', seen(web), field('update')), works],
    ['that is replaced', changed('replace', seen(web), field('restart')), works],
    ['that does not run', changed('update', seen(web, { state: state('exited') }), field('restart')), works],
    ['that stands still already', changed('update', seen(db), field('restart'), field('standstill', 'volume shop_data')), works],
  ])('stays as it is %s', (_, change, some) => {
    expect(withStandstill(change, some, sides())).toBe(change);
  });
});

describe('whose a place is', () => {
  const theirs = { volumes: [seenVolume('shop_data', { stack: 'blog' })] };
  const external = (name: string) => ({ volumes: [volume('logs'), volume('given', { name, external: true })] });
  it.each<[string, DataPlace, Scene, { foreign: boolean; anew: boolean }]>([
    ['ours', data, {}, { foreign: false, anew: false }],
    ['not there yet', data, { machine: { volumes: [] } }, { foreign: false, anew: true }],
    ['another stack’s', data, { machine: theirs }, { foreign: true, anew: false }],
    ['another stack’s, declared', data, { machine: theirs, wanted: external('shop_data') }, { foreign: false, anew: false }],
    ['another stack’s, beside one that is declared', data, { machine: theirs, wanted: external('x') }, { foreign: true, anew: false }],
    ['a folder', srv, {}, { foreign: false, anew: false }],
    ['a folder, by the name of a volume', { kind: 'bind', path: 'shop_data' }, { machine: theirs }, { foreign: false, anew: false }],
  ])('%s', (_, place, scene, { foreign, anew }) => {
    expect([isForeign(rule({ place }), sides(scene)), isNew(rule({ place }), sides(scene))]).toEqual([foreign, anew]);
  });
});

describe('files get their owner', () => {
  const none = rule({ removeBeforeStart: ['raft'] });
  const { owner: _owner, ...ownerless } = none;
  const places = (scene: Scene, services = [db, away]): string[] =>
    ownChanges(services, sides(scene)).map(
      ({ place, isEmpty }) => `${JSON.stringify(Object.values(place)[1])}${isEmpty ? ' (empty)' : ''}`,
    );
  const folder: Scene = { rules: [rule({ place: srv })], machine: { data: { 'folder /srv': looked({ looked: 1 }) } } };
  const bound = service('db', { settings: { volumes: [{ ...mount('/srv'), type: 'bind' }] } });
  const nothing: Scene = { machine: { data: {} } };

  it.each<[string, string[], string[]]>([
    ['where one of the services has them', places({}), ['"shop_data"']],
    ['but not where none has', places({}, [away]), []],
    ['where only a mode is declared', places({ rules: [{ ...ownerless, mode: '0700' }] }), ['"shop_data"']],
    ['not where neither owner nor mode is', places({ rules: [ownerless] }), []],
    ['not where nobody has looked', places(nothing), []],
    [
      'of a volume with nothing in it',
      places({ machine: { data: { 'volume shop_data': looked({ looked: 1 }) } } }),
      ['"shop_data" (empty)'],
    ],
    ['of a new volume', places({ rules: [rule({ onDrift: 'report' })], machine: { volumes: [] } }), ['"shop_data" (empty)']],
    ['not of a new one where only others are mended', places({ machine: { volumes: [] }, options: { fix: ['volume shop_logs'] } }), []],
    ['of a folder, which is never called empty', places(folder, [bound]), ['"/srv"']],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });

  it('by the ids that somebody has looked up, if anybody has', () => {
    const workOf = (seenData: ReturnType<typeof looked> | { unknown: string }) =>
      ownChanges([db], sides({ rules: [rule()], machine: { data: { 'volume shop_data': seenData } } }))[0]?.work;
    const work = { kind: 'own', rule: rule(), owns: true, removes: [] };
    expect(workOf(looked({ wanted: { uid: 3 } }))).toStrictEqual({ ...work, ids: { uid: 3 } });
    expect(workOf({ unknown: 'later' })).toStrictEqual(work);
  });
});
