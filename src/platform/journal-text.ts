import { sha256 } from '../lib/hash.ts';
import { readableFormats, type JournalRecord } from './journal.ts';

/**
 * A journal is a text of one line a record: "NUMBER SYNCED LENGTH CHECKSUM JSON\n". Numbers count from 1. SYNCED is the number of the
 * last record that was known to be on disk when the line was written: whatever breaks up to there is damage, and whatever breaks
 * behind it is a tail that a crash tore off. LENGTH is that of the JSON in bytes, in hex; CHECKSUM 64 bits of SHA-256 over the rest.
 */
export function journalLine(record: JournalRecord, number: number, synced: number): string {
  const json = JSON.stringify(record);
  return `${number} ${synced} ${Buffer.byteLength(json).toString(16)} ${checksum(number, synced, json)} ${json}\n`;
}

/** What can be read of a journal: `end` is where the next record goes, in bytes. */
export type ReadJournal =
  | { readonly records: readonly JournalRecord[]; readonly end: number }
  | { readonly damage: string; readonly records: readonly JournalRecord[] };

/** Never throws, whatever the bytes are. What it gives are the first records that were written, each as it was. */
export function readJournal(bytes: Buffer): ReadJournal {
  const records: JournalRecord[] = [];
  let at = 0;
  for (;;) {
    const end = bytes.indexOf(newline, at);
    const line = end < 0 ? undefined : lineOf(bytes.subarray(at, end));
    if (line?.number !== records.length + 1) break;
    records.push(line.record);
    at = end + 1;
  }
  const damage = damageBehind(bytes.subarray(at), records.length) ?? unknownBegin(records);
  return damage === undefined ? { records, end: at } : { damage, records };
}

const newline = 0x0a;

interface Line {
  readonly number: number;
  readonly synced: number;
  readonly record: JournalRecord;
}

const form = /^([1-9][0-9]{0,8}) (0|[1-9][0-9]{0,8}) ([0-9a-f]+) ([0-9a-f]{16}) (.*)$/s;

function lineOf(bytes: Buffer): Line | undefined {
  const text = bytes.toString('utf8');
  const [, number = '', synced = '', length = '', sum = '', json = ''] = form.exec(text) ?? [];
  if (Buffer.byteLength(json).toString(16) !== length || checksum(Number(number), Number(synced), json) !== sum) return undefined;
  return { number: Number(number), synced: Number(synced), record: JSON.parse(json) as JournalRecord }; // its checksum says that we wrote it
}

/**
 * Why what follows the last good record is more than a torn tail; undefined if it may be one. Torn is what has no end of line, or
 * bytes that were never written (a file system shows them as zeros), and of which no later record knows that it was on disk.
 */
function damageBehind(rest: Buffer, good: number): string | undefined {
  const ended = rest.subarray(0, rest.lastIndexOf(newline) + 1);
  const knows = splitLines(ended).some((line) => (lineOf(line)?.synced ?? 0) > good);
  const neverWritten = ended.includes(0);
  return knows || (ended.length > 0 && !neverWritten) ? `record ${good + 1} is not as it was written` : undefined;
}

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let at = 0;
  for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, at)) {
    lines.push(bytes.subarray(at, end));
    at = end + 1;
  }
  return lines;
}

/** Who began it and what was planned are on disk before the journal has its name. */
function unknownBegin([first, second]: readonly JournalRecord[]): string | undefined {
  if (first?.type !== 'begun' || second?.type !== 'planned') return 'the beginning is missing';
  return readableFormats.includes(first.format)
    ? undefined
    : `it was written by another version of stackctl (format ${String(first.format)})`;
}

const checksum = (number: number, synced: number, json: string): string => sha256(`${number} ${synced} ${json}`).slice(0, 16);
