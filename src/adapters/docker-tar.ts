export interface TarEntry {
  /** Without a slash before it. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Seconds since 1970. */
  readonly modified: number;
  /** Where a link points. */
  readonly link?: string;
}

const block = 512;
const typeFlags = { file: '0', folder: '5', link: '2' } as const;

/** The header of one entry (POSIX ustar; a pax record before it when a text does not fit). */
export function tarHeader(entry: TarEntry): Buffer {
  const path = entry.kind === 'folder' ? `${entry.path}/` : entry.path;
  const long = {
    ...(!fits(path) && { path }),
    ...(!fits(entry.link ?? '') && { linkpath: entry.link ?? '' }),
    ...(entry.size >= 8 ** 11 && { size: String(entry.size) }),
  };
  const head = header({ ...entry, path, flag: typeFlags[entry.kind] });
  if (Object.keys(long).length === 0) return head;
  const records = Buffer.concat(Object.entries(long).map(([key, value]) => paxRecord(key, value)));
  return Buffer.concat([
    header({ ...entry, path: 'pax', link: '', size: records.length, flag: 'x' }),
    records,
    tarPadding(records.length),
    head,
  ]);
}

/** What fills a content of that size up to a whole block. */
export const tarPadding = (size: number): Buffer => Buffer.alloc((block - (size % block)) % block);

export const tarEnd: Buffer = Buffer.alloc(2 * block);

const fits = (text: string): boolean => Buffer.byteLength(text) <= 100;

function header(entry: Omit<TarEntry, 'kind'> & { readonly flag: string }): Buffer {
  const head = Buffer.alloc(block);
  const octal = (value: number, at: number, length: number): number =>
    head.write(
      value
        .toString(8)
        .padStart(length - 1, '0')
        .slice(1 - length),
      at,
      'ascii',
    );
  Buffer.from(entry.path).copy(head, 0, 0, 100);
  octal(entry.mode, 100, 8);
  octal(entry.uid, 108, 8);
  octal(entry.gid, 116, 8);
  octal(entry.size, 124, 12);
  octal(entry.modified, 136, 12);
  head.write('        ', 148, 'ascii');
  head.write(entry.flag, 156, 'ascii');
  Buffer.from(entry.link ?? '').copy(head, 157, 0, 100);
  head.write('ustar\u000000', 257, 'ascii');
  octal(
    head.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return head;
}

/** "27 path=…\n", where the number counts itself. */
function paxRecord(key: string, value: string): Buffer {
  const text = ` ${key}=${value}\n`;
  const length = Buffer.byteLength(text);
  const digits = String(length + String(length).length).length;
  return Buffer.from(`${length + digits}${text}`);
}
