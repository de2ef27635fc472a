import { expect, test } from 'vitest';
import { answerOf } from '../../src/adapters/docker-answer.ts';
import { isolationOptions, seenIsolation } from '../../src/adapters/docker-isolation.ts';
import { createVault } from '../../src/model/vault.ts';
import type { Settings } from '../../src/model/settings.ts';
import { facts } from '../kit/builders.ts';

const vault = createVault('00'.repeat(16));
const image = 'i';
const reading = { vault, facts, peerOf: () => undefined };

// This machine has no GPUs, no user namespaces for its engine, no quotas on overlay2 and no weights of block devices; Docker 20.10 drops annotations
test.each<readonly [string, Partial<Settings>, object]>([
  ['annotations', { annotations: { one: '1' } }, { Annotations: { one: '1' } }],
  ['userns_mode', { userns_mode: 'host' }, { UsernsMode: 'host' }],
  ['storage_opt', { storage_opt: { size: '10G' } }, { StorageOpt: { size: '10G' } }],
  [
    'gpus',
    { device_requests: [{ driver: 'nvidia', count: -1, ids: [], capabilities: ['gpu', 'utility'], options: {} }] },
    { DeviceRequests: [{ Driver: 'nvidia', Count: -1, DeviceIDs: [], Capabilities: [['gpu', 'utility']], Options: {} }] },
  ],
  [
    'weights of devices',
    { blkio_config: { weight_device: { '/dev/sda': 300 }, device_read_bps: { '/dev/sda': 1024 } } },
    { BlkioWeightDevice: [{ Path: '/dev/sda', Weight: 300 }], BlkioDeviceReadBps: [{ Path: '/dev/sda', Rate: 1024 }] },
  ],
  ['system paths', { security_opt: ['systempaths=unconfined'] }, { MaskedPaths: [], ReadonlyPaths: [] }],
])('%s is asked for, and seen again', (_what, settings, options) => {
  const asked = isolationOptions({ image, ...settings }, vault);
  expect(asked).toMatchObject(options);
  expect(seenIsolation(answerOf(JSON.parse(JSON.stringify(asked)), 'container'), reading)).toEqual(settings);
});

test('what holds the engine’s default says nothing', () => {
  const host = {
    IpcMode: 'private',
    CgroupnsMode: 'host',
    Runtime: 'runc',
    OomScoreAdj: 0,
    MemorySwappiness: -1,
    MaskedPaths: ['/proc/kcore'],
  };
  expect(seenIsolation(answerOf(host, 'container'), reading)).toEqual({});
});
