import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import Docker from 'dockerode';
import { dockerConnection } from '../../src/adapters/docker-connect.ts';
import { openDocker } from '../../src/adapters/docker-engine.ts';
import { runHelper } from '../../src/adapters/docker-helper.ts';
import type { DockerUntil } from '../../src/adapters/docker-client.ts';
import { fileBackupStore } from '../../src/adapters/file-backup-store.ts';
import type { Backup, EntryFacts } from '../../src/model/backup.ts';
import { createVault } from '../../src/model/vault.ts';
import type { Engine } from '../../src/platform/engine.ts';
import { within } from './contract-kit.ts';
import { everythingProgram } from './volume-fidelity.ts';

const image = 'stackctl/helper:1';
const volume = `adp-contract-backup-${process.pid}`;
const depth = Number(process.env['TEST_DEPTH'] ?? 1);

describe.runIf(process.env['DOCKER_HOST'])('a backup of a volume', () => {
  const raw = new Docker({ socketPath: (process.env['DOCKER_HOST'] ?? '').replace('unix://', '') });
  const stateDir = mkdtempSync(join(tmpdir(), 'backup-'));
  const store = fileBackupStore(stateDir, { originOf: async () => ({ by: { user: 'ann', host: 'here', pid: 1 }, stackctl: '1' }) });
  let engine: Engine;
  let docker: DockerUntil;

  const inside = (command: readonly string[]): Promise<string> =>
    runHelper(
      { docker },
      { what: 'prepare a test', image, mounts: [{ place: { kind: 'volume', name: volume }, target: '/volume', writable: true }], command },
      {
        read: async (output) => {
          const parts: Uint8Array[] = [];
          for await (const bytes of output) parts.push(bytes);
          return Buffer.concat(parts).toString('latin1');
        },
        signal: within(600_000),
      },
    );
  const take = (changing = false): Promise<Backup> =>
    store.take(
      { engine: 'E', stack: 's', volume, driver: 'local', quiet: 'stopped', run: 'r', images: {} },
      (write) => engine.readVolume({ volume, image, changing }, write, within(600_000)),
      { signal: within(600_000), onBytes: () => undefined },
    );
  const entriesOf = async (backup: Backup): Promise<Map<unknown, EntryFacts>> => {
    const found = new Map<unknown, EntryFacts>();
    for await (const entry of store.entries(backup, within(60_000)))
      found.set(typeof entry.path === 'string' ? entry.path : entry.path.base64, entry);
    return found;
  };

  beforeAll(async () => {
    const connection = await dockerConnection({}, process.env);
    if (!connection.ok) throw new Error('no engine');
    const { dockerClient } = await import('../../src/adapters/docker-client.ts');
    docker = dockerClient(connection.value);
    engine = openDocker(connection.value).engine(createVault('00'.repeat(16)));
    await raw.createVolume({ Name: volume });
    await inside(['perl', '-e', everythingProgram, String(depth > 1 ? 100_000 : 3_000)]);
  });

  afterAll(async () => {
    rmSync(stateDir, { recursive: true });
    const left = await raw.listContainers({ all: true, filters: { volume: [volume] } });
    for (const { Id } of left) await raw.getContainer(Id).remove({ force: true });
    await raw.getVolume(volume).remove();
    expect(left.map(({ Names }) => Names.join())).toEqual([]);
  });

  test('has everything that was in it, as it was', async () => {
    const backup = await take();
    await store.verify(backup, { signal: within(600_000), onBytes: () => undefined });
    const entries = await entriesOf(backup);
    const sha = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');
    expect(entries.get('plain')).toMatchObject({ type: 'file', size: 6, sha256: sha('hello\n'), mtime: '1234567890123456789' });
    expect(entries.get('plain')?.xattrs?.map(({ name }) => name)).toEqual(['system.posix_acl_access', 'user.a=b%c', 'user.note']);
    expect(entries.get('plain')?.xattrs?.at(-1)).toEqual({
      name: 'user.note',
      base64: Buffer.from('with\0bytes\xff', 'latin1').toString('base64'),
    });
    expect(entries.get('sticky')).toMatchObject({ type: 'folder', mode: '1777', xattrs: [{ name: 'system.posix_acl_default' }] });
    expect(entries.get('setgid')).toMatchObject({ mode: '2711', uid: 65_534, gid: 65_534, xattrs: [{ name: 'security.capability' }] });
    expect(entries.get('setuid')).toMatchObject({ mode: '4755', uid: 1000, gid: 1001 });
    expect(entries.get('big-ids')).toMatchObject({ uid: 4_000_000_000, gid: 3_999_999_999 });
    expect(entries.get('no-rights')).toMatchObject({ mode: '0000', sha256: sha('n') });
    expect(entries.get('empty')).toMatchObject({ size: 0, mtime: '0', sha256: sha('') });
    expect(entries.get('n'.repeat(255))).toMatchObject({ sha256: sha('long') });
    expect(entries.get(Buffer.from('\xff\xfe-not-utf8', 'latin1').toString('base64'))).toMatchObject({ sha256: sha('bytes') });
    expect(entries.get('line\nend')).toMatchObject({ type: 'file' });
    expect(entries.get(`deep${'/level'.repeat(60)}/bottom`)).toMatchObject({ sha256: sha('b') });
    expect(entries.get('hard')).toMatchObject({ type: 'file', mtime: '-100000000000' });
    expect(entries.get('sticky/hard2')).toMatchObject({ type: 'hard-link', link: 'hard' });
    expect(entries.get('absolute')).toMatchObject({ type: 'symlink', link: '/etc/passwd' });
    expect(entries.get('dangling')).toMatchObject({ type: 'symlink', link: 'nowhere/at/all' });
    expect(entries.get('pipe')).toMatchObject({ type: 'fifo', mode: '0620' });
    expect(entries.get('hole')).toMatchObject({ size: 1_000_000_000, stored: 0 });
    expect(entries.get('sparse')).toMatchObject({ size: 40_000_003 });
    expect(entries.get('sparse')?.stored).toBeLessThan(20_000);
    expect(backup.tarBytes).toBeLessThan(entries.size * 3_000);
    // What the machine itself says of each, by a way of its own
    const listed = await inside(['find', '/volume', '-mindepth', '1', '-printf', '%y %m %U %G %P\\0']);
    const names = listed.split('\0').slice(0, -1);
    expect(names.length).toBe(entries.size - 1);
    for (const line of names) {
      const [, kind, mode, uid, gid, path = ''] = /^(.) (\d+) (\d+) (\d+) (.*)$/s.exec(line) ?? [];
      const bytes = Buffer.from(path, 'latin1');
      const text = bytes.toString();
      const facts = entries.get(Buffer.from(text).equals(bytes) ? text : bytes.toString('base64'));
      expect(facts, path).toMatchObject({ mode: mode?.padStart(4, '0'), uid: Number(uid), gid: Number(gid) });
      expect({ f: ['file', 'hard-link'], d: ['folder'], l: ['symlink'], p: ['fifo'] }[kind ?? '']).toContain(facts?.type);
    }
  });

  test('is the same when it is taken again', async () => {
    const [one, two] = [await take(), await take()];
    expect(two.files.entries.sha256).toBe(one.files.entries.sha256);
  });

  test('is measured before', async () => {
    const measure = await engine.measureVolume({ volume, image }, within());
    expect(measure.apparentBytes).toBeGreaterThan(1_040_000_000);
    expect(measure.diskBytes).toBeLessThan(depth > 1 ? 2_000_000_000 : 100_000_000);
    expect(measure.owner).toBe('0:0');
    expect(await engine.volumeRoom({ volume, image }, within())).toBeGreaterThan(0);
    expect(Object.keys(await engine.volumeSizes(within(60_000)))).toContain(volume);
    expect(await engine.volumeUsers(within())).not.toHaveProperty([volume]);
  });

  test('that somebody writes to meanwhile is refused, unless that was to be', async () => {
    const program =
      '$|=1; open my $f, "+>", "/volume/many/log"; print $f "x" x 9999 for 1..5000; print "up" x 99; for (;;) { seek $f, 0, 0; syswrite $f, "y" }';
    const stop = new AbortController();
    let up: () => void = () => undefined;
    const isUp = new Promise<void>((resolve) => (up = resolve));
    const read = async (output: AsyncIterable<Uint8Array>): Promise<void> => {
      for await (const _bytes of output) up();
    };
    const mounts = [{ place: { kind: 'volume', name: volume }, target: '/volume', writable: true }] as const;
    const command = ['perl', '-e', program];
    const writer = runHelper({ docker }, { what: 'write', image, mounts, command }, { read, signal: stop.signal }).catch(() => undefined);
    await isUp;
    await expect(take()).rejects.toThrow(/file changed as we read it/);
    await store.verify(await take(true), { signal: within(60_000), onBytes: () => undefined });
    stop.abort();
    await writer;
  });
});
