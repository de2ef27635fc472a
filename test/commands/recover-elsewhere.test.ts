import { describe, expect, it } from 'vitest';
import { interruptedRun } from '../../src/apply/interrupted.ts';
import { runNote } from '../../src/apply/assumed.ts';
import { notedRun, placeOf, stackJournal } from '../../src/commands/stack-journal.ts';
import { takeOver } from '../../src/commands/take-over.ts';
import { unfinishedRun, unreadable } from '../../src/commands/unfinished.ts';
import { actor } from '../../src/commands/actor.ts';
import { JournalError, type JournalRecord } from '../../src/platform/journal.ts';
import { journalLine } from '../../src/platform/journal-text.ts';
import { before, diedAt, ended, isCommit, made, wanted, type Left } from '../kit/interrupted-runs.ts';
import { ann, begun } from '../kit/journals.ts';
import { opened, type Opened } from '../kit/opened.ts';
import { never } from '../kit/runs.ts';
import { folderWith, invocation } from './kit.ts';

const named = { engine: 'ENGINE', stack: 'shop' };
const stopped = 'container.stop shop-db-1';
const textOf = (records: readonly JournalRecord[]): string =>
  runNote(records)
    .map((record, i) => journalLine(record, i + 1, 0))
    .join('');

/** Another machine than the one of the run: its journal is not here, only what the engine keeps of it. */
async function elsewhere(left: Left): Promise<Opened> {
  const open = opened(wanted, left.engine, await folderWith({}));
  open.notes.texts.set('shop', textOf(left.records));
  return open;
}

async function here(left: Left): Promise<Opened> {
  const open = opened(wanted, left.engine, await folderWith({}));
  await (await stackJournal(placeOf(open, named)).begin(left.records, 0)).leave();
  return open;
}

const noted = ({ notes }: Opened) => notedRun({ stack: 'shop', notes }, never);

describe('a run of another machine', () => {
  const take = async (open: Opened, words = 'recover --yes') => {
    const call = invocation(words, { cwd: '/' });
    return { code: await takeOver(open, placeOf(open, named), call), stderr: call.io.stderr.text() };
  };
  const journal = (open: Opened) => stackJournal(placeOf(open, named)).unfinished();

  it('is taken over: its journal is made here, from what the engine keeps of it and shows', async () => {
    const open = await elsewhere(await diedAt(ended(stopped)));
    expect((await take(open)).code).toBe(0);
    const records = (await journal(open))!;
    const { attempts, committed, begun: by } = interruptedRun(records);
    expect([by, committed, attempts[0].run, attempts[0].plan.stack]).toEqual([begun, false, 'run-1', 'shop']);
    expect(attempts[0].ran.map(({ step }) => step.id)).toEqual(made.steps.filter(({ stage }) => stage !== 'discard').map(({ id }) => id));
    expect([await noted(open), open.lock.asked]).toEqual([runNote(records), ['acquire shop', 'release shop']]);
  });

  it('that had passed its gates is known by what the engine shows', async () => {
    const left = await diedAt(isCommit);
    const { machine } = left.engine;
    for (const { seen } of [...machine.containers.values()]) if (seen.name.includes('.before-')) machine.containers.delete(seen.id);
    const open = await elsewhere(left);
    await take(open);
    expect(interruptedRun((await journal(open))!).committed).toBe(true);
  });

  it('is none where the engine keeps nothing', async () => {
    const open = opened(wanted, (await diedAt(isCommit)).engine, await folderWith({}));
    expect([await take(open, 'recover'), await journal(open)]).toEqual([{ code: 0, stderr: '' }, undefined]);
  });

  it('is not taken over before a person has said yes', async () => {
    const open = await elsewhere(await diedAt(ended(stopped)));
    expect([(await take(open, 'recover')).code, await journal(open), open.lock.asked]).toEqual([1, undefined, []]);
  });

  it('is not taken over where somebody has done so meanwhile', async () => {
    const left = await diedAt(ended(stopped));
    const open = await elsewhere(left);
    const acquire = open.lock.acquire.bind(open.lock);
    Object.assign(open.lock, {
      acquire: (...args: Parameters<typeof acquire>) => {
        open.notes.texts.set('shop', textOf([begun, { ...left.records[1], run: 'run-2' }]));
        return acquire(...args);
      },
    });
    const said = await take(open);
    expect([said.code, await journal(open)]).toEqual([6, undefined]);
    expect(said.stderr).toContain('somebody else has gone on with the interrupted run meanwhile');
  });

  it('is asked about by whom it was begun, and when', async () => {
    const open = await elsewhere(await diedAt(ended(stopped)));
    const call = invocation('recover', { cwd: '/' });
    const io = { ...call.io, stdin: { isTTY: true, readLine: async () => 'no' }, stderr: { ...call.io.stderr, isTTY: true } };
    expect(await takeOver(open, placeOf(open, named), { ...call, io })).toBe(1);
    expect(call.io.stderr.text()).toContain(
      `ann@build-7 (process 812) began apply at ${begun.at}, and its journal is not here. Go on from what the engine shows?`,
    );
  });

  it('a note that is none is a bug', async () => {
    const open = opened(wanted, (await diedAt(isCommit)).engine, await folderWith({}));
    const notes = { ...open.notes, read: async () => journalLine(begun, 1, 0) };
    await expect(takeOver(open, { ...placeOf(open, named), notes }, invocation('recover --yes', { cwd: '/' }))).rejects.toThrow(
      JournalError,
    );
  });
});

