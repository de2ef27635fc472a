import { describe, expect, it } from 'vitest';
import { interruptedRun } from '../../src/apply/interrupted.ts';
import { recoverReason } from '../../src/apply/recover.ts';
import type { Found } from '../../src/commands/recover.ts';
import { walkTheWay } from '../../src/commands/recover-way.ts';
import { placeOf, stackJournal } from '../../src/commands/stack-journal.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import type { JournalRecord } from '../../src/platform/journal.ts';
import { wholeRunMs } from '../../src/platform/run-deadline.ts';
import { diedAt, before, ended, isCommit, wanted, type Left } from '../kit/interrupted-runs.ts';
import { opened, type Opened } from '../kit/opened.ts';
import { standing } from '../kit/standing.ts';
import { folderWith, invocation } from './kit.ts';

const named = { engine: 'ENGINE', stack: 'shop' };

interface Here extends Found {
  readonly opened: Opened;
  readonly left: Left;
}

/** What recover finds of a run that died at that event. */
async function found(left: Left, desired = wanted): Promise<Here> {
  const open = opened(desired, left.engine, await folderWith({}));
  const store = stackJournal(placeOf(open, named));
  await (await store.begin(left.records, 10_000)).leave();
  return { left, opened: open, store, named, interrupted: interruptedRun(left.records), records: left.records.length };
}

const recover = async (found: Here, words = 'recover --yes') => {
  const call = invocation(words, { cwd: '/' });
  return { code: await walkTheWay(found, call), stdout: call.io.stdout.text(), stderr: call.io.stderr.text() };
};
const types = (records: readonly JournalRecord[] | undefined): unknown => records?.map(({ type }) => type);

