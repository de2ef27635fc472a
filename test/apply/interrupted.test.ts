import { describe, expect, it } from 'vitest';
import { containerStart } from '../../src/actions/container-start.ts';
import { volumeDiscard } from '../../src/actions/volume-create.ts';
import { interruptedRun, lastAttempt, mayStillGoBack } from '../../src/apply/interrupted.ts';
import { leftBy } from '../../src/apply/left-by.ts';
import { withOwnLeftovers } from '../../src/apply/own-leftovers.ts';
import type { RunResult } from '../../src/model/event.ts';
import { plan } from '../../src/plan/plan.ts';
import { planDown } from '../../src/plan/plan-down.ts';
import type { JournalRecord, RecordOf } from '../../src/platform/journal.ts';
import type { SeenVolume } from '../../src/model/observed.ts';
import { desired, observed, seen, seenVolume, service, state } from '../kit/builders.ts';
import { begun, planned, replacing } from '../kit/journals.ts';

const stop = 'container.stop shop-web-1';
const create = 'container.create shop-web-1';
const undoOf = (step: string): RecordOf<'started'>['undo'] => replacing.steps.find(({ id }) => id === step)!.action;
const started = (step: string, undo = undoOf(step)): JournalRecord => ({ type: 'started', step, undo });
const ended = (step: string, outcome: RecordOf<'ended'>['outcome'] = 'done', why?: string): JournalRecord => ({
  type: 'ended',
  step,
  outcome,
  tookMs: 1,
  ...(why !== undefined && { why }),
});
const read = (...records: readonly JournalRecord[]) => interruptedRun([begun, planned, ...records]);
const again: JournalRecord = { ...planned, run: 'run-2' };

describe('a run that never finished', () => {
  it('has passed its commit whatever came after that; of one that was gone on with only the last attempt counts', () => {
    expect(read({ type: 'committed' }, started(stop)).committed).toBe(true);
    expect(read({ type: 'committed' }, again, started(stop)).committed).toBe(false);
    const { attempts, committed } = read(again, { ...planned, run: 'run-3' }, { type: 'committed' }, started(stop), ended(stop));
    expect([committed, attempts.map(({ ran }) => ran.length), lastAttempt({ attempts }).run]).toEqual([true, [0, 0, 1], 'run-3']);
  });

  it('has begun what it said that it would begin, in that order, and ended it as it said', () => {
    const { attempts } = read(started(stop), ended(stop), started(create));
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).toMatchObject({ run: 'run-1', plan: replacing, before: planned.before });
    expect(attempts[0].ran).toEqual([
      { step: replacing.steps.find(({ id }) => id === stop), undo: undoOf(stop), outcome: { status: 'done' }, begun: true },
      { step: replacing.steps.find(({ id }) => id === create), undo: undoOf(create), outcome: { status: 'cancelled' }, begun: true },
    ]);
  });

  it.each<[RecordOf<'ended'>['outcome'], unknown]>([
    ['done', { status: 'done' }],
    ['cancelled', { status: 'cancelled' }],
    ['unchanged', { status: 'unchanged', why: 'so it was' }],
    ['refused', { status: 'refused', why: 'so it was' }],
    ['failed', { status: 'failed', why: 'so it was' }],
    ['timed-out', { status: 'failed', why: 'so it was' }],
  ])('ended a step as %s', (how, outcome) => {
    expect(read(started(stop), ended(stop, how, 'so it was')).attempts[0].ran[0]?.outcome).toEqual(outcome);
  });

  it('need not have said why a step failed', () => {
    expect(read(started(stop), ended(stop, 'failed')).attempts[0].ran[0]?.outcome).toEqual({ status: 'failed', why: '' });
  });

  it('knows what has been taken back, and that a step back that failed has not', () => {
    const back = (outcome: RecordOf<'ended'>['outcome']) =>
      read(started(stop), ended(stop), { type: 'walking-back', because: 'x' }, ended(`undo ${stop}`, outcome)).attempts[0].undone;
    expect([[...back('done')], [...back('failed')]]).toEqual([[stop], []]);
  });

  it('has one attempt more for each time that it was gone on with, each with its own steps', () => {
    const { attempts, committed } = read(started(stop), ended(stop), { type: 'committed' }, again, started(create));
    expect(attempts.map(({ run, ran }) => [run, ran.map(({ step }) => step.id)])).toEqual([
      ['run-1', [stop]],
      ['run-2', [create]],
    ]);
    // What an earlier attempt had passed says nothing about the last one, and what that one has passed all
    expect(committed).toBe(false);
    expect(read(started(stop), again, { type: 'committed' }).committed).toBe(true);
    const before = observed({ containers: [seen(service('web'))] });
    const down: JournalRecord = { ...planned, plan: planDown(desired({ services: [] }), before) };
    expect(read(started(stop), down).committed).toBe(false);
    const [first] = down.plan.steps;
    expect(read(down, { type: 'started', step: first!.id, undo: 'not-needed' }).committed).toBe(true);
    expect(interruptedRun([begun, down, { type: 'started', step: first!.id, undo: 'not-needed' }, planned]).committed).toBe(false);
  });

  it('has no way back once it has said so, or once a plan that only takes away has begun', () => {
    expect([read().committed, read(started(stop)).committed, read({ type: 'committed' }).committed]).toEqual([false, false, true]);
    const before = observed({ containers: [seen(service('web'))] });
    const down = { ...planned, plan: planDown(desired({ services: [] }), before) };
    const [step] = down.plan.steps;
    expect(down.plan.steps.every(({ stage }) => stage === 'discard')).toBe(true);
    expect(interruptedRun([begun, down]).committed).toBe(false);
    expect(interruptedRun([begun, down, { type: 'started', step: step!.id, undo: 'not-needed' }]).committed).toBe(true);
  });

  it.each<[string, readonly JournalRecord[]]>([
    ['nothing', []],
    ['no plan', [begun]],
    ['no beginning', [planned, planned]],
  ])('with %s is no run of stackctl', (_what, records) => expect(() => interruptedRun(records)).toThrow(/A journal begins with/));

  it.each<[RunResult, boolean, boolean]>([
    ['abandoned', false, true],
    ['not-fully-rolled-back', true, true],
    ['not-fully-rolled-back', false, false],
    ['rolled-back', true, false],
    ['failed', true, false],
  ])('that ended as %s (a step back failed: %s) is still to be taken back: %s', (result, undoFailed, expected) => {
    expect(mayStillGoBack(result, undoFailed)).toBe(expected);
  });
});

