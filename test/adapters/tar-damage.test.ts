import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryFacts } from '../../src/adapters/backup-entry.ts';
import { TarError } from '../../src/adapters/tar-error.ts';
import { tarEntries } from '../../src/adapters/tar-reader.ts';
import type { EntryFacts } from '../../src/model/backup.ts';
import { inPieces, rawEntry, rawTar, type RawEntry } from '../kit/tar-texts.ts';

async function factsIn(bytes: Buffer, piece = 1000): Promise<EntryFacts[]> {
  const found: EntryFacts[] = [];
  for await (const entry of tarEntries(inPieces(bytes, piece))) found.push(await entryFacts(entry));
  return found;
}

const one = async (entry: RawEntry): Promise<EntryFacts | undefined> => (await factsIn(rawTar([entry])))[0];
const sha = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'; // of "abc"
const abc = Buffer.from('abc');

describe('an entry as a backup knows it', () => {
  it('a file, with all that a header says', async () => {
    expect(await one({ name: './a/b', mode: 0o4755, uid: 999, gid: 33, modified: 17, content: abc })).toEqual({
      path: 'a/b',
      type: 'file',
      mode: '4755',
      uid: 999,
      gid: 33,
      mtime: '17000000000',
      size: 3,
      sha256: sha,
    });
  });

  it.each<[string, RawEntry, Partial<EntryFacts>]>([
    ['the root', { name: './', flag: '5' }, { path: '.', type: 'folder' }],
    ['a name that is no UTF-8', { name: Buffer.from([0x61, 0xff]) }, { path: { base64: 'Yf8=' } }],
    ['a long one', { name: 'x', pax: [['path', `./${'d/'.repeat(200)}f`]] }, { path: `${'d/'.repeat(200)}f` }],
    ['a name with a line end', { name: 'x', pax: [['path', 'a\nb=c']] }, { path: 'a\nb=c' }],
    ['a dangling symlink', { name: 'l', flag: '2', link: '../nowhere' }, { type: 'symlink', link: '../nowhere' }],
    ['a symlink with a mode, which no system gives it', { name: 'l', flag: '2', link: 'a', mode: 0o644 }, { mode: '0777' }],
    ['a hard link', { name: './l', flag: '1', link: './a/b' }, { type: 'hard-link', link: 'a/b' }],
    ['a pipe', { name: 'p', flag: '6' }, { type: 'fifo' }],
    ['a device', { name: 'd', flag: '3', device: [1, 3] }, { type: 'char-device', device: '1:3' }],
    ['times to the nanosecond', { name: 't', pax: [['mtime', '1700000000.123456789']] }, { mtime: '1700000000123456789' }],
    ['times before 1970', { name: 't', pax: [['mtime', '-1.5']] }, { mtime: '-1500000000' }],
    ['ids that no octal digits hold', { name: 'i', pax: [['uid', '4294967294']] }, { uid: 4_294_967_294 }],
    [
      'attributes, whatever their bytes',
      {
        name: 'a',
        pax: [
          ['SCHILY.xattr.user.b%3Dc', Buffer.from([0, 10, 255])],
          ['SCHILY.xattr.user.a', 'note'],
        ],
      },
      {
        xattrs: [
          { name: 'user.a', base64: 'bm90ZQ==' },
          { name: 'user.b=c', base64: 'AAr/' },
        ],
      },
    ],
  ])('%s', async (_what, entry, facts) => {
    expect(await one(entry)).toMatchObject(facts);
  });

  it('a file with holes is the file that a program reads', async () => {
    const map = Buffer.concat([Buffer.from('2\n0\n1\n4\n2\n')], 512);
    const content = Buffer.concat([map, abc]);
    const pax = [
      ['GNU.sparse.major', '1'],
      ['GNU.sparse.minor', '0'],
      ['GNU.sparse.name', './holes'],
      ['GNU.sparse.realsize', '10'],
    ] as const;
    const whole = await one({ name: 'holes', content: Buffer.from('a\0\0\0bc\0\0\0\0') });
    expect(await one({ name: 'GNUSparseFile.1/holes', pax, content })).toEqual({ ...whole, stored: 3 });
  });
});

