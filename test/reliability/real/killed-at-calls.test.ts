import { test } from 'vitest';
import { campaign, depth, type Case } from './campaign.ts';
import { judge } from './judge.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { createStage, run, type Stage } from './stage.ts';
import { injecting, writing, type Writing } from './strace.ts';

const limits = { withinMs: 90_000 };

/** N = 1, 2, 3 … until a run is not killed any more, because it makes no such call. */
const loop = (scenario: Scenario, call: Writing): Case<Stage> => ({
  name: `${scenario.name}, SIGKILL at each ${call}.`,
  async run(stage) {
    for (let nth = 1; ; nth += 1) {
      const goal = await scenario.prepare(stage);
      const ran = await run(stage, scenario.words, await injecting({ call, nth, what: 'signal=SIGKILL' }));
      const wasKilled = ran.signal === 'SIGKILL';
      const violations = await judge(stage, goal, ran, limits);
      if (violations.length > 0) return { cases: nth, violations: [`at ${call} ${nth}`, ...violations] };
      if (!wasKilled) return { cases: nth - 1, violations };
    }
  },
});

const usual = [scenarios.replace, scenarios.fail];

test.each((depth > 1 ? Object.values(scenarios) : usual).map((scenario) => [scenario.name, scenario] as const))(
  '%s',
  async (_, scenario) => {
    await campaign({
      row: 'F2',
      what: `SIGKILL by strace at each ${writing.join(', ')} until a run comes to its end`,
      on: 'a real engine',
      lanes: 2,
      stage: () => createStage(scenario.texts),
      cases: writing.map((call) => loop(scenario, call)),
    });
  },
);
