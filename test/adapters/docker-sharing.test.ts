import { describe, expect, test } from 'vitest';
import { answerOf } from '../../src/adapters/docker-answer.ts';
import { seenLinks } from '../../src/adapters/docker-links.ts';
import { seenMounts } from '../../src/adapters/docker-mounts.ts';
import { peerReferences, seenMode, seenVolumesFrom } from '../../src/adapters/docker-sharing.ts';

const peers = { dbid: { called: 'service:db', mounts: ['/data', '/cache'] }, store: { called: 'container:store', mounts: ['/outer'] } };
const reading = { peerOf: (reference: string) => Object.entries(peers).find(([key]) => key === reference)?.[1] };
const host = {
  NetworkMode: 'container:dbid',
  PidMode: 'host',
  IpcMode: 'container:gone',
  VolumesFrom: ['dbid:ro', 'store', 'gone:rw', 'dbid:z'],
};

test('others are named as a file names them; one that is gone keeps its id', () => {
  expect(seenMode('container:dbid', reading)).toBe('service:db');
  expect(seenMode('container:gone', reading)).toBe('container:gone');
  expect(seenMode('host', reading)).toBe('host');
  expect(seenVolumesFrom(answerOf(host, 'host'), reading)).toEqual(['db:ro', 'container:store', 'container:gone', 'db:z']);
  expect(peerReferences(answerOf({ HostConfig: host }, 'container'))).toEqual(['dbid', 'gone', 'store']);
});

test('mounts that others have are not its own', () => {
  const volume = (Destination: string, Name: string) => ({ Type: 'volume', Name, Destination, RW: true });
  const hash = (letter: string): string => letter.repeat(64);
  const answer = {
    Config: { Volumes: { '/cache': {}, '/mine': {} } },
    HostConfig: { VolumesFrom: ['dbid'], Binds: ['own:/own:rw'], Mounts: [{ Type: 'volume', Target: '/asked' }] },
    Mounts: [
      volume('/data', 'shop_data'),
      volume('/cache', hash('a')),
      volume('/mine', hash('b')),
      volume('/own', 'own'),
      volume('/asked', hash('c')),
    ],
  };
  const { mounts, anonymous } = seenMounts(answerOf(answer, 'container'), reading);
  // The image has something at /cache too, which is covered
  expect(mounts.map(({ target, source }) => [target, source])).toEqual([
    ['/asked', ''],
    ['/cache', ''],
    ['/mine', ''],
    ['/own', 'own'],
  ]);
  expect(anonymous).toEqual({ '/asked': hash('c'), '/mine': hash('b') });
});

describe('links', () => {
  const owner = { stack: 'shop', service: 'web', number: 2 };
  const given = (container: string, ...aliases: readonly string[]) => aliases.map((alias) => `${container}:${alias}`);
  const onNetwork = (links: readonly string[]) =>
    seenLinks(answerOf({ NetworkSettings: { Networks: { one: { Links: null }, two: { Links: links } } } }, 'container'), owner);
  const three = (container: string, alias: string) => given(container, alias, 'db-2', 'shop-db-2');

  test.each<readonly [string, readonly string[], object]>([
    ['one', three('shop-db-1', 'db'), { links: ['db:db'] }],
    ['several names', [...three('shop-db-1', 'store'), ...three('shop-db-1', 'db')], { links: ['db:db', 'db:store'] }],
    ['several containers', [...three('shop-db-1', 'db'), ...three('shop-db-2', 'db')], { links: ['db:db'] }],
    ['under a name that is given anyway', [...three('shop-db-1', 'db-2'), ...three('shop-db-1', 'db')], { links: ['db:db', 'db:db-2'] }],
    ['of another name', three('the-database', 'db'), { links: ['db:db'] }],
    ['outside', ['store:far', 'shop-db-1:near'], { external_links: ['shop-db-1:near', 'store:far'] }],
    ['none', [], {}],
  ])('%s', (_what, links, seen) => expect(onNetwork(links)).toEqual(seen));

  test('on the engine’s own network', () => {
    const Links = [
      '/shop-db-1:/shop-web-2/shop-db-2',
      '/store:/shop-web-2/far',
      '/shop-db-1:/shop-web-2/db',
      '/shop-db-1:/shop-web-2/db-2',
    ];
    expect(seenLinks(answerOf({ HostConfig: { Links } }, 'container'), owner)).toEqual({
      links: ['db:db'],
      external_links: ['store:far'],
    });
  });
});