describe('what is not as it must be is refused', () => {
  const sparse = (map: string, realsize = '10', data = abc): RawEntry => ({
    name: 's',
    pax: [
      ['GNU.sparse.major', '1'],
      ['GNU.sparse.minor', '0'],
      ['GNU.sparse.realsize', realsize],
    ],
    content: Buffer.concat([Buffer.concat([Buffer.from(map)], 512), data]),
  });

  it.each<[string, Buffer]>([
    ['nothing at all', Buffer.alloc(0)],
    ['an end of one block', Buffer.concat([rawEntry({ name: 'a' }), Buffer.alloc(512)])],
    ['something behind its end', Buffer.concat([rawTar([{ name: 'a' }]), Buffer.from('x')])],
    ['a size that is larger than what there is', rawTar([{ name: 'a', size: 100_000, content: abc }])],
    ['content of what can have none', rawTar([{ name: 'a', flag: '5', content: abc }])],
    ['an unknown kind', rawTar([{ name: 'a', flag: 'V' }])],
    ['no name', rawTar([{ name: '' }])],
    ['a name with a NUL', rawTar([{ name: 'a', pax: [['path', 'a\0b']] }])],
    ['a link to nowhere', rawTar([{ name: 'a', flag: '2' }])],
    ['an announced entry that does not come', rawTar([{ name: 'x', flag: 'x', content: Buffer.from('10 path=a\n') }])],
    ['a record that is longer than its header', rawTar([{ name: 'x', flag: 'x', content: Buffer.from('99 path=a\n') }])],
    ['a record without an end', rawTar([{ name: 'x', flag: 'x', content: Buffer.from('9 path=ab') }])],
    ['an id that is no number', rawTar([{ name: 'a', pax: [['uid', '-1']] }])],
    ['a size that no number holds', rawTar([{ name: 'a', pax: [['size', '99999999999999999999']] }])],
    ['an access list by name', rawTar([{ name: 'a', pax: [['SCHILY.acl.access', 'user::rw-']] }])],
    ['holes in an older form', rawTar([{ name: 'a', pax: [['GNU.sparse.map', '0,1']] }])],
    ['holes that overlap', rawTar([sparse('2\n0\n2\n1\n1\n')])],
    ['holes behind the end of the file', rawTar([sparse('1\n8\n3\n')])],
    ['holes with less data than they say', rawTar([sparse('1\n0\n4\n')])],
    ['holes with more data than they say', rawTar([sparse('1\n0\n2\n')])],
    ['a map that does not end', rawTar([sparse('9'.repeat(400))])],
  ])('%s', async (_what, bytes) => {
    await expect(factsIn(bytes)).rejects.toBeInstanceOf(TarError);
  });

  const whole = rawTar([
    { name: './', flag: '5', mode: 0o755 },
    { name: './a', content: abc, pax: [['SCHILY.xattr.user.a', 'b']] },
    sparse('2\n0\n1\n4\n2\n'),
    { name: './l', flag: '2', link: 'a' },
  ]);

  it('any damage is an error or another entry, never a crash, and never without an end', async () => {
    const before = JSON.stringify(await factsIn(whole));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), async (at, change, cut) => {
        const damaged = Buffer.from(whole);
        damaged[at]! ^= change;
        const facts = await factsIn(cut ? damaged.subarray(0, at) : damaged).catch((error: unknown) => error);
        if (cut) expect(facts).toBeInstanceOf(TarError);
        else if (!(facts instanceof TarError)) {
          // What changed is content, or what stands between entries and means nothing
          expect(Array.isArray(facts) && facts.length).toBe((JSON.parse(before) as unknown[]).length);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
