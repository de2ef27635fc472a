import { createHash, hash as hashOnce, type Hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { byteReader } from '../lib/byte-reader.ts';
import type { ByteText, EntryFacts } from '../model/backup.ts';
import { TarError } from './tar-error.ts';
import type { ReadEntry } from './tar-reader.ts';

/** The SHA-256 of a file, as a program reads it. */
export type DigestOf = (entry: ReadEntry) => Promise<string>;

/** What a backup keeps to tell an entry by; reads its content to the end. Throws TarError for what no volume's tar has. */
export async function entryFacts(entry: ReadEntry, digestOf: DigestOf = digestOfContent): Promise<EntryFacts> {
  const { kind, name, mode, uid, gid, modifiedNs, size, link, device } = entry;
  const stored = entry.extents.reduce((sum, { bytes }) => sum + bytes, 0);
  const xattrs = xattrsOf(entry);
  return {
    path: byteText(inVolume(name)),
    type: kind,
    mode: modeOf(kind, mode).toString(8).padStart(4, '0'),
    uid,
    gid,
    mtime: String(modifiedNs),
    ...(kind === 'file' && { size, sha256: await digestOf(entry) }),
    ...(kind === 'file' && stored < size && { stored }),
    ...(link && { link: byteText(kind === 'hard-link' ? inVolume(link) : link) }),
    ...(device && { device: `${device.major}:${device.minor}` }),
    ...(xattrs.length > 0 && { xattrs }),
  };
}

/** A symlink has no mode that anybody could set: other tars than GNU's say what they like. */
const modeOf = (kind: ReadEntry['kind'], mode: number): number => (kind === 'symlink' ? 0o777 : mode);

/** One line of "entries.jsonl", without its end; the same for the same entry, wherever it was read. */
export const entryLine = (facts: EntryFacts): string => JSON.stringify(facts);

/** tar writes "./a/b", and "." for the volume's root. */
function inVolume(name: Buffer): Buffer {
  let at = 0;
  while (name[at] === 0x2e && name[at + 1] === 0x2f) at += 2;
  return at > 0 && at === name.length ? Buffer.from('.') : name.subarray(at);
}

/** Its text if it is UTF-8, so that writing it gives the same bytes. */
export function byteText(bytes: Buffer): ByteText {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : { base64: bytes.toString('base64') };
}

const xattrKey = 'SCHILY.xattr.';

function xattrsOf({ records }: ReadEntry): NonNullable<EntryFacts['xattrs']> {
  if ([...records.keys()].some((key) => key.startsWith('SCHILY.acl.') || key.startsWith('RHT.')))
    throw new TarError('an entry has an access list in a form that is not known'); // written by name, not by number
  return [...records]
    .filter(([key]) => key.startsWith(xattrKey))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => ({ name: byteText(attributeName(key)), base64: value.toString('base64') }));
}

/** GNU tar writes "=" in a name as "%3D" and "%" as "%25": "=" ends the key. */
const attributeName = (key: string): Buffer =>
  Buffer.from(key.slice(xattrKey.length).replaceAll('%3D', '=').replaceAll('%25', '%'), 'latin1');

/** Of a small file without holes at once: a Hash is only freed by a full collection, and a volume may have a hundred thousand files. */
const smallBytes = 64 * 1024;

async function digestOfContent(entry: ReadEntry): Promise<string> {
  const { content, extents, size } = entry;
  const isSmall = size <= smallBytes && extents.every(({ bytes }) => bytes === size);
  return isSmall ? hashOnce('sha256', await byteReader(content).take(size)) : digestInParts(entry);
}

async function digestInParts({ content, extents, size }: ReadEntry): Promise<string> {
  const hash = createHash('sha256');
  const bytes = byteReader(content);
  let at = 0;
  for (const extent of extents) {
    await hashZeros(hash, extent.at - at);
    for await (const chunk of bytes.upTo(extent.bytes).chunks()) hash.update(chunk);
    at = extent.at + extent.bytes;
  }
  await hashZeros(hash, size - at);
  return hash.digest('hex');
}

const zeros = Buffer.alloc(1024 * 1024);
/** So much is hashed before others get a turn: a hole costs no wait for a disk. */
const turnBytes = 64 * 1024 * 1024;

async function hashZeros(hash: Hash, count: number): Promise<void> {
  for (let left = count; left > 0; left -= zeros.length) {
    hash.update(zeros.subarray(0, left));
    if (left % turnBytes < zeros.length) await setImmediate();
  }
}
