import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/lib/canonical.ts';
import { keyedHash } from '../../src/lib/hash.ts';
import { appliedOf, editedSince, isApplied } from '../../src/model/applied.ts';
import type { Settings } from '../../src/model/settings.ts';
import { createVault } from '../../src/model/vault.ts';

const vault = createVault('00ff');
const open = vault.open.bind(vault);
const key = 'a1'.repeat(16);
const content = vault.seal('listen 80');
const base: Settings = {
  image: 'nginx:1',
  environment: { A: '1', DB_PASSWORD: vault.text('DB_PASSWORD', 'hunter2') },
  volumes: [{ type: 'bind', source: '/srv/app.conf', target: '/etc/app.conf', read_only: true, content }],
};
const edited = (now: Settings): string[] => editedSince(appliedOf(base, key, open), now, open);

describe('what the file says now against what was applied', () => {
  it.each<readonly [string, Partial<Settings>, readonly string[]]>([
    ['the same', {}, []],
    ['the same in another order', { environment: { DB_PASSWORD: vault.text('DB_PASSWORD', 'hunter2'), A: '1' } }, []],
    ['changed', { environment: { A: '2' } }, ['environment']],
    ['a sensitive value changed', { environment: { A: '1', DB_PASSWORD: vault.text('DB_PASSWORD', 'hunter3') } }, ['environment']],
    ['added', { user: '1000' }, ['user']],
    ['only the content of a file', { volumes: [{ ...base.volumes![0]!, content: vault.seal('listen 81') }] }, ['content./etc/app.conf']],
    ['only where it is mounted from', { volumes: [{ ...base.volumes![0]!, source: '/srv/b.conf' }] }, ['volumes']],
  ])('%s', (_name, more, paths) => {
    expect(edited({ ...base, ...more })).toEqual(paths);
  });

  it('not declared any more', () => {
    const { environment: _environment, ...less } = base;
    expect(edited(less)).toEqual(['environment']);
  });
});

it('a label knows a value by the hash of its canonical text, lists as lists; of what is not there it knows nothing', () => {
  const mount = { type: 'volume', source: 'data', target: '/data', read_only: false } as const;
  const { hashes } = appliedOf({ image: 'nginx:1', volumes: [mount] }, key, open);
  expect(hashes).toEqual({ image: keyedHash(key, canonical('nginx:1')), volumes: keyedHash(key, canonical([mount])) });
});

describe('secrets and configs that are put into the container', () => {
  const file = {
    kind: 'config',
    name: 'page',
    target: '/www/index.html',
    content: vault.seal('hello'),
    uid: 0,
    gid: 0,
    mode: 0o444,
  } as const;
  const before: Settings = { image: 'nginx:1', files: [file] };

  it('are the same under another name', () => {
    expect(editedSince(appliedOf(before, key, open), { ...before, files: [{ ...file, kind: 'secret', name: 'start' }] }, open)).toEqual([]);
  });

  it('are others with other rights', () => {
    expect(editedSince(appliedOf(before, key, open), { ...before, files: [{ ...file, mode: 0o400 }] }, open)).toEqual(['files']);
  });

  it('are known from a label that still has their names', () => {
    const { content: _content, ...named } = file;
    const label = appliedOf(before, key, open);
    const old = { ...label, hashes: { ...label.hashes, files: keyedHash(key, canonical([named])) } };
    expect(editedSince(old, before, open)).toEqual([]);
    expect(editedSince(old, { ...before, files: [{ ...file, mode: 0o400 }] }, open)).toEqual(['files']);
  });
});

it('is the same for who read the same values under another key of seals: lists and tables of them too', () => {
  const other = createVault('ff00');
  const sealedBy = ({ seal }: typeof vault): Settings => ({
    image: 'nginx:1',
    environment: { A: seal('a'), B: null },
    command: [seal('b'), 'c'] as never,
    healthcheck: { test: ['CMD', seal('d')] as never },
  });
  const hashes = [vault, other].map((each) => appliedOf(sealedBy(each), key, each.open.bind(each)).hashes);
  expect(hashes[0]).toEqual(hashes[1]);
  const changed: Settings = {
    ...sealedBy(other),
    command: [other.seal('x'), 'c'] as never,
    healthcheck: { test: ['CMD', other.seal('x')] as never },
  };
  expect(editedSince(appliedOf(sealedBy(vault), key, open), changed, other.open.bind(other))).toEqual(['command', 'healthcheck']);
});

it('keeps no value, and other hashes under another key', () => {
  const applied = appliedOf(base, key, open);
  expect(JSON.stringify(applied)).not.toMatch(/hunter2|listen 80|nginx/);
  expect(appliedOf(base, 'b2'.repeat(16), open).hashes.environment).not.toBe(applied.hashes.environment);
  expect(Object.values(applied.hashes).every((hash) => /^[0-9a-f]{16}$/.test(hash))).toBe(true);
});

it('says nothing of a file that is only put in once, and something of each that is read again', () => {
  const file = {
    kind: 'secret',
    name: 'key',
    target: '/run/key',
    content: vault.seal('open sesame'),
    uid: 0,
    gid: 0,
    mode: 0o400,
  } as const;
  const hashed = (onlyOnce: boolean): string[] =>
    Object.keys(appliedOf({ image: 'nginx:1', files: [{ ...file, ...(onlyOnce && { onlyOnce: true }) }] }, key, open).hashes);
  expect([hashed(true), hashed(false)]).toEqual([
    ['image', 'files'],
    ['image', 'files', 'content./run/key'],
  ]);
});

it('is told from anything else that may stand in a label', () => {
  const applied = appliedOf(base, key, open);
  expect(isApplied(JSON.parse(JSON.stringify(applied)))).toBe(true);
  const others: unknown[] = [
    'text',
    null,
    undefined,
    {},
    { key, hashes: {} },
    { ...applied, version: 2 },
    { ...applied, key: 7 },
    { ...applied, key: [key] },
    { ...applied, key: `${key}0` },
    { ...applied, key: `x${key}` },
    { version: 1, hashes: {} },
    { version: 1, key },
    { ...applied, hashes: null },
    { ...applied, hashes: 'text' },
    { ...applied, hashes: { image: 1, user: 'aa' } },
  ];
  expect(others.filter(isApplied)).toEqual([]);
});
