import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { interruptedRun } from '../../src/apply/interrupted.ts';
import type { Observed } from '../../src/model/observed.ts';
import { crash, fates, type Crashed, type Fate } from '../kit/crashing-runs.ts';
import { cases, inBatches, withoutHooks, type Case } from '../kit/failing-runs.ts';
import { complaints } from '../kit/satisfies.ts';
import { standing } from '../kit/standing.ts';
import { worldText } from '../kit/world-text.ts';
import { runs, seed } from '../kit/worlds.ts';

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

const quiet: Fate = { diesAt: Infinity, goesDown: 'nothing', keeps: 0, mendersDieAt: [], resumes: false, elsewhere: false };

/** What no rule allows: neither the old world nor the new one, or something temporary left. */
function wrong({ world }: Case, { engine, disk, died }: Crashed): unknown {
  const now = engine.now();
  const { committed, attempts } = interruptedRun(disk.records);
  if (!disk.isClosed) return 'it is not over';
  // Who comes to mend reads no file: only a label says which hooks a container has. One that is killed right after it started again what
  // went down with the engine leaves that without its hooks (docs/decisions/0008-hooks.md)
  const labelled = Object.values(now.containers).filter(({ edited }) => edited !== undefined);
  const unhooked = withoutHooks(engine, world).filter((each) => labelled.some(({ name }) => each.startsWith(`${name} `)));
  if (died === 0 && unhooked.length > 0) return unhooked;
  if (committed) {
    return [...complaints(now, world.desired), ...temporary(now, world.observed)];
  }
  const kept = Object.keys(now.volumes).filter((name) => !world.observed.volumes[name]);
  const volumes = Object.fromEntries(Object.entries(now.volumes).filter(([name]) => !kept.includes(name)));
  const unwritten = kept.filter((name) => !attempts.some(({ ran }) => ran.some(({ step }) => step.id === `volume.create ${name}`)));
  return [...difference(standing({ ...now, volumes }), standing(world.observed)), ...unwritten.map((name) => `volume ${name} is left`)];
}

const difference = (is: unknown, was: unknown): unknown[] => (JSON.stringify(is) === JSON.stringify(was) ? [] : [{ is, was }]);

const temporary = (now: Observed, before: Observed): string[] =>
  Object.keys(now.containers).filter((name) => /\.(next\d*|before-[0-9a-f]{12})$/.test(name) && !before.containers[name]);

describe('whenever it is killed, and however often those are that mend it', () => {
  it(`ends in the old world or in the new one (${worlds} worlds)`, async () => {
    const ends = { old: 0, new: 0, menderDied: 0, resumed: 0 };
    await inBatches(all, 40, async ({ each, fate }) => {
      const crashed = await crash(each, fate);
      const story = (): string => `${worldText(each.world)}\n${JSON.stringify(fate)}\n${crashed.engine.calls.join('\n')}`;
      expect(wrong(each, crashed), story()).toEqual([]);
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
      expect(wrong(each, { ...crashed, engine, disk })).not.toEqual([]);
    }
    expect(seen).toBeGreaterThan(20);
  });
});
