import type { EntryKind, ReadEntry } from './tar-reader.ts';

const block = 512;
const flags: { readonly [kind in EntryKind]: string } = {
  file: '0',
  'hard-link': '1',
  symlink: '2',
  'char-device': '3',
  'block-device': '4',
  folder: '5',
  fifo: '6',
};

/**
 * A tar of these entries, written anew: whoever reads it sees what was understood of them and nothing else. Names, owners, times and
 * extended attributes stand in pax headers; holes stay holes (GNU's sparse form 1.0).
 */
export async function* tarOf(entries: AsyncIterable<ReadEntry>): AsyncGenerator<Uint8Array> {
  for await (const entry of entries) yield* written(entry);
  yield Buffer.alloc(2 * block);
}

async function* written(entry: ReadEntry): AsyncGenerator<Uint8Array> {
  const { kind, size, extents } = entry;
  const stored = extents.reduce((sum, { bytes }) => sum + bytes, 0);
  const map = kind === 'file' && stored < size ? sparseMap(entry) : undefined;
  const bytes = (map?.length ?? 0) + stored;
  yield extendedHeader(entry, map !== undefined, bytes);
  yield header({ flag: flags[kind], mode: entry.mode, size: bytes });
  if (map) yield map;
  yield* entry.content;
  if (bytes % block > 0) yield Buffer.alloc(block - (bytes % block));
}

/** An empty stretch at the end says how long a file is that ends with a hole. */
function sparseMap({ extents, size }: ReadEntry): Buffer {
  const all = [...extents, { at: size, bytes: 0 }];
  const text = Buffer.from([all.length, ...all.flatMap(({ at, bytes }) => [at, bytes])].map((number) => `${number}\n`).join(''));
  return Buffer.concat([text, Buffer.alloc((block - (text.length % block)) % block)]);
}

function extendedHeader(entry: ReadEntry, isSparse: boolean, bytes: number): Buffer {
  const { name, link, uid, gid, modifiedNs, size, records } = entry;
  const path = Buffer.concat([Buffer.from('./'), name]);
  const said: (readonly [string, Buffer | string])[] = [
    [isSparse ? 'GNU.sparse.name' : 'path', path],
    ...(isSparse
      ? ([
          ['GNU.sparse.major', '1'],
          ['GNU.sparse.minor', '0'],
          ['GNU.sparse.realsize', String(size)],
        ] as const)
      : []),
    ...(link ? ([['linkpath', entry.kind === 'hard-link' ? Buffer.concat([Buffer.from('./'), link]) : link]] as const) : []),
    ['size', String(bytes)],
    ['uid', String(uid)],
    ['gid', String(gid)],
    ['mtime', timeText(modifiedNs)],
    ...[...records].filter(([key]) => key.startsWith('SCHILY.xattr.')),
  ];
  const text = Buffer.concat(said.map(([key, value]) => record(key, value)));
  const padding = Buffer.alloc((block - (text.length % block)) % block);
  return Buffer.concat([header({ flag: 'x', mode: 0o644, size: text.length }), text, padding]);
}

function timeText(ns: bigint): string {
  const abs = ns < 0n ? -ns : ns;
  return `${ns < 0n ? '-' : ''}${abs / 1_000_000_000n}.${String(abs % 1_000_000_000n).padStart(9, '0')}`;
}

/** "27 path=…\n", where the number counts itself. */
function record(key: string, value: Buffer | string): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`, 'latin1'), Buffer.from(value), Buffer.from('\n')]);
  let length = rest.length + 1;
  while (rest.length + String(length).length !== length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** What does not fit into it stands in the extended header before it, as all names do. */
function header({ flag, mode, size }: { readonly flag: string; readonly mode: number; readonly size: number }): Buffer {
  const head = Buffer.alloc(block);
  head.write('entry', 0, 'latin1');
  const octal = (value: number, at: number, length: number): void =>
    void head.write(value.toString(8).padStart(length - 1, '0'), at, 'latin1');
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size < 8 ** 11 ? size : 0, 124, 12);
  octal(0, 136, 12);
  head.write('        ', 148, 'latin1');
  head.write(flag, 156, 'latin1');
  head.write('ustar\u000000', 257, 'latin1');
  octal(
    head.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return head;
}
