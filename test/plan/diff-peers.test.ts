import { describe, expect, it } from 'vitest';
import type { ServiceSpec } from '../../src/model/desired.ts';
import { needs, seen, seenVolume, service, state, volume } from '../kit/builders.ts';
import { looked, rule } from './data-kit.ts';
import { changeOf, fieldsOf } from './diff-kit.ts';

const db = service('db');
const changed = seen(db, { settings: { user: 'x' } });

describe('who shares something of another one', () => {
  const sharing = (settings: Partial<ServiceSpec['settings']>) => service('web', { settings });
  const found = (web: ServiceSpec, have: ReturnType<typeof seen>) =>
    changeOf({ services: [web, db], machine: { containers: [have, seen(web)] } });

  it.each([
    ['network_mode', sharing({ network_mode: 'service:db' }), 'service:db', 'service:db (made or started anew)'],
    ['pid', sharing({ pid: 'service:db' }), 'service:db', 'service:db (made or started anew)'],
    ['volumes_from', sharing({ volumes_from: ['db'] }), 'db', 'db (made anew)'],
    ['links', sharing({ network_mode: 'bridge', links: ['db'] }), 'db', 'db (made or started anew)'],
  ])('is made anew with it (%s)', (path, web, have, want) => {
    expect(found(web, changed)).toMatchObject({ verb: 'replace', fields: [{ path, have, want, cause: 'drift', mend: 'replace' }] });
  });

  it('is made anew when it starts again, but not when it is only woken, or only its volumes are shared', () => {
    const web = sharing({ network_mode: 'service:db' });
    expect(found(web, seen(db, { state: state('exited', { exitCode: 1 }) }))).toMatchObject({ verb: 'replace' });
    expect(found(web, seen(db, { state: state('paused') }))).toBeUndefined();
    expect(found(web, seen(db, { settings: { restart: 'no' } }))).toBeUndefined();
    expect(found(sharing({ volumes_from: ['db'] }), seen(db, { state: state('exited', { exitCode: 1 }) }))).toBeUndefined();
  });

  it('is made anew when it stands still while work is done in a volume of it', () => {
    const files = { source: 'shop_data', target: '/d', read_only: false };
    const holder = (type: 'volume' | 'bind') => service('db', { settings: { volumes: [{ type, ...files }] } });
    const web = sharing({ network_mode: 'service:db' });
    const found = (one: ServiceSpec) =>
      fieldsOf({
        services: [web, one],
        wanted: { volumes: [volume('data')], dataRules: [rule()] },
        machine: {
          volumes: [seenVolume('shop_data')],
          containers: [seen(one), seen(web)],
          data: { 'volume shop_data': looked() },
        },
      });
    expect([found(holder('volume')), found(holder('bind'))]).toEqual([['network_mode file replace'], []]);
  });

  it('is told once that it has to be made anew, where it names another one than before', () => {
    const web = sharing({ pid: 'service:db' });
    const later = seen(db, { state: state('running', { startedAt: '2026-08-01T11:00:00Z' }) });
    const have = seen(web, { settings: { pid: 'host', user: 'x' } });
    expect(fieldsOf({ services: [web, db], machine: { containers: [later, have] } })).toEqual(['pid drift replace', 'user drift replace']);
    expect(fieldsOf({ services: [web, db], machine: { containers: [later, seen(web, { settings: { user: 'x' } })] } })).toEqual([
      'user drift replace',
      'pid drift replace',
    ]);
  });

  it('is made anew because of the file, where one of several is', () => {
    const both = service('db', { replicas: 2 });
    const web = sharing({ pid: 'service:db' });
    const containers = [
      seen(both, { settings: { user: 'x' } }),
      seen(both, { number: 2, settings: { user: 'x' }, edited: ['user'] }),
      seen(web),
    ];
    expect(fieldsOf({ services: [web, both], machine: { containers } })).toEqual(['pid file replace']);
  });

  it('is told of all that differs, and of each once', () => {
    const web = sharing({ pid: 'service:db' });
    const machine = (settings: Partial<ServiceSpec['settings']>) => ({ containers: [changed, seen(web, { settings })] });
    expect(fieldsOf({ services: [web, db], machine: machine({ user: 'x' }) })).toEqual(['user drift replace', 'pid drift replace']);
    expect(fieldsOf({ services: [web, db], machine: machine({ pid: 'host' }) })).toEqual(['pid drift replace']);
  });

  it('is not made anew for another one that it only waits for', () => {
    const web = service('web', { settings: { network_mode: 'service:db' }, dependsOn: [needs('mq', 'service_started')] });
    const mq = service('mq');
    const machine = { containers: [seen(db), seen(web), seen(mq, { settings: { user: 'x' } })] };
    expect(changeOf({ services: [web, db, mq], machine })).toBeUndefined();
  });
});
