import { appendFileSync } from 'node:fs';

/** A row of the fault table in docs/reliability.md. */
export type FaultRow = `F${number}`;

export interface Tally {
  readonly row: FaultRow;
  /** What was done to what, in the words of docs/reliability.md: `SIGKILL at a record of the journal`. */
  readonly what: string;
  readonly on: 'a real engine' | 'a simulated engine' | 'no engine';
  readonly cases: number;
  readonly violations: number;
}

/** Adds a count to the file that `npm run reliability` makes docs/reliability.md from; without that command it counts nothing. */
export function tally(counted: Tally): void {
  const file = process.env['STACKCTL_TALLY'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(counted)}\n`);
}
