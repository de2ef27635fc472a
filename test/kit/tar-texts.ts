import { tarEnd, tarPadding } from '../../src/adapters/docker-tar.ts';

/** Any header, also one that no program writes. */
export interface RawEntry {
  readonly name: string | Buffer;
  readonly flag?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** What the header says; absent: what there is. */
  readonly size?: number;
  readonly modified?: number;
  readonly link?: string;
  readonly device?: readonly [number, number];
  readonly content?: Buffer;
  /** Records of an extended header before it. */
  readonly pax?: readonly (readonly [key: string, value: string | Buffer])[];
}

/** A whole tar of these entries. */
export const rawTar = (entries: readonly RawEntry[]): Buffer => Buffer.concat([...entries.map(rawEntry), tarEnd]);

export function rawEntry({ pax = [], ...entry }: RawEntry): Buffer {
  const records = Buffer.concat(pax.map(([key, value]) => paxRecord(key, Buffer.from(value))));
  const before = pax.length === 0 ? [] : [rawEntry({ name: 'pax', flag: 'x', content: records })];
  const { content = Buffer.alloc(0) } = entry;
  return Buffer.concat([...before, header(entry), content, tarPadding(content.length)]);
}

function header({ name, flag = '0', mode = 0o644, uid = 0, gid = 0, modified = 0, link = '', device, content, size }: RawEntry): Buffer {
  const head = Buffer.alloc(512);
  const octal = (value: number, at: number, digits: number): number => head.write(value.toString(8).padStart(digits, '0'), at);
  Buffer.from(name).copy(head, 0, 0, 100);
  octal(mode, 100, 7);
  octal(uid, 108, 7);
  octal(gid, 116, 7);
  octal(size ?? content?.length ?? 0, 124, 11);
  octal(modified, 136, 11);
  head.write(flag, 156);
  head.write(link, 157);
  head.write('ustar\u000000', 257);
  if (device) octal(device[0], 329, 7);
  if (device) octal(device[1], 337, 7);
  head.write('        ', 148);
  octal(
    head.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  return head;
}

export function paxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  const length = rest.length + String(rest.length + String(rest.length).length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** In pieces of that size, as a socket gives them. */
export async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
