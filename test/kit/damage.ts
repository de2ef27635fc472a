/** Bytes, damaged in one way, and where it begins. */
export interface Damaged {
  readonly bytes: Buffer;
  readonly from: number;
  readonly what: string;
}

/** Every byte with one bit turned (another one each) and with all of them turned, and every length that is too short. */
export function* everyByte(bytes: Buffer): Generator<Damaged> {
  for (let at = 0; at < bytes.length; at++) {
    for (const bits of [1 << (at % 8), 0xff]) yield { bytes: turned(bytes, at, bits), from: at, what: `byte ${at} with ${bits} turned` };
    yield { bytes: bytes.subarray(0, at), from: at, what: `cut off at ${at}` };
  }
}

function turned(bytes: Buffer, at: number, bits: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = bytes[at]! ^ bits;
  return changed;
}

/** Every two lines in each other's place, every line twice, every line left out. */
export function* everyLine(bytes: Buffer): Generator<Damaged> {
  const lines = bytes.toString('latin1').split(/(?<=\n)/);
  const at = (i: number): number => lines.slice(0, i).join('').length;
  const made = (changed: readonly string[], i: number, what: string): Damaged => ({
    bytes: Buffer.from(changed.join(''), 'latin1'),
    from: at(i),
    what,
  });
  for (const [i, line] of lines.entries()) {
    yield made(lines.toSpliced(i, 1), i, `without line ${i + 1}`);
    yield made(lines.toSpliced(i, 0, line), i + 1, `line ${i + 1} twice`);
    for (let j = i + 1; j < lines.length; j++)
      yield made(lines.with(i, lines[j]!).with(j, line), i, `lines ${i + 1} and ${j + 1} in each other's place`);
  }
}
