import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkedEntries } from '../../src/adapters/checked-entries.ts';
import { factsIn } from '../../src/adapters/docker-volume-fill.ts';
import { TarError } from '../../src/adapters/tar-error.ts';
import { entriesIn, readTarFile } from '../../src/adapters/tar-file.ts';
import { tarEntries } from '../../src/adapters/tar-reader.ts';
import { tarOf } from '../../src/adapters/tar-writer.ts';
import type { EntryFacts } from '../../src/model/backup.ts';
import { BackupError } from '../../src/platform/backup-store.ts';
import { hostileArchives } from '../kit/hostile-archives.ts';
import { inPieces, rawTar, type RawEntry } from '../kit/tar-texts.ts';

const plenty = { entries: 1000, bytes: 1_000_000 };

/** What a helper would get of it, up to where it is refused. */
async function passed(archive: Buffer, limits = plenty): Promise<{ readonly bytes: Buffer; readonly error?: unknown }> {
  const parts: Uint8Array[] = [];
  try {
    for await (const bytes of tarOf(checkedEntries(tarEntries(inPieces(archive, 700)), limits))) parts.push(bytes);
    return { bytes: Buffer.concat(parts) };
  } catch (error) {
    return { bytes: Buffer.concat(parts), error };
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('an archive that must not be restored', () => {
  it('there are a hundred of them and more', () => expect(hostileArchives.length).toBeGreaterThan(100));

  it.each(hostileArchives)('%s: is refused, and not a byte of it comes through', async (_what, archive) => {
    const { bytes, error } = await passed(archive);
    expect(error instanceof BackupError || error instanceof TarError, String(error)).toBe(true);
    expect(bytes.includes('bad') && !bytes.includes('path=./a\n') && !bytes.includes('path=a\n') && !bytes.includes('path=./later')).toBe(
      false,
    );
    for (const lead of ['..', '/etc']) expect(pathsIn(bytes).filter((path) => path.includes(lead))).toEqual([]);
    await expect(all(entriesIn(inPieces(archive, 1000)))).rejects.toBeInstanceOf(BackupError);
  });
});

const pathsIn = (bytes: Buffer): string[] => [...bytes.toString('latin1').matchAll(/ path=([^\n]*)\n/g)].map(([, path = '']) => path);

describe('a file that cannot be read is told with its name, once', () => {
  const read = (path: string): Promise<unknown> => all(readTarFile(path, new AbortController().signal));

  it.each([
    ['/no/such/file.tar', 'there is no file /no/such/file.tar'],
    [`${import.meta.filename}/in.tar`, `there is no file ${import.meta.filename}/in.tar`],
    [import.meta.dirname, `${import.meta.dirname} is no file`],
    ['/proc/self/mem', '/proc/self/mem cannot be read: i/o error'],
  ])('%s', async (path, message) => {
    await expect(read(path)).rejects.toMatchObject({ name: 'BackupError', message });
  });
});

describe('what may be restored', () => {
  const root: RawEntry = { name: './', flag: '5', mode: 0o1777, uid: 5, gid: 6, modified: 86_400 };
  const entries: readonly RawEntry[] = [
    root,
    { name: './a', content: Buffer.from('abc'), mode: 0o4755, uid: 4_000, gid: 33, pax: [['mtime', '-1.5']] },
    { name: './d/', flag: '5' },
    {
      name: 'x',
      content: Buffer.from('y'),
      pax: [
        ['path', `./d/${'n'.repeat(255)}`],
        ['SCHILY.xattr.user.a%3Db', Buffer.from([0, 10, 255])],
      ],
    },
    { name: Buffer.from([0x2e, 0x2f, 0xff, 0xfe]), content: Buffer.alloc(0) },
    { name: 'x', pax: [['path', './line\nbreak']] },
    { name: './dangling', flag: '2', link: '/nowhere/../x' },
    { name: './again', flag: '1', link: './a' },
    { name: './more', flag: '1', link: 'again' },
    { name: './pipe', flag: '6', mode: 0o600 },
    { name: './dangling too', flag: '1', link: './dangling' },
    { name: './pipe too', flag: '1', link: './pipe' },
    { name: './big', uid: 0, pax: [['uid', '4294967294']] },
  ];

  it('comes through as it was: who reads the new tar sees the same', async () => {
    const archive = rawTar(entries);
    const { bytes, error } = await passed(archive);
    expect(error).toBeUndefined();
    const seen = (tar: Buffer): Promise<EntryFacts[]> => all(factsIn(inPieces(tar, 512)));
    expect(await seen(bytes)).toEqual(await seen(archive));
  });

  it('is no more than was said', async () => {
    const archive = rawTar(entries);
    expect((await passed(archive, { ...plenty, entries: entries.length - 1 })).error).toMatchObject({ name: 'BackupError' });
    expect((await passed(archive, { ...plenty, bytes: 3 })).error).toMatchObject({ name: 'BackupError' });
    expect((await passed(archive, { entries: entries.length, bytes: 4 })).error).toBeUndefined();
  });

  it('is not read through where it holds nothing but more holes than anybody could read', async () => {
    const pax = [
      ['GNU.sparse.major', '1'],
      ['GNU.sparse.minor', '0'],
      ['GNU.sparse.name', './holes'],
      ['GNU.sparse.realsize', String(2 ** 43)],
    ] as const;
    const archive = rawTar([root, { name: 'x', content: Buffer.concat([Buffer.from('0\n')], 512), pax }]);
    await expect(all(entriesIn(inPieces(archive, 512)))).rejects.toThrow('the files hold more than 4398046511104 bytes');
  });

  it('whatever is damaged in it, nothing leads out', () =>
    fc.assert(
      fc.asyncProperty(fc.nat({ max: rawTar(entries).length - 1 }), fc.nat({ max: 255 }), async (at, byte) => {
        const archive = Buffer.from(rawTar(entries));
        archive[at] = byte;
        const { bytes } = await passed(archive);
        for (const path of pathsIn(bytes)) expect(path.split('/')).not.toContain('..');
      }),
      { numRuns: 300 },
    ));
});
