import { BackupError } from '../platform/backup-store.ts';
import type { EntryKind, ReadEntry } from './tar-reader.ts';

/** More than this is not what the archive was said to have. */
export interface ArchiveLimits {
  readonly entries: number;
  /** Of all files, as a program reads them. */
  readonly bytes: number;
}

/**
 * The entries of an archive as long as they may go into a volume: each has a name inside it that none before it has, below folders that
 * are entries themselves, hard links lead to files of the archive, and there is no more than was said. Throws BackupError with the first
 * that may not, before anybody gets it.
 */
export async function* checkedEntries(entries: AsyncIterable<ReadEntry>, limits: ArchiveLimits): AsyncGenerator<ReadEntry> {
  const seen = new Map<string, EntryKind>();
  let bytes = 0;
  for await (const entry of entries) {
    bytes += entry.size;
    const path = inside(entry.name);
    const why =
      path === undefined
        ? 'its name leads out of the volume'
        : (whyNot(path, entry, seen) ?? tooMuch({ entries: seen.size + 1, bytes }, limits));
    if (path === undefined || why !== undefined) throw new BackupError(`${shown(entry.name)} is not restored: ${why ?? ''}`);
    seen.set(path, entry.kind);
    yield {
      ...entry,
      name: Buffer.from(path, 'latin1'),
      ...(entry.kind === 'hard-link' && { link: Buffer.from(inside(entry.link) ?? '', 'latin1') }),
    };
  }
}

/** Its parts below the volume's root, one letter a byte; '.' is the root. Undefined: it is absolute, leads upwards or says nothing. */
function inside(name: Buffer | undefined): string | undefined {
  const text = (name ?? Buffer.alloc(0)).toString('latin1').replace(/^(\.\/+)+/, '');
  if (text === '.' || (text === '' && name?.includes(0x2f))) return '.';
  const parts = text.split('/');
  return parts.some((part) => part === '' || part === '.' || part === '..') || text.includes('\0') ? undefined : text;
}

function whyNot(path: string, { kind, link, records }: ReadEntry, seen: ReadonlyMap<string, EntryKind>): string | undefined {
  if (seen.has(path)) return 'it is there twice';
  if (kind === 'char-device' || kind === 'block-device') return 'it is a device';
  if (path === '.') return kind === 'folder' ? undefined : 'the root of a volume is a folder';
  const cut = path.lastIndexOf('/');
  if (cut >= 0 && seen.get(path.slice(0, cut)) !== 'folder') return `what it lies in is no folder of the archive`;
  if (path.split('/').some((part) => part.length > 255)) return 'no file has a name that long';
  if ([...records.keys()].some((key) => /^(SCHILY\.acl|RHT)\./.test(key)))
    return 'its access list goes by names, which are others elsewhere';
  if (kind !== 'hard-link') return undefined;
  const target = seen.get(inside(link) ?? '');
  return target !== undefined && linkable.has(target)
    ? undefined
    : `it is a hard link to ${shown(link)}, which is no file of the archive before it`;
}

/** A second name for a symlink is that symlink once more: "cp -al" makes them, and nobody follows it. */
const linkable: ReadonlySet<EntryKind> = new Set(['file', 'hard-link', 'symlink', 'fifo']);

function tooMuch(now: ArchiveLimits, limits: ArchiveLimits): string | undefined {
  if (now.entries > limits.entries) return `there are more than ${limits.entries} entries`;
  return now.bytes > limits.bytes ? `the files hold more than ${limits.bytes} bytes` : undefined;
}

const shown = (name: Buffer | undefined): string => JSON.stringify((name ?? Buffer.alloc(0)).toString());