describe('what a run has left, in words', () => {
  it('is each step that was begun and not taken back: how it ended, and what takes it back', () => {
    const rename = `container.rename shop-web-1`;
    const interrupted = read(
      started(stop, containerStart({ name: 'shop-web-1' })),
      ended(stop),
      started(rename, { lost: 'its name' }),
      ended(rename, 'failed', 'no'),
      started(create, { kind: 'container.remove', args: { name: 'shop-web-1' } }),
    );
    expect(leftBy(interrupted)).toEqual([
      'stop container shop-web-1: done; to take it back: start container shop-web-1',
      expect.stringMatching(/^rename container shop-web-1 to .*: failed, may be half done; cannot be taken back: its name$/),
      'create container shop-web-1 from nginx:1: begun, its end is not known; to take it back: remove container shop-web-1',
    ]);
  });

  it('is nothing of what changed nothing, or was taken back', () => {
    expect(leftBy(read(started(stop, 'not-needed'), ended(stop)))).toEqual([]);
    expect(leftBy(read(started(stop), ended(stop), ended(`undo ${stop}`)))).toEqual([]);
  });
});

describe('how a plan sees what an interrupted run has left', () => {
  const start = 'container.start shop-web-1';
  const hooked = { post_start: [{ command: ['warm-up'] }] };
  const old = seen(service('web'), { name: 'shop-web-1.before-ed891d8d10b6', files: ['/elsewhere.yaml'], workingDir: '/elsewhere' });
  const web = (status: 'running' | 'exited' = 'running', settings: object = hooked) =>
    seen(service('web'), { settings, state: state(status), files: ['/elsewhere.yaml'] });
  const asSeen = (interrupted: ReturnType<typeof read>, ...containers: readonly ReturnType<typeof seen>[]) =>
    withOwnLeftovers(observed({ containers }), interrupted).containers;
  /** Its plan would throw away the container that it had put aside. */
  const aside = replacing.steps.find(({ stage }) => stage === 'discard')!.action.args as { readonly name: string };

  it('what it had put aside is a leftover of these files, whichever had declared it; nothing else is', () => {
    const now = asSeen(read(), { ...old, name: aside.name }, web());
    expect([now[aside.name]?.files, now[aside.name]?.workingDir]).toEqual([[], '']);
    expect(now['shop-web-1']).toEqual(web());
  });

  it('so is a volume that it had made and would throw away; what another run made, or nobody knows who, is not', () => {
    const name = 'shop_data.before';
    const discard = { ...replacing.steps[0]!, id: 'x', stage: 'discard', action: volumeDiscard({ name }) } as const;
    const plan = { ...replacing, steps: [...replacing.steps, discard] };
    const left = (...volumes: readonly SeenVolume[]) =>
      withOwnLeftovers(observed({ volumes }), interruptedRun([begun, { ...planned, plan }])).volumes;
    const own = seenVolume(name, { run: 'run-1' });
    const beside = seenVolume('shop_data', { run: 'run-1' });
    expect(left(own, beside)).toEqual({ [name]: { ...own, leftover: true }, shop_data: beside });
    for (const other of [seenVolume(name, { run: 'run-9' }), seenVolume(name)]) expect(left(other)).toEqual({ [name]: other });
  });

  it('what began to start and never said that it had is not started yet, where it has hooks', () => {
    const half = read(started(start));
    const notStarted = { ...web().state, status: 'created', error: 'not all of its post_start hooks were run' };
    expect(asSeen(half, web())['shop-web-1']).toEqual({ ...web(), state: notStarted });
    expect(asSeen(half, web('exited'))['shop-web-1']).toEqual(web('exited'));
    expect(asSeen(half, web('running', {}))['shop-web-1']).toEqual(web('running', {}));
    expect(asSeen(half, web('running', { post_start: [] }))['shop-web-1']).toEqual(web('running', { post_start: [] }));
    expect(asSeen(read(started(start), ended(start, 'failed')), web())['shop-web-1']?.state).toEqual(notStarted);
  });

  it('what has started has, and the last start counts', () => {
    expect(asSeen(read(started(start), ended(start)), web())['shop-web-1']).toEqual(web());
    expect(asSeen(read(started(start), again, started(start), ended(start)), web())['shop-web-1']).toEqual(web());
    expect(asSeen(read(started(start), ended(start), again, started(start)), web())['shop-web-1']?.state.status).toBe('created');
    expect(asSeen(read(started(stop)), web())['shop-web-1']).toEqual(web());
  });
});

it('an interrupted run is read from a plan as a planner makes it', () => {
  const before = observed({ containers: [seen(service('web'), { settings: { user: 'nobody' } })] });
  expect(plan(desired({ services: [service('web')] }), before).steps.map(({ id }) => id)).toEqual(replacing.steps.map(({ id }) => id));
});