describe('recover goes back', () => {
  it('shows what it would do, does it under the lock, and makes the journal history', async () => {
    const here = await found(await diedAt(ended('container.stop shop-db-1')));
    const said = await recover(here);
    expect(said.code).toBe(0);
    expect(said.stdout).toContain('It has left:\n  - update restart of container shop-db-1: done');
    expect(said.stdout).toMatch(
      /takes it back to how it was before;.*\n {2}~ start container shop-db-1\n {2}~ update restart of container shop-db-1\n/,
    );
    expect(said.stderr).toMatch(/Rolled back \(verified\)\..*\nNothing is left to clean up\.\n$/);
    expect(standing(here.left.engine.now())).toEqual(standing(before));
    expect(here.opened.lock.asked).toEqual(['acquire shop', 'release shop']);
    expect(here.opened.deadlines).toEqual(['start 60000', `run ${wholeRunMs({ forwardMs: 0, backMs: wanted.rollbackTimeoutMs })}`, 'end']);
    expect([await here.store.unfinished(), here.opened.notes.texts.size]).toEqual([undefined, 0]);
    const [past] = await here.store.history();
    expect((past?.records as readonly JournalRecord[]).slice(here.records)).toMatchObject([
      { type: 'recovering', how: 'back', by: { pid: process.pid } },
      { type: 'walking-back', because: recoverReason },
      { type: 'started', step: 'undo container.stop shop-db-1' },
      { type: 'ended', outcome: 'done' },
      { type: 'started', step: 'undo container.update shop-db-1 restart' },
      { type: 'ended', outcome: 'done' },
      { type: 'walked-back', verified: true },
      { type: 'finished', result: 'rolled-back' },
    ]);
  });

  it('shows as well what went down and runs again, but not twice what its way starts anyway', async () => {
    const here = await found(await diedAt(ended('container.stop shop-db-1')));
    const { engine } = here.left;
    engine.change(engine.now().containers['shop-web-1']!.id, { status: 'exited', exitCode: 137 });
    const { code, stdout } = await recover(here);
    expect([code, stdout.match(/~ start container .*/g)]).toEqual([0, ['~ start container shop-web-1', '~ start container shop-db-1']]);
    expect(standing(engine.now())).toEqual(standing(before));
  });

  it('is not over while a step back has failed: it is there for the next recover', async () => {
    const here = await found(await diedAt(ended('container.stop shop-db-1')));
    const { engine } = here.left;
    const { startContainer } = engine;
    engine.startContainer = () => Promise.reject(new EngineError('refused', 'The engine says no'));
    const said = await recover(here);
    engine.startContainer = startContainer;
    expect(said.code).toBe(4);
    expect(said.stderr).toContain('Not fully rolled back.');
    expect(said.stderr).toContain('Next: mend what stopped it and run stackctl recover again');
    const left = await here.store.unfinished();
    expect([types(left?.slice(-1)), here.opened.notes.texts.size]).toEqual([['walked-back'], 1]);
    expect((await recover({ ...here, interrupted: interruptedRun(left!), records: left!.length })).code).toBe(0);
    expect(standing(here.left.engine.now())).toEqual(standing(before));
  });

  it('is over where every step back went well and something is other than before all the same', async () => {
    const here = await found(await diedAt(ended('container.stop shop-db-1')));
    here.left.engine.machine.containers.delete(before.containers['shop-web-1']!.id);
    const said = await recover(here);
    expect([said.code, await here.store.unfinished()]).toEqual([4, undefined]);
    expect(said.stderr).toContain('Next: stackctl status says how it stands now');
  });

  it('leaves a job alone that has ended', async () => {
    const { db, web } = wanted.services as { db: NonNullable<(typeof wanted.services)[string]>; web: typeof db };
    const services = { db, web: { ...web, dependsOn: [{ ...web.dependsOn[0]!, condition: 'service_completed_successfully' as const }] } };
    const here = await found(await diedAt(ended('container.update shop-db-1 restart')), { ...wanted, services });
    const { engine } = here.left;
    const end = (): void => {
      for (const name of ['shop-db-1', 'shop-web-1']) engine.change(engine.now().containers[name]!.id, { status: 'exited', exitCode: 0 });
    };
    end();
    expect((await recover(here)).stdout.match(/~ start container .*/g)).toEqual(['~ start container shop-web-1']);
    expect(engine.now().containers['shop-db-1']?.state.status).toBe('exited');
    // Whom nobody waits for to end is none
    const plain = await found(await diedAt(ended('container.update shop-db-1 restart')));
    const { engine: other } = plain.left;
    for (const name of ['shop-db-1', 'shop-web-1']) other.change(other.now().containers[name]!.id, { status: 'exited', exitCode: 0 });
    await recover(plain);
    expect(other.now().containers['shop-db-1']?.state.status).toBe('running');
  });

  it('tells its events with --json and nothing else', async () => {
    const here = await found(await diedAt(ended('container.stop shop-db-1')));
    const said = await recover(here, 'recover --yes --json');
    const lines = said.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly type: string });
    expect([said.code, said.stderr, lines.at(-1)]).toMatchObject([0, '', { type: 'run_ended', result: 'rolled_back' }]);
  });
});

describe('recover ends a run that had passed its gates', () => {
  it('throws away what it had put aside', async () => {
    const here = await found(await diedAt(isCommit));
    const said = await recover(here);
    expect([said.code, said.stderr]).toEqual([0, expect.stringMatching(/Cleaned up: the interrupted run is done\.\n$/)]);
    expect(said.stdout).toMatch(/no way back; this is left to be cleaned up:\n(?: {2}~ remove container shop-.*\n){2}/);
    expect(Object.keys(here.left.engine.now().containers)).toEqual(['shop-db-1', 'shop-web-1']);
    const [past] = await here.store.history();
    expect((past?.records as readonly JournalRecord[])[here.records]).toMatchObject({ type: 'recovering', how: 'finish' });
  });

  it('and gets running what went down, which it shows', async () => {
    const here = await found(await diedAt(isCommit));
    const { engine } = here.left;
    engine.change(engine.now().containers['shop-web-1']!.id, { status: 'exited', exitCode: 137 });
    const { code, stdout } = await recover(here);
    expect([code, stdout.match(/~ start container .*/g)]).toEqual([0, ['~ start container shop-web-1']]);
    expect(engine.now().containers['shop-web-1']?.state.status).toBe('running');
  });

  it('says what could not be removed', async () => {
    const left = await diedAt(isCommit);
    const here = await found({ ...left, engine: refusing(left.engine) });
    const said = await recover(here);
    expect([said.code, said.stderr]).toEqual([4, expect.stringContaining('Up, but not cleaned up.')]);
  });
});

