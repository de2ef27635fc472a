import { describe, expect, it } from 'vitest';
import { volumeDiscard } from '../../src/actions/volume-create.ts';
import { assumedJournal, imagesOfNote, runNote } from '../../src/apply/assumed.ts';
import { interruptedRun } from '../../src/apply/interrupted.ts';
import type { Observed, SeenContainer } from '../../src/model/observed.ts';
import type { Plan } from '../../src/model/plan.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { plan } from '../../src/plan/plan.ts';
import type { JournalRecord, RecordOf } from '../../src/platform/journal.ts';
import { desired, idOf, image, observed, seen, seenNetwork, service } from '../kit/builders.ts';
import { before as beforeTwo, made as replacingTwo } from '../kit/interrupted-runs.ts';
import { begun, planned } from '../kit/journals.ts';
import { simulateAll } from '../kit/simulated.ts';

const web = service('web');
const old = seen(web, { settings: { user: 'nobody' } });
const before = observed({ containers: [old] });
const made = plan(desired({ services: [web] }), before);
const planning = (one: Plan, world: Observed, run = 'run-1'): RecordOf<'planned'> => ({ ...planned, run, plan: one, before: world });
const replacing = planning(made, before);

/** The machine when the plan has come that far, by what its steps mean. */
const after = (count: number, of = replacing): Observed => simulateAll(of.plan.steps.slice(0, count), of.before);
const discardAt = made.steps.findIndex(({ stage }) => stage === 'discard');
const gone = ({ containers, ...rest }: Observed, name: string): Observed => ({
  ...rest,
  containers: Object.fromEntries(Object.entries(containers).filter(([key]) => key !== name)),
});
const told = (records: readonly JournalRecord[]): string[] =>
  records.map((record) => ('step' in record ? `${record.type} ${record.step}` : record.type));

describe('what an engine keeps of a run', () => {
  it('is who began it and each plan that it made, without what the plan is to bring about', () => {
    const wanted = {} as RecordOf<'planned'>['wanted'] & {};
    const records: JournalRecord[] = [begun, { ...replacing, wanted }, { type: 'committed' }, { ...replacing, run: 'run-2' }];
    expect(runNote(records)).toEqual([begun, replacing, { ...replacing, run: 'run-2' }]);
  });

  it('is also its commit, where it throws a volume away in which something was kept for the way back', () => {
    const [first] = made.steps;
    const discard = { ...first!, id: 'volume.discard x', stage: 'discard', action: volumeDiscard({ name: 'shop_data.before' }) } as const;
    const keeping = planning({ ...made, steps: [...made.steps, discard] }, before);
    const note = runNote([begun, keeping, { type: 'committed' }]);
    expect(told(note)).toEqual(['begun', 'planned', 'committed']);
    // Nothing else shows it: all that the run made is there, and that volume is gone
    const now = after(discardAt);
    expect(interruptedRun(assumedJournal(note, now)).committed).toBe(true);
    expect(interruptedRun(assumedJournal(note.slice(0, 2), now)).committed).toBe(false);
    expect(told(assumedJournal(note, now)).filter((each) => each === 'committed')).toHaveLength(1);
    // Whatever was planned after it; and without a plan before it there is nothing to throw away
    expect(told(runNote([...note, { ...replacing, run: 'run-2' }]))).toEqual(['begun', 'planned', 'committed', 'planned']);
    expect(told(runNote([begun, { type: 'committed' }]))).toEqual(['begun']);
  });

  it('names the images that tell whether a step was left out', () => {
    const app = image('app:1');
    const built = service('app', { settings: { image: 'app:1' }, build: { context: '/srv', dockerfile: '/srv/Dockerfile', args: {} } });
    const world = observed({ images: { 'app:1': app, [app.id]: app }, containers: [seen(built)] });
    const note = [begun, planning(plan(desired({ services: [built] }), world, { ...plainOptions, build: true }), world)];
    expect(imagesOfNote(note)).toEqual(['app:1']);
    expect(imagesOfNote([begun, replacing])).toEqual([]);
    // It turned out to be the same: then nothing was replaced
    const same = told(assumedJournal(note, world));
    expect(same).toEqual(['begun', 'planned', 'started image.build app:1']);
    const other = { ...app, id: `sha256:${idOf('other')}` };
    expect(told(assumedJournal(note, { ...world, images: { 'app:1': other } })).length).toBeGreaterThan(same.length);
    expect(told(assumedJournal(note, { ...world, images: {} })).length).toBeGreaterThan(same.length);
  });
});