describe('a plan on top of a run that never finished', () => {
  const problems = async (open: Opened, note: ReturnType<typeof noted> | Promise<JournalError> = noted(open)) =>
    unfinishedRun({ opened: open, named, noted: note, askAgain: () => noted(open) });
  const byAnn = `an earlier run of stack shop never finished (apply, begun ${begun.at} by ann@build-7 (process 812))`;

  it('is refused with what it has left, and how to go back or on', async () => {
    expect(await problems(await here(await diedAt(ended(stopped))))).toEqual([
      {
        code: 'unfinished-run',
        severity: 'error',
        message: [
          `${byAnn}; it has left:`,
          '  - update restart of container shop-db-1: done; to take it back: update restart of container shop-db-1',
          '  - stop container shop-db-1: done; to take it back: start container shop-db-1',
        ].join('\n'),
        hint: 'stackctl recover goes back to how it was before; stackctl recover --resume goes on',
      },
    ]);
  });

  it('is refused also where it has left nothing', async () => {
    const left = await diedAt(isCommit);
    expect(await problems(await here({ ...left, records: [left.records[0], left.records[1]] }))).toMatchObject([
      { message: `${byAnn}; it has left:\n  - nothing` },
    ]);
  });

  it('says that there is no way back where all gates had passed', async () => {
    expect(await problems(await here(await diedAt(isCommit)))).toMatchObject([
      { hint: 'stackctl recover ends it: all gates had passed, what is left is to clean up' },
    ]);
  });

  it('says so where the engine knows nothing of it any more, or of another run', async () => {
    const left = await diedAt(ended(stopped));
    const open = await here(left);
    const hint =
      'the engine does not know of it any more: if it was recovered from another machine, stackctl recover --forget; if not, stackctl recover goes back';
    expect(await problems(open, Promise.resolve(undefined))).toMatchObject([{ severity: 'error', hint }]);
    expect(await problems(open, Promise.resolve([begun, { ...left.records[1], run: 'run-2' }]))).toMatchObject([{ hint }]);
    expect(await problems(open, Promise.resolve(new JournalError('damaged')))).toMatchObject([{ hint }]);
  });

  it('says of a run of another machine where its journal is', async () => {
    expect(await problems(await elsewhere(await diedAt(ended(stopped))))).toEqual([
      {
        code: 'unfinished-run',
        severity: 'error',
        message: `${byAnn}, and its journal is not on this machine`,
        hint: 'stackctl recover on build-7 takes it back by its journal; stackctl recover here takes it back by what the engine shows',
      },
    ]);
  });

  it('is not refused for a run that came to its end while its lock was looked for', async () => {
    const open = await elsewhere(await diedAt(ended(stopped)));
    const read = Promise.resolve(await noted(open));
    open.notes.texts.delete('shop');
    expect(await problems(open, read)).toEqual([]);
  });

  it('only tells of one that is still under way on another machine; its own lock is no other', async () => {
    const open = await elsewhere(await diedAt(ended(stopped)));
    const holder = { pid: 812, user: 'ann', host: 'build-7', since: 'noon', command: 'stackctl apply' };
    open.lock.heldBy = holder;
    expect(await problems(open)).toMatchObject([
      {
        code: 'locked',
        severity: 'warning',
        message: 'stack shop is being changed by "stackctl apply" (process 812 of ann@build-7, since noon)',
      },
    ]);
    open.lock.heldBy = { ...holder, ...actor() };
    expect(await problems(open)).toMatchObject([{ code: 'unfinished-run' }]);
    // Whose journal is here is held by the lock of this host alone
    const own = await here(await diedAt(ended(stopped)));
    own.lock.heldBy = holder;
    expect(await problems(own)).toMatchObject([{ code: 'unfinished-run' }]);
  });

  it('is refused with the reason where it cannot be told', async () => {
    const open = opened(wanted, (await diedAt(isCommit)).engine, await folderWith({}));
    const damaged = new JournalError('it is damaged');
    expect(await problems(open, Promise.resolve(damaged))).toEqual([unreadable(damaged, named)]);
    expect(unreadable(damaged, named)).toMatchObject({
      code: 'unfinished-run',
      severity: 'error',
      message: 'what an earlier run of stack shop has left cannot be told: it is damaged',
      hint: expect.stringMatching(/^see that the state folder can be read; .*then stackctl recover --forget$/) as unknown,
    });
    const file = opened(wanted, (await diedAt(isCommit)).engine, await folderWith({ 'ENGINE/shop/journal': 'nonsense\n' }));
    expect(await problems(file)).toMatchObject([{ code: 'unfinished-run', message: expect.stringContaining('cannot be told') as unknown }]);
  });

  it('has nothing to say where none was begun', async () => {
    const open = opened(wanted, (await diedAt(isCommit)).engine, await folderWith({}));
    expect([await problems(open), before.engine.id, ann.host]).toEqual([[], before.engine.id, 'build-7']);
  });
});
