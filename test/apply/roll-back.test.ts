import { describe, expect, it } from 'vitest';
import { definitionOf } from '../../src/actions/index.ts';
import { volumeDiscard } from '../../src/actions/volume-create.ts';
import { volumeDisown } from '../../src/actions/volume-own.ts';
import { walkCalmly } from '../../src/apply/roll-back.ts';
import { freshSight } from '../../src/apply/sight.ts';
import type { Action } from '../../src/model/action.ts';
import type { Step } from '../../src/model/plan.ts';
import { plan } from '../../src/plan/plan.ts';
import type { Engine } from '../../src/platform/engine.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import { desired, observed, seen, seenVolume, service } from '../kit/builders.ts';
import { memoryEngine } from '../kit/memory-engine.ts';
import { contextOn, endOf, runPlan, type Ran } from '../kit/runs.ts';
import { run } from '../kit/simulated.ts';

const no = () => Promise.reject(new EngineError('refused', 'The engine says no'));

describe('a step back that does not end well', () => {
  const web = service('web');
  const before = observed({ containers: [seen(web, { settings: { user: 'nobody' } })] });
  const made = plan(desired({ services: [web] }), before);

  interface Tried {
    readonly ran: Ran;
    readonly times: number;
  }

  /** The new version ends at once; the way back gives the old one its name again by this call. */
  async function tried(renames: (times: number, rename: () => Promise<void>) => Promise<void>, abandon?: AbortController): Promise<Tried> {
    let times = 0;
    const wraps = (engine: Engine): Engine => ({
      ...engine,
      renameContainer: (id, to, signal) => {
        const rename = (): Promise<void> => engine.renameContainer(id, to, signal);
        return to === 'shop-web-1' ? renames(++times, rename) : rename();
      },
    });
    const behaves = ({ run: maker }: { readonly run?: string }): { exits?: number } => (maker ? { exits: 1 } : {});
    const ran = await runPlan(made, before, { behaves, wraps, ...(abandon && { abandon: abandon.signal }) });
    return { ran, times };
  }

  it('is tried once more, where not all is as it was', async () => {
    const { ran, times } = await tried((nth, rename) => (nth === 1 ? no() : rename()));
    expect([ran.result, times]).toEqual(['rolled-back', 2]);
    expect(endOf(ran, 'rollback-ended')).toMatchObject({ verified: true, left: [] });
  });

  it('is tried no third time', async () => {
    const { ran, times } = await tried(no);
    expect([ran.result, times]).toEqual(['not-fully-rolled-back', 2]);
    expect(endOf(ran, 'rollback-ended')?.verified).toBe(false);
  });

  it('is not tried again where all is as it was nevertheless', async () => {
    const { ran, times } = await tried((_nth, rename) => rename().then(no));
    expect([ran.result, times]).toEqual(['rolled-back', 1]);
  });

  it('is not tried again for a person who wants to go', async () => {
    const abandon = new AbortController();
    const { times } = await tried(() => {
      abandon.abort();
      return no();
    }, abandon);
    expect(times).toBe(1);
  });
});

describe('a volume in which something is kept for the way back', () => {
  const data = seenVolume('shop_data');
  const aside = seenVolume('shop_data.before', { run });
  const args = { place: { kind: 'volume', name: data.name }, helper: 'stackctl/helper:1', aside: aside.name } as const;
  const step = (action: Action, ...after: readonly Step[]): Step => ({
    id: `undo ${action.kind} ${definitionOf(action).target(action.args)}`,
    stage: 'build',
    action,
    after: after.map(({ id }) => id),
    because: 'it failed',
    service: 'web',
    onFailure: 'continue',
  });
  const disown = step(volumeDisown(args));
  const other = step(volumeDiscard({ name: 'shop_other' }));
  const remove = step(volumeDiscard({ name: aside.name }), disown);

  async function walked(more: Partial<Engine>, ...volumes: readonly (typeof data)[]) {
    const before = observed({ volumes });
    const memory = memoryEngine(before);
    const engine = { ...memory, now: memory.now, ...more };
    const { open } = await walkCalmly([disown, remove, other], { ...contextOn(engine, before), sight: freshSight(engine) });
    return {
      open: open.map(({ id }) => id),
      volumes: Object.keys(memory.now().volumes),
    };
  }

  it('goes when that was taken back', async () => {
    const own = seenVolume('shop_other', { run });
    expect(await walked({ disownFiles: () => Promise.resolve() }, data, aside, own)).toEqual({ open: [], volumes: ['shop_data'] });
  });

  it('stays while that failed; others go', async () => {
    const own = seenVolume('shop_other', { run });
    expect(await walked({ disownFiles: no }, data, aside, own)).toEqual({
      open: ['undo volume.disown shop_data', 'undo volume.discard shop_data.before'],
      volumes: ['shop_data', 'shop_data.before'],
    });
  });

  it('stays, and what comes after it is walked all the same', async () => {
    const before = observed({ volumes: [data, aside, seenVolume('shop_other', { run })] });
    const engine = { ...memoryEngine(before), disownFiles: no };
    const after = step(volumeDiscard({ name: 'shop_other' }), remove);
    const { open } = await walkCalmly([disown, remove, after], { ...contextOn(engine, before), sight: freshSight(engine) });
    expect(open).toEqual([disown, remove]);
  });

  it('goes where there is nothing to take back any more', async () => {
    expect(await walked({}, aside)).toEqual({
      open: ['undo volume.disown shop_data', 'undo volume.discard shop_other'],
      volumes: [],
    });
  });
});
