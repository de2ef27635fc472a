import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { definitionOf } from '../../src/actions/index.ts';
import { interruptedRun, type Interrupted } from '../../src/apply/interrupted.ts';
import { finishForward, goBack } from '../../src/apply/recover.ts';
import { journalFormat, type JournalRecord } from '../../src/platform/journal.ts';
import { readJournal } from '../../src/platform/journal-text.ts';
import type { Observed } from '../../src/model/observed.ts';
import { observed } from '../kit/builders.ts';
import { notAsBefore } from '../kit/ends.ts';
import { memoryEngine, type MemoryEngine } from '../kit/memory-engine.ts';
import { contextOn } from '../kit/runs.ts';
import { tally } from '../kit/tally.ts';
import { virtualClock } from '../kit/virtual-clock.ts';

virtualClock();

/** One journal of each format there ever was, in the words of that version: never changed, and one more with each new format. */
const folder = join(import.meta.dirname, '../golden/journals');
const golden = readdirSync(folder).map((file) => [file, readJournal(readFileSync(join(folder, file))).records] as const);

/** The machine as far as that journal had come; whether the step that it began last had its effect, it does not say. */
async function machineAt({ attempts: [attempt] }: Interrupted, hasLast: boolean): Promise<MemoryEngine> {
  const { before, ran, run } = attempt;
  const engine = memoryEngine({ ...observed(), ...before, images: observed().images });
  const never = new AbortController().signal;
  for (const { step, outcome } of ran) {
    if (outcome.status === 'cancelled' && !hasLast) continue;
    const { kind, args } = step.action;
    const world = { ...contextOn(engine, before), run, now: engine.now(), signal: never, interrupted: never };
    const definition = definitionOf({ kind, args });
    await definition.run(args, {
      ...world,
      onProgress: () => undefined,
      warn: () => undefined,
      unchanged: () => undefined,
      remember: () => undefined,
    });
  }
  return engine;
}

async function recovered(records: readonly JournalRecord[], hasLast: boolean): Promise<Observed> {
  const interrupted = interruptedRun(records);
  const engine = await machineAt(interrupted, hasLast);
  const context = { ...contextOn(engine, interrupted.attempts[0].before), deadlineMs: 60_000, settleMs: 0, jobs: [] };
  await (interrupted.committed ? finishForward : goBack)(interrupted, context);
  return engine.now();
}

/** A new volume stays once a program could write to it. */
const dataOf = (records: readonly JournalRecord[]): string[] =>
  records.some((record) => record.type === 'started' && record.step === 'container.start shop-db-1') ? ['shop_data'] : [];

it('there is one of each format that can be read', () => {
  expect(golden.map(([file]) => file)).toEqual(Array.from({ length: journalFormat }, (_, i) => `format-${i + 1}.txt`));
});

describe.each(golden)('the journal %s', (file, records) => {
  it('is recovered wherever it breaks off', async () => {
    const after = (await machineAt(interruptedRun(records), true)).now();
    const ends = { old: 0, new: 0 };
    for (let length = 2; length <= records.length; length++) {
      const part = records.slice(0, length);
      const { committed, attempts } = interruptedRun(part);
      const [end, kept] = committed ? [after, []] : [attempts[0].before, dataOf(part)];
      ends[committed ? 'new' : 'old'] += 2;
      for (const hasLast of [true, false]) expect(notAsBefore(end, await recovered(part, hasLast), kept), `${length} records`).toEqual([]);
    }
    tally({
      row: 'F26',
      what: `recovery of a golden journal, ${file.replace('.txt', '')}`,
      on: 'a simulated engine',
      cases: ends.old + ends.new,
      violations: 0,
    });
    expect(Math.min(ends.old, ends.new)).toBeGreaterThan(5);
  });
});
