import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/platform/journal.ts';
import { journalLine, readJournal } from '../../src/platform/journal-text.ts';
import { begun, planned, wholeRun } from '../kit/journals.ts';
import { runs, seed } from '../kit/worlds.ts';

/** How often the damage is tried. */
const numRuns = runs(20_000);

/** A journal as it grows: `batches` are the numbers of records that were synced together; zeros are room that is taken and not used. */
interface Written {
  readonly bytes: Buffer;
  /** Where each record ends. */
  readonly ends: readonly number[];
  /** How many records were on disk before the last sync was asked for, and after it. */
  readonly synced: number;
}

const tiny: readonly JournalRecord[] = [begun, { ...planned, plan: { ...planned.plan, steps: [] } }, ...wholeRun.slice(2, 9)];

function write(batches: readonly number[], room: number): Written {
  let [synced, text] = [0, ''];
  const ends: number[] = [];
  for (const size of [2, ...batches]) {
    const from = ends.length;
    for (const record of tiny.slice(from, from + size)) {
      text += journalLine(record, ends.length + 1, synced);
      ends.push(Buffer.byteLength(text));
    }
    if (ends.length < tiny.length) synced = ends.length;
  }
  return { bytes: Buffer.concat([Buffer.from(text), Buffer.alloc(room)]), ends, synced };
}

const written = fc
  .record({ batches: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 5 }), room: fc.constantFrom(0, 0, 40) })
  .map(({ batches, room }) => write(batches, room));

type Damage = (bytes: Buffer) => { readonly bytes: Buffer; readonly from: number };

const at = fc.double({ min: 0, max: 0.999, noNaN: true });
const damages: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(at, fc.integer({ min: 1, max: 255 })).map(([where, bits]): Damage => (bytes) => {
    const from = Math.floor(where * bytes.length);
    const changed = Buffer.from(bytes);
    changed[from] = bytes[from]! ^ bits;
    return { bytes: changed, from };
  }),
  at.map((where): Damage => (bytes) => {
    const from = Math.floor(where * bytes.length);
    return { bytes: bytes.subarray(0, from), from };
  }),
  fc.tuple(at, at).map(([one, other]): Damage => (bytes) => {
    const [from, to] = [one, other].map((where) => Math.floor(where * bytes.length)).sort((a, b) => a - b) as [number, number];
    return { bytes: Buffer.concat([bytes.subarray(0, from), Buffer.alloc(to - from), bytes.subarray(to)]), from };
  }),
  fc.tuple(at, at).map(([one, other]): Damage => (bytes) => {
    const [from, to] = [one, other].map((where) => Math.floor(where * bytes.length)).sort((a, b) => a - b) as [number, number];
    return { bytes: Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]), from };
  }),
  fc.tuple(at, fc.uint8Array({ minLength: 1, maxLength: 60 })).map(([where, more]): Damage => (bytes) => {
    const from = Math.floor(where * bytes.length);
    return { bytes: Buffer.concat([bytes.subarray(0, from), more, bytes.subarray(from)]), from };
  }),
  fc.tuple(at, at).map(
    ([one, other]): Damage =>
      (bytes) =>
        swapLines(bytes, one, other),
  ),
);

function swapLines(bytes: Buffer, one: number, other: number): { readonly bytes: Buffer; readonly from: number } {
  const lines = bytes.toString('latin1').split(/(?<=\n)/);
  const [i, j] = [one, other].map((where) => Math.floor(where * lines.length)).sort((a, b) => a - b) as [number, number];
  const from = Buffer.byteLength(lines.slice(0, i).join(''), 'latin1');
  [lines[i], lines[j]] = [lines[j]!, lines[i]!];
  return { bytes: Buffer.from(lines.join(''), 'latin1'), from };
}