describe('the journal of a run, told without it', () => {
  it('has begun each step on the way to its commit, and nobody knows how they ended', () => {
    const records = assumedJournal([begun, replacing], after(2));
    expect(told(records)).toEqual(['begun', 'planned', ...made.steps.slice(0, discardAt).map(({ id }) => `started ${id}`)]);
    const { attempts, committed } = interruptedRun(records);
    expect([committed, attempts[0].ran.every(({ outcome }) => outcome.status === 'cancelled')]).toEqual([false, true]);
  });

  it('has the way back that each step would have noted, from how the stack stood when it ran', () => {
    const undos = assumedJournal([begun, replacing], after(0)).flatMap((record) => (record.type === 'started' ? [record.undo] : []));
    const kinds = undos.map((undo) => (typeof undo === 'object' && 'kind' in undo ? undo.kind : undo));
    expect(kinds).toEqual(['container.update', 'container.start', 'container.rename', 'container.remove', 'container.stop', 'not-needed']);
  });

  it('has passed its commit where something of before is gone and what is to be there is', () => {
    const done = { status: 'done' };
    const records = assumedJournal([begun, replacing], after(made.steps.length));
    expect(told(records).at(-1)).toBe('committed');
    const { attempts, committed } = interruptedRun(records);
    expect([committed, attempts[0].ran.map(({ outcome }) => outcome)]).toEqual([true, Array(discardAt).fill(done)]);
    expect(told(records).filter((each) => each.startsWith('ended'))).toHaveLength(discardAt);
  });

  it('has passed its commit as soon as one of those is gone that it had put aside', () => {
    const two = { ...planned, run: 'run-1', plan: replacingTwo, before: beforeTwo };
    const passed = simulateAll(
      replacingTwo.steps.filter(({ stage }) => stage !== 'discard'),
      beforeTwo,
    );
    const aside = Object.keys(passed.containers).filter((name) => name.includes('.before-'));
    expect(aside).toHaveLength(2);
    expect(interruptedRun(assumedJournal([begun, two], gone(passed, aside[0]!))).committed).toBe(true);
    expect(interruptedRun(assumedJournal([begun, two], passed)).committed).toBe(false);
  });

  it('has passed its commit also where it is the one that had made what it threw away', () => {
    const own = planning(made, observed({ containers: [{ ...old, run: 'run-1' }] }));
    expect(interruptedRun(assumedJournal([begun, own], after(made.steps.length, own))).committed).toBe(true);
  });

  it.each<[string, Observed]>([
    ['nothing of before is gone', after(discardAt)],
    ['what is to be there is not', gone(after(made.steps.length), 'shop-web-1')],
    [
      'what stands there was made by somebody else',
      {
        ...after(made.steps.length),
        containers: { 'shop-web-1': { ...after(made.steps.length).containers['shop-web-1']!, run: 'run-9' } },
      },
    ],
    ['nothing was done at all', before],
    ['somebody has removed everything', observed()],
  ])('has not where %s', (_what, now) => {
    expect(interruptedRun(assumedJournal([begun, replacing], now)).committed).toBe(false);
  });

  it('has passed its commit where a network of before is gone that it was to remove, not one that somebody removed', () => {
    const [stays, goes] = [seenNetwork('shop_default'), seenNetwork('shop_old')];
    const world = observed({ networks: [stays, goes], containers: [seen(web)] });
    const clearing = planning(plan(desired({ services: [web] }), world), world);
    const committed = (networks: readonly SeenNetworkOf[]): boolean =>
      interruptedRun(assumedJournal([begun, clearing], observed({ networks, containers: [seen(web)] }))).committed;
    expect(clearing.plan.steps.map(({ id }) => id)).toEqual(['network.remove shop_old']);
    expect([committed([stays]), committed([stays, goes]), committed([goes])]).toEqual([true, false, false]);
  });

  it('of one that was gone on with says of its last plan only that it may have passed', () => {
    const now = after(made.steps.length, { ...replacing, run: 'run-2' });
    const second: SeenContainer = { ...now.containers['shop-web-1']!, run: 'run-2' };
    const again = { ...replacing, run: 'run-2' };
    const records = assumedJournal([begun, replacing, again], { ...now, containers: { 'shop-web-1': second } });
    const { attempts, committed } = interruptedRun(records);
    expect([committed, attempts.map(({ ran }) => ran[0]?.outcome.status)]).toEqual([true, ['cancelled', 'done']]);
  });

  it('of a note without a plan is that note', () => expect(assumedJournal([begun], before)).toEqual([begun]));
});

type SeenNetworkOf = Observed['networks'][string];