/** An engine that removes nothing. */
const refusing = (engine: Left['engine']): Left['engine'] => ({
  ...engine,
  now: engine.now,
  removeContainer: () => Promise.reject(new EngineError('refused', 'The engine says no')),
});

describe('recover does nothing', () => {
  const untouched = async (here: Here): Promise<void> => {
    expect(here.left.engine.calls).toEqual(here.left.engine.calls.slice(0, 2));
    expect(types(await here.store.unfinished())).toEqual(types(here.left.records));
  };

  it.each([
    [ended('container.stop shop-db-1'), 'Take stack shop back?'],
    [isCommit, 'Clean stack shop up?'],
  ])('before a person has said what it asks', async (isLast, question) => {
    const here = await found(await diedAt(isLast));
    const call = invocation('recover', { cwd: '/' });
    const io = { ...call.io, stdin: { isTTY: true, readLine: async () => 'no' }, stderr: { ...call.io.stderr, isTTY: true } };
    expect([await walkTheWay(here, { ...call, io }), here.opened.lock.asked]).toEqual([1, []]);
    expect(call.io.stderr.text()).toContain(question);
  });

  it('before a person has said yes', async () => {
    const here = await found(await diedAt(ended('container.stop shop-db-1')));
    const said = await recover(here, 'recover');
    expect([said.code, here.opened.lock.asked]).toEqual([1, []]);
    await untouched(here);
  });

  it('while somebody else changes the stack', async () => {
    const here = await found(await diedAt(ended('container.stop shop-db-1')));
    here.opened.lock.heldBy = { pid: 1, user: 'ann', host: 'build-7', since: 'noon', command: 'stackctl apply' };
    const said = await recover(here);
    expect([said.code, said.stderr]).toEqual([
      5,
      expect.stringContaining('stack shop is being changed by "stackctl apply" (process 1 of ann@build-7'),
    ]);
    await untouched(here);
  });

  it('to a journal that somebody has gone on with since it was shown', async () => {
    const here = await found(await diedAt(ended('container.stop shop-db-1')));
    const said = await recover({ ...here, records: here.records - 1 });
    expect([said.code, said.stderr]).toEqual([6, expect.stringContaining('somebody else has gone on with the interrupted run meanwhile')]);
    await untouched(here);
  });

  it('to a machine whose engine does not answer', async () => {
    const left = await diedAt(ended('container.stop shop-db-1'));
    const look = (): Promise<never> => Promise.reject(new EngineError('unreachable', 'No engine is running there'));
    const here = await found({ ...left, engine: { ...left.engine, look } });
    const said = await recover(here);
    expect([said.code, said.stderr]).toEqual([1, expect.stringContaining('No engine is running there')]);
    expect(here.opened.lock.asked).toEqual([]);
  });
});

it('a journal that cannot be written any more stops it where it is', async () => {
  const here = await found(await diedAt(ended('container.stop shop-db-1')));
  here.opened.notes.fails.remove = new EngineError('unreachable', 'No engine is running there');
  const said = await recover(here);
  expect([said.code, said.stderr]).toEqual([4, expect.stringContaining('does not keep the note of the run: No engine is running there')]);
  expect(said.stderr).toContain('then run stackctl recover');
  expect(said.stderr).toContain('It is not over yet.');
});

it('a bug is told when all is shown', async () => {
  const left = await diedAt(ended('container.stop shop-db-1'));
  const here = await found({ ...left, engine: { ...left.engine, startContainer: () => Promise.reject(new TypeError('no function')) } });
  await expect(recover(here)).rejects.toThrow(new TypeError('no function'));
});
