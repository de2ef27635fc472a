import { writeFile } from 'node:fs/promises';
import { test } from 'vitest';
import { tool } from '../../kit/tool.ts';
import { campaign, upTo, type Case } from './campaign.ts';
import { judge } from './judge.ts';
import { placesOf, type Place } from './places.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { createStage, run, type Launch, type Stage } from './stage.ts';

const limits = { withinMs: 30_000 };
const hour = 3_600;
const tenYears = 10 * 365 * 24 * hour;

/** What the clock is off by, in seconds; the monotonic clock goes on as it does. */
const shifts = [hour, -hour, tenYears, -tenYears];

const signed = (seconds: number): string => `${seconds < 0 ? '' : '+'}${seconds}`;

/** Reads what it is off by from that file whenever it is asked. */
async function clockFrom(file: string): Promise<Launch> {
  const LD_PRELOAD = await tool('faketime');
  return {
    env: { LD_PRELOAD, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', DONT_FAKE_MONOTONIC: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' },
  };
}

interface Jump {
  readonly from: number;
  readonly to: number;
  /** Right before that call. */
  readonly place?: Place;
}

const wrong = (scenario: Scenario, { from, to, place }: Jump): Case<Stage> => ({
  name: `${scenario.name}, the clock is off by ${from} s${place ? `, from ${place.name} on by ${to} s` : ''}.`,
  async run(stage) {
    const goal = await scenario.prepare(stage);
    const file = `${stage.rig.project.folder}/clock`;
    await writeFile(file, signed(from));
    const end = place ? stage.rig.proxy.before(place, () => writeFile(file, signed(to))) : undefined;
    const ran = await run(stage, scenario.words, await clockFrom(file));
    end?.();
    return { cases: 1, violations: await judge(stage, goal, ran, limits) };
  },
});

const rows: readonly Scenario[] = [scenarios.replace, scenarios.fail, scenarios.begin];

test.each(rows.map((scenario) => [scenario.name, scenario] as const))('%s', async (_, scenario) => {
  const places = await placesOf(scenario);
  const jumps = shifts.flatMap((shift) =>
    [0.3, 0.5, 0.7, 0.9].map((part): Jump => ({ from: 0, to: shift, place: places[Math.floor(places.length * part)]! })),
  );
  const all = [...shifts.map((shift): Jump => ({ from: shift, to: shift })), ...jumps];
  await campaign({
    row: 'F14',
    what: 'the wall clock an hour or ten years off, from the start or from the nth call on',
    on: 'a real engine',
    lanes: 3,
    stage: () => createStage(scenario.texts),
    cases: upTo(8, all).map((jump) => wrong(scenario, jump)),
  });
});
