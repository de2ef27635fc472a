import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { interruptedRun } from '../../src/apply/interrupted.ts';
import { crash, crashStory, fates, quiet, type Fate } from '../kit/crashing-runs.ts';
import { wrongEnd } from '../kit/ends.ts';
import { cases, inBatches, type Case } from '../kit/failing-runs.ts';
import { virtualClock } from '../kit/virtual-clock.ts';
import { runs, seed } from '../kit/worlds.ts';

virtualClock();

const worlds = runs(25);
/** Of all moments of a run, every so manieth. */
const stride = 4;

let all: readonly { readonly each: Case; readonly fate: Fate }[] = [];
beforeAll(async () => {
  const possible = await cases(worlds);
  const moments = await Promise.all(possible.map(async (each) => (await crash(each, quiet)).moments));
  const points = possible.flatMap((each, i) =>
    Array.from({ length: Math.ceil(moments[i]! / stride) }, (_, at) => ({ each, diesAt: at * stride + (i % stride) + 1 })),
  );
  const drawn = fc.sample(fates, { seed, numRuns: points.length });
  all = points.map(({ each, diesAt }, i) => ({ each, fate: { ...drawn[i]!, diesAt } }));
});

describe('whenever it is killed, and however often those are that mend it', () => {
  it(`ends in the old world or in the new one (${worlds} worlds)`, async () => {
    const ends = { old: 0, new: 0, menderDied: 0, resumed: 0 };
    await inBatches(all, 40, async ({ each, fate }) => {
      const crashed = await crash(each, fate);
      const wrong = wrongEnd(each, crashed);
      if (wrong.length > 0) expect(wrong, crashStory(each, fate, crashed)).toEqual([]);
      const { committed, attempts } = interruptedRun(crashed.disk.records);
      ends[committed ? 'new' : 'old']++;
      if (crashed.died > 0) ends.menderDied++;
      if (attempts.length > 1 && committed) ends.resumed++;
    });
    expect(ends.old).toBeGreaterThan(all.length / 4);
    expect(ends.new).toBeGreaterThan(all.length / 20);
    expect(ends.menderDied, 'cases in which a recovery was killed too').toBeGreaterThan(all.length / 5);
    expect(ends.resumed).toBeGreaterThan(all.length / 20);
  });

  it('and a judge that sees nothing would be seen: each world that was left half done is told from both', async () => {
    const half = all.filter(({ fate }) => fate.mendersDieAt.length === 0 && fate.goesDown === 'nothing').slice(0, 200);
    let seen = 0;
    for (const { each, fate } of half) {
      const crashed = await crash(each, { ...fate, mendersDieAt: [], resumes: false });
      const { engine, disk } = crashed;
      const [container] = Object.values(engine.now().containers);
      if (!container) continue;
      seen += 1;
      engine.machine.containers.get(container.id)!.seen = { ...container, name: `${container.name}.before-${container.id.slice(0, 12)}` };
      expect(wrongEnd(each, { ...crashed, engine, disk })).not.toEqual([]);
    }
    expect(seen).toBeGreaterThan(20);
  });
});
