import { expect, test } from 'vitest';
import { answerOf } from '../../src/adapters/docker-answer.ts';
import { mountOptions } from '../../src/adapters/docker-mount-options.ts';
import { seenMounts } from '../../src/adapters/docker-mounts.ts';
import { createVault } from '../../src/model/vault.ts';
import type { Mount } from '../../src/model/settings.ts';

const vault = createVault('00'.repeat(16));
const target = '/at';
const bind: Mount = { type: 'bind', source: '/tmp', target, read_only: true };
const volume: Mount = { type: 'volume', source: 'data', target, read_only: true };

function optionsOf(mount: Mount) {
  const order = {
    owner: { stack: 's', run: 'r' },
    name: 'c',
    service: 'c',
    number: 1,
    files: [],
    workingDir: '/',
    imageId: '',
    dependsOn: '',
  };
  return mountOptions({ ...order, inherits: {}, settings: { image: 'i', volumes: [mount] } }, vault);
}

/** As an engine shows it: what was asked for, and what is mounted. */
const shown = (mount: Mount) =>
  seenMounts(
    answerOf(
      {
        HostConfig: optionsOf(mount),
        Mounts: [{ Type: mount.type, Name: mount.source, Source: mount.source, Destination: target, RW: !mount.read_only }],
      },
      'container',
    ),
    { peerOf: () => undefined },
  ).mounts[0];

// Engines before API 1.44, 1.45 and 1.48 drop some of these; this machine has no SELinux and no shared mounts
test.each<readonly [string, Mount, unknown]>([
  ['propagation', { ...bind, propagation: 'rshared' }, { Binds: ['/tmp:/at:ro,rshared'] }],
  ['selinux', { ...bind, selinux: 'Z' }, { Binds: ['/tmp:/at:ro,Z'] }],
  [
    'no recursion',
    { ...bind, recursive: 'disabled', propagation: 'slave' },
    { Mounts: [{ BindOptions: { NonRecursive: true, Propagation: 'slave' } }] },
  ],
  ['writable below', { ...bind, recursive: 'writable' }, { Mounts: [{ BindOptions: { ReadOnlyNonRecursive: true } }] }],
  ['read-only below', { ...bind, recursive: 'readonly' }, { Mounts: [{ BindOptions: { ReadOnlyForceRecursive: true } }] }],
  ['no copy', { ...volume, nocopy: true }, { Binds: ['data:/at:ro,nocopy'] }],
  ['part of a volume', { ...volume, nocopy: true, subpath: 'a/b' }, { Mounts: [{ VolumeOptions: { NoCopy: true, Subpath: 'a/b' } }] }],
  [
    'image',
    { ...bind, type: 'image', source: 'busybox:1', subpath: 'bin' },
    { Mounts: [{ Type: 'image', Source: 'busybox:1', ImageOptions: { Subpath: 'bin' } }] },
  ],
])('%s is asked for, and seen again', (_what, mount, options) => {
  expect(optionsOf(mount)).toMatchObject(options as object);
  expect(shown(mount)).toEqual(mount);
});

test('a folder that must be there is no Bind: the engine would make it', () => {
  expect(optionsOf({ ...bind, mustExist: true })).toMatchObject({ Binds: [], Mounts: [{ Type: 'bind', Source: '/tmp' }] });
});

test('labels go to a volume that the engine makes', () => {
  expect(optionsOf({ ...volume, source: '', labels: { tier: 'one' } })).toMatchObject({
    Mounts: [{ VolumeOptions: { Labels: { tier: 'one' } } }],
  });
});

test('a tmpfs with options of its own is asked for by them, and seen again in any order', () => {
  const memory: Mount = {
    type: 'tmpfs',
    source: '',
    target,
    read_only: true,
    size: 1_048_576,
    mode: 0o700,
    options: ['noexec', 'uid=1000'],
  };
  expect(optionsOf(memory)).toEqual({ Binds: [], Mounts: [], Tmpfs: { '/at': 'ro,size=1048576,mode=700,noexec,uid=1000' } });
  const seen = (Tmpfs: object) =>
    seenMounts(answerOf({ HostConfig: { Tmpfs }, Mounts: [] }, 'container'), { peerOf: () => undefined }).mounts;
  expect(seen({ '/at': 'ro,size=1048576,mode=700,noexec,uid=1000' })).toEqual([memory]);
  expect(seen({ '/at': 'uid=1000,mode=0700,rw,noexec,size=1m,ro' })).toEqual([memory]);
});
