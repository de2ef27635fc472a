import { expect } from 'vitest';
import { tally, type Tally } from '../../kit/tally.ts';

/** One thing that goes wrong in one place. */
export interface Case<On> {
  /** Says all that is needed to do it again. */
  readonly name: string;
  run(on: On): Promise<Outcome>;
}

interface Outcome {
  /** How many faults it was. */
  readonly cases: number;
  /** What was not as it is promised. */
  readonly violations: readonly string[];
}

export interface Campaign<On extends AsyncDisposable> extends Pick<Tally, 'row' | 'what' | 'on'> {
  readonly cases: readonly Case<On>[];
  /** How many go on side by side, each on a stage of its own. */
  readonly lanes: number;
  stage(lane: number): Promise<On>;
}

/** How many times as many cases as usual: `npm run test:deep`. */
export const depth = Number(process.env['TEST_DEPTH'] ?? 1);

/** Only cases whose name has this in it: ONLY="SIGKILL at point 7" npm run test:reliability. */
const only = process.env['ONLY'] ?? '';

/** VERBOSE=1 tells of each case. */
const isTalkative = process.env['VERBOSE'] !== undefined;

/**
 * Runs all cases, counts them for docs/reliability.md, and fails with every violation. A stage on which a case went wrong is given up
 * for a new one, so that each violation is a fresh one.
 */
export async function campaign<On extends AsyncDisposable>({ cases, lanes, stage, row, what, on }: Campaign<On>): Promise<void> {
  const waiting = cases.filter(({ name }) => name.includes(only));
  const violations: string[] = [];
  let counted = 0;
  const began = performance.now();
  const work = async (lane: number): Promise<void> => {
    let current: On | undefined;
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        current ??= await stage(lane);
        const started = performance.now();
        const found = await next.run(current).catch(asOutcome);
        if (isTalkative) process.stderr.write(`${row} ${next.name} ${Math.round(performance.now() - started)} ms\n`);
        counted += found.cases;
        if (found.violations.length === 0) continue;
        const violation = `${row} ${next.name}:\n  ${found.violations.join('\n  ')}`;
        violations.push(violation);
        process.stderr.write(`${violation}\n`);
        await current[Symbol.asyncDispose]();
        current = undefined;
      }
    } finally {
      await current?.[Symbol.asyncDispose]();
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => work(lane)));
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stderr.write(`${row} ${what}: ${counted} cases, ${violations.length} violations, ${seconds} s\n`);
  tally({ row, what, on, cases: counted, violations: violations.length });
  expect(violations).toEqual([]);
}

/** A test that cannot be done has not shown what it was to show. */
const asOutcome = (error: unknown): Outcome => ({
  cases: 1,
  violations: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
});

/** So many of them, from all over, the same ones each time; all where there are fewer. More with TEST_DEPTH. */
export function spread<T>(items: readonly T[], usual: number): T[] {
  const count = Math.min(items.length, Math.round(usual * depth));
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);
}

/** As many of them, each as often as the others, if need be more than once: what is under way side by side differs each time. */
export function upTo<T>(usual: number, items: readonly T[]): T[] {
  const count = Math.round(usual * depth);
  const rounds = Math.floor(count / items.length);
  return [...Array.from({ length: rounds }, () => items).flat(), ...spread(items, (count - rounds * items.length) / depth)];
}
