/** Bytes that are no message of Protocol Buffers. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** A message of Protocol Buffers, read by the numbers of its fields. What is absent is '', 0 or no message, as proto3 has it. */
export interface Message {
  has(field: number): boolean;
  text(field: number): string;
  bytes(field: number): Uint8Array;
  number(field: number): number;
  messages(field: number): readonly Message[];
}

type Value = number | Uint8Array;

const nothing = new Uint8Array();

/** Reads a message without its schema (https://protobuf.dev/programming-guides/encoding). Throws a WireError, for what is inside when it is asked for. */
export function readMessage(bytes: Uint8Array): Message {
  const fields = fieldsOf(bytes);
  const last = (field: number): Value | undefined => fields.get(field)?.at(-1);
  const packed = (value: Value | undefined): Uint8Array => (value === undefined ? nothing : asBytes(value));
  return {
    has: (field) => fields.has(field),
    text: (field) => new TextDecoder().decode(packed(last(field))),
    bytes: (field) => packed(last(field)),
    number: (field) => asNumber(last(field) ?? 0),
    messages: (field) => (fields.get(field) ?? []).map((value) => readMessage(asBytes(value))),
  };
}

/** One field of a message to be sent: a text or bytes. */
export function writeField(field: number, value: string | Uint8Array): Uint8Array {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
}

function fieldsOf(bytes: Uint8Array): ReadonlyMap<number, readonly Value[]> {
  const fields = new Map<number, Value[]>();
  const reader = readerOf(bytes);
  while (!reader.isAtEnd()) {
    const tag = reader.varint();
    const field = Math.floor(tag / 8);
    const value = readValue(reader, tag % 8);
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return fields;
}

function readValue(reader: Reader, wireType: number): Value {
  if (wireType === 0) return reader.varint();
  if (wireType === 1) return reader.take(8);
  if (wireType === 2) return reader.take(reader.varint());
  if (wireType === 5) return reader.take(4);
  throw new WireError(`there is no wire type ${wireType}`);
}

interface Reader {
  isAtEnd(): boolean;
  varint(): number;
  take(length: number): Uint8Array;
}

function readerOf(bytes: Uint8Array): Reader {
  let at = 0;
  return {
    isAtEnd: () => at >= bytes.length,
    varint() {
      let value = 0;
      for (let shift = 0; shift < 70; shift += 7) {
        const byte = bytes[at++];
        if (byte === undefined) throw new WireError('it ends within a number');
        value += (byte & 0x7f) * 2 ** shift; // beyond 2^53 it is not exact: nothing here is that large
        if (byte < 0x80) return value;
      }
      throw new WireError('a number does not end');
    },
    take(length) {
      if (at + length > bytes.length) throw new WireError('it ends within a field');
      return bytes.subarray(at, (at += length));
    },
  };
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Uint8Array.of(...bytes, rest);
}

function asBytes(value: Value): Uint8Array {
  if (typeof value === 'number') throw new WireError('a number stands where bytes should');
  return value;
}

function asNumber(value: Value): number {
  if (typeof value !== 'number') throw new WireError('bytes stand where a number should');
  return value;
}
