import { join } from 'node:path';
import { expect } from 'vitest';
import type { Case } from './campaign.ts';
import { saidBy } from './judge.ts';
import type { Scenario } from './scenarios.ts';
import { createStage, run, type Goal, type Launch, type Ran, type Stage } from './stage.ts';

export const recoverWords = 'recover --yes --lock-timeout 15s';

const preload = { NODE_OPTIONS: `--require=${join(import.meta.dirname, 'crash-at.cjs')}` };

/** Ends with SIGKILL at that point: crash-at.cjs. */
export const killedAt = (point: number): Launch => ({ env: { ...preload, CRASH_AT: String(point) } });

export const wasKilled = ({ signal }: Ran): boolean => signal === 'SIGKILL';

/** How many points a run has when nobody kills it. */
export async function pointsOf(scenario: Scenario): Promise<number[]> {
  await using stage = await createStage(scenario.texts);
  await scenario.prepare(stage);
  const { stderr } = await run(stage, scenario.words, { env: preload });
  const points = Number(/^points: (\d+)$/m.exec(stderr)?.[1]);
  expect(points, stderr).toBeGreaterThan(10);
  return Array.from({ length: points }, (_, i) => i + 1);
}

/** At which points of theirs those die that come to mend it, the next one each time: none, one or two. */
const mendersDieAt = (point: number): number[] => [1 + ((point * 7) % 30), 1 + ((point * 11) % 40)].slice(0, point % 3);

/** Kills one recovery after the other; those that come to their end must end well. */
async function killMenders(stage: Stage, points: readonly number[]): Promise<{ kills: number; violations: string[] }> {
  let kills = 0;
  for (const point of points) {
    const mender = await run(stage, recoverWords, killedAt(point));
    if (wasKilled(mender)) kills += 1;
    else return { kills, violations: mender.exitCode === 0 ? [] : [`recover ended with ${String(mender.exitCode)}`, ...saidBy(mender)] };
  }
  return { kills, violations: [] };
}

/** What holds a run that was killed, and mended, against its promise. */
type Judge<Of extends Goal> = (stage: Stage, goal: Of, ran: Ran) => Promise<string[]>;

interface Doomed<Of extends Goal> extends Scenario {
  prepare(stage: Stage): Promise<Of>;
}

/** A run of the scenario that is killed at that point, and so are those that come to mend it. */
export const killed = <Of extends Goal>(scenario: Doomed<Of>, point: number, judged: Judge<Of>): Case<Stage> => ({
  name: `${scenario.name}, SIGKILL at point ${point}.`,
  async run(stage) {
    const goal = await scenario.prepare(stage);
    const ran = await run(stage, scenario.words, killedAt(point));
    if (!wasKilled(ran)) return { cases: 0, violations: await judged(stage, goal, ran) };
    const menders = await killMenders(stage, mendersDieAt(point));
    return { cases: 1 + menders.kills, violations: [...menders.violations, ...(await judged(stage, goal, ran))] };
  },
});