describe('a journal', () => {
  it('is read as it was written, with room behind it or without', () => {
    fc.assert(
      fc.property(written, ({ bytes, ends }) => {
        expect(readJournal(bytes)).toEqual({ records: tiny.slice(0, ends.length), end: ends.at(-1) });
      }),
      { seed, numRuns: 200 },
    );
  });

  it(`is never misread, however it is damaged (${numRuns} times)`, () => {
    const ends = { refused: 0, torn: 0 };
    fc.assert(
      fc.property(written, damages, (journal, damage) => {
        const { bytes, from } = damage(journal.bytes);
        const read = readJournal(bytes);
        const intact = journal.ends.filter((end) => end <= from).length;
        // Never invents: what it gives are the first records, as they were
        expect(read.records).toEqual(tiny.slice(0, read.records.length));
        // Never loses what stands before the damage
        expect(read.records.length).toBeGreaterThanOrEqual(intact);
        if ('damage' in read) ends.refused++;
        else ends.torn++;
      }),
      { seed, numRuns },
    );
    // Both answers occur, or the damage was of one kind
    expect(Math.min(ends.refused, ends.torn)).toBeGreaterThan(numRuns / 20);
  });

  it('ignores a tail that was torn off, in all ways in which a disk loses it', () => {
    const { bytes, ends } = write([3, 4], 100);
    for (let cut = ends[4]!; cut < ends[8]!; cut++) {
      const whole = ends.filter((end) => end <= cut).length;
      const shorter = bytes.subarray(0, cut);
      const zeroed = Buffer.concat([shorter, Buffer.alloc(bytes.length - cut)]);
      for (const torn of [shorter, zeroed]) expect(readJournal(torn)).toMatchObject({ records: { length: whole }, end: ends[whole - 1] });
    }
  });

  it('ignores what stands behind a hole, as long as nothing says that the hole was on disk', () => {
    const { bytes, ends } = write([3, 4], 0);
    const hole = Buffer.from(bytes).fill(0, ends[5], ends[6]);
    expect(readJournal(hole)).toMatchObject({ records: { length: 6 }, end: ends[5] });
    const early = Buffer.from(bytes).fill(0, ends[3], ends[4]);
    expect(readJournal(early)).toMatchObject({ damage: 'record 5 is not as it was written' });
    // The first that was not known to be on disk, and the last that was, though its hole begins with the end of a line
    const first = Buffer.from(bytes).fill(0, ends[4], ends[5]);
    expect(readJournal(first)).toMatchObject({ records: { length: 5 }, end: ends[4] });
    early[ends[3]!] = 0x0a;
    expect(readJournal(early)).toMatchObject({ damage: 'record 5 is not as it was written' });
  });

  it('whose last record has no end of line has not got that record, whatever stands behind it', () => {
    const { bytes, ends } = write([3], 0);
    const cut = bytes.subarray(0, ends.at(-1)! - 1);
    for (const behind of ['', '\0', 'x']) {
      const torn = readJournal(Buffer.concat([cut, Buffer.from(behind)]));
      expect(torn).toMatchObject({ records: { length: 4 }, end: ends[3] });
    }
  });

  it('is not read where anything of a line is not as it was written, its length and what stands around it too', () => {
    const [first, second] = [journalLine(begun, 1, 0), journalLine(planned, 2, 0)];
    const length = Buffer.byteLength(JSON.stringify(planned)).toString(16);
    const changed = [`x${second}`, ` ${second}`, second.replace('\n', ' \n'), second.replace(` ${length} `, ` ${length}0 `), `0${second}`];
    for (const line of changed) {
      expect(readJournal(Buffer.from(first + line))).toEqual({ damage: 'record 2 is not as it was written', records: [begun] });
    }
  });

  it.each<readonly [string, readonly JournalRecord[], string]>([
    ['nothing', [], 'the beginning is missing'],
    ['no plan', [begun], 'the beginning is missing'],
    ['no beginning', [planned, planned], 'the beginning is missing'],
    ['another format', [{ ...begun, format: 7 }, planned], 'it was written by another version of stackctl (format 7)'],
  ])('with %s is refused', (_what, records, damage) => {
    const text = records.map((record, i) => journalLine(record, i + 1, 0)).join('');
    expect(readJournal(Buffer.from(text))).toMatchObject({ damage });
  });
});
