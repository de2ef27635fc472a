import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src/model/settings.ts';
import { containerNamed, engineLinks, joinedBy, withNames } from '../../src/plan/peers.ts';
import { stalePeers } from '../../src/plan/stale-peers.ts';
import { desired, observed, seen, service, state } from '../kit/builders.ts';

const [a, b] = [`ab${'0'.repeat(62)}`, `ac${'0'.repeat(62)}`];
const world = observed({
  containers: [seen(service('web'), { id: a })],
  others: [{ id: b, name: 'far', running: true, ports: [] }],
});

it('a container is meant by its name, or by the beginning of its id where that is only one’s', () => {
  const meant = (name: string) => containerNamed(name, world)?.name;
  expect(['far', 'shop-web-1', 'ab', 'ac0', a].map(meant)).toEqual(['far', 'shop-web-1', 'shop-web-1', 'far', 'shop-web-1']);
  expect(['a', 'ax', 'xab', 'd', 'fa', ''].map(meant)).toEqual(Array(6).fill(undefined));
  const named = observed({ others: [{ id: b, name: 'ab', running: true, ports: [] }], containers: [seen(service('web'), { id: a })] });
  expect(containerNamed('ab', named)?.name).toBe('ab');
});

it('a container joins others by the names that they have', () => {
  const joined = (settings: Partial<Settings>) =>
    joinedBy(
      { image: 'x', ...settings },
      { desired: desired({ services: [service('db'), service('none', { replicas: 0 })] }), observed: world },
    );
  expect(joined({ network_mode: 'service:db' })).toEqual({ joins: { 'service:db': 'shop-db-1' } });
  expect(joined({ pid: 'container:ab' })).toEqual({ joins: { 'container:ab': 'shop-web-1' } });
  expect([
    joined({}),
    joined({ network_mode: 'service:none' }),
    joined({ network_mode: 'service:gone' }),
    joined({ pid: 'container:x' }),
  ]).toEqual([{}, {}, {}, {}]);
});

it('links go to each container of a service, under three names', () => {
  const web = service('web', { settings: { links: ['db:data', 'gone'], external_links: ['far:away'] } });
  const links = engineLinks({ service: web, replica: web.replicas[0]! }, desired({ services: [web, service('db', { replicas: 2 })] }));
  expect(links).toEqual([
    'shop-db-1:data',
    'shop-db-1:db-1',
    'shop-db-1:shop-db-1',
    'shop-db-2:data',
    'shop-db-2:db-1',
    'shop-db-2:shop-db-1',
    'far:away',
  ]);
  expect(engineLinks({ service: service('x'), replica: web.replicas[0]! }, desired())).toEqual([]);
});

it('where a person wrote an id stands the name, and nothing else is touched', () => {
  const written: Settings = {
    image: 'x',
    network_mode: 'container:ab',
    pid: 'container:ac',
    ipc: 'container:ab',
    volumes_from: ['container:ab:ro', 'db', 'my-container:ab'],
  };
  expect(withNames(written, world)).toEqual({
    image: 'x',
    network_mode: 'container:shop-web-1',
    pid: 'container:far',
    ipc: 'container:shop-web-1',
    volumes_from: ['container:shop-web-1:ro', 'db', 'my-container:ab'],
  });
  expect(withNames({ image: 'x' }, world)).toStrictEqual({ image: 'x' });
  expect(withNames({ image: 'x', pid: 'container:dead' }, world)).toEqual({ image: 'x', pid: 'container:dead' });
});

describe('a peer that was started anew behind our back', () => {
  const at = (hour: number, status: 'running' | 'exited' = 'running') => state(status, { startedAt: `2026-08-01T0${hour}:00:00Z` });
  const found = (
    peer: ReturnType<typeof at> | undefined,
    own: ReturnType<typeof at>,
    settings: Partial<Settings> = { pid: 'service:db' },
  ) => {
    const web = service('web', { settings });
    const containers = peer ? [seen(service('db'), { state: peer })] : [];
    return stalePeers({ want: { service: web, replica: web.replicas[0]! }, have: seen(web, { state: own }) }, observed({ containers }));
  };

  it('leaves those with namespaces in which nothing lives', () => {
    expect(found(at(2), at(1))).toEqual([
      { path: 'pid', have: 'service:db (before it started anew)', want: 'service:db', cause: 'drift', mend: 'replace' },
    ]);
  });

  it('and nobody else', () => {
    const [later, first] = [at(2), at(1)];
    expect([found(first, later), found(first, first), found(undefined, first)]).toEqual([[], [], []]);
    expect([found(at(2, 'exited'), first), found(later, at(1, 'exited'))]).toEqual([[], []]);
    expect([found(later, first, { volumes_from: ['db'] }), found(later, first, { network_mode: 'bridge', links: ['db'] })]).toEqual([
      [],
      [],
    ]);
  });
});
