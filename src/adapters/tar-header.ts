import { TarError } from './tar-error.ts';

/** Every header and every padding is a multiple of this. */
export const blockBytes = 512;

/** One header block, as it is written; what pax records say of the entry is not in it. */
export interface TarHeader {
  /** The letter of its kind; "0" where it is none. */
  readonly flag: string;
  readonly name: Buffer;
  readonly link: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content that follow. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly modified: number;
  readonly device: { readonly major: number; readonly minor: number };
}

/** Reads a header block (POSIX ustar, GNU's, and the older form without a magic word). Throws TarError when it is damaged. */
export function readHeader(head: Buffer): TarHeader {
  mustAddUp(head);
  const magic = head.toString('latin1', 257, 265);
  const isPosix = magic.startsWith('ustar\0');
  if (!isPosix && magic !== 'ustar  \0' && magic !== '\0'.repeat(8)) throw new TarError('a header of it is of no known form');
  const [name, prefix] = [textAt(head, 0, 100), isPosix ? textAt(head, 345, 155) : Buffer.alloc(0)];
  const hasDevice = magic !== '\0'.repeat(8);
  return {
    flag: head[156] === 0 ? '0' : String.fromCharCode(head[156]!),
    name: prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]),
    link: textAt(head, 157, 100),
    mode: numberAt(head, { from: 100, length: 8 }) & 0o7777,
    uid: count(head, { from: 108, length: 8 }),
    gid: count(head, { from: 116, length: 8 }),
    size: count(head, { from: 124, length: 12 }),
    modified: numberAt(head, { from: 136, length: 12 }),
    device: hasDevice
      ? { major: count(head, { from: 329, length: 8 }), minor: count(head, { from: 337, length: 8 }) }
      : { major: 0, minor: 0 },
  };
}

/** Some old programs summed signed bytes. */
function mustAddUp(head: Buffer): void {
  const said = numberAt(head, { from: 148, length: 8 });
  let [sum, signed] = [0, 0];
  for (let at = 0; at < blockBytes; at++) {
    const byte = at >= 148 && at < 156 ? 0x20 : head[at]!;
    sum += byte;
    signed += byte < 0x80 ? byte : byte - 0x100;
  }
  if (said !== sum && said !== signed) throw new TarError('the checksum of a header does not fit');
}

/** Up to the first NUL. */
function textAt(head: Buffer, from: number, length: number): Buffer {
  const field = head.subarray(from, from + length);
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end));
}

interface Field {
  readonly from: number;
  readonly length: number;
}

function count(head: Buffer, field: Field): number {
  const value = numberAt(head, field);
  if (value < 0) throw new TarError('a header has a negative number where none may be');
  return value;
}

/** Octal digits, or GNU's binary form for what is too large or too small for them. */
function numberAt(head: Buffer, { from, length }: Field): number {
  const first = head[from]!;
  if ((first & 0x80) === 0) {
    const text = head.toString('latin1', from, from + length);
    const [, digits] = /^ *([0-7]*)[ \0]*$/.exec(text) ?? [];
    if (digits === undefined) throw new TarError('a header has something else where a number must be');
    return Number.parseInt(digits || '0', 8);
  }
  let value = BigInt(first & 0x40 ? first - 0x100 : first & 0x3f);
  for (let at = from + 1; at < from + length; at++) value = value * 256n + BigInt(head[at]!);
  if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < BigInt(Number.MIN_SAFE_INTEGER))
    throw new TarError('a number of a header is too large');
  return Number(value);
}
