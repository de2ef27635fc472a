import { interruptedRun, type Interrupted } from '../apply/interrupted.ts';
import { withOwnLeftovers } from '../apply/own-leftovers.ts';
import type { Plan } from '../model/plan.ts';
import { fingerprint } from '../plan/fingerprint.ts';
import type { Problem } from '../model/problem.ts';
import { plan as makePlan } from '../plan/plan.ts';
import { JournalError, type JournalRecord, type JournalStore } from '../platform/journal.ts';
import { askAndDo } from './ask-and-do.ts';
import { engineProblem } from './engine-problem.ts';
import type { ExitCode, Invocation } from './command.ts';
import { lookAndPlan, type Planner } from './look-and-plan.ts';
import { namedStack } from './named-stack.ts';
import { openLocked } from './open-locked.ts';
import { openStack, type OpenStack } from './open-stack.ts';
import { planOptions } from './plan-options.ts';
import { walkTheWay } from './recover-way.ts';
import { isError, refuse } from './screen.ts';
import { isSameRun, notedRun, placeOf, stackJournal, type JournalPlace } from './stack-journal.ts';
import { beingChanged } from './take-lock.ts';
import { takeOver } from './take-over.ts';
import { unreadable } from './unfinished.ts';
import { underLock } from './under-lock.ts';
import { refuseGoneOn, refuseLocked, withConsent } from './with-consent.ts';

/** What was found of a run that never finished, and where. */
export interface Found {
  readonly opened: OpenStack;
  readonly store: JournalStore;
  readonly named: Pick<Plan, 'engine' | 'stack'>;
  readonly interrupted: Interrupted;
  /** How many records its journal had when it was shown. */
  readonly records: number;
}

/** Ends a run that never finished: goes back, or on. Shows what it would do, and asks. */
export async function runRecover(invocation: Invocation): Promise<ExitCode> {
  const opened = await openStack(invocation);
  if (!opened.ok) return refuse(opened.error, invocation);
  const named = await namedStack(opened.value, invocation);
  if (!named.ok) return refuse(named.error, invocation);
  const running = await beingChanged(named.value);
  if (running) {
    refuse([running], invocation);
    return 5;
  }
  const place = placeOf(opened.value, named.value);
  const store = stackJournal(place);
  try {
    if (invocation.flags.forget) return await forget({ store, named: named.value, opened: opened.value }, invocation);
    if (!(await store.unfinished())) {
      const code = await takeOver(opened.value, place, invocation);
      if (code !== 0) return code;
    }
    const records = await store.unfinished();
    if (!records) return await nothingToDo({ opened: opened.value, named: named.value }, invocation);
    const strange = await notOurs(records, place, invocation);
    if (strange) return refuse([strange], invocation);
    const interrupted = interruptedRun(records);
    // Under the key of that run, so that a value which did not change looks the same
    const { environment: _environment, cwd: _cwd, ...source } = opened.value.request;
    const open = invocation.flags.resume ? openLocked : openStack;
    const again = await open(invocation, { ...source, vaultKey: interrupted.begun.vaultKey });
    if (!again.ok) return refuse(again.error, invocation);
    const found = { opened: again.value, store, named: named.value, interrupted, records: records.length };
    return await (invocation.flags.resume && !interrupted.committed ? resume(found, invocation) : walkTheWay(found, invocation));
  } catch (error) {
    if (error instanceof JournalError) return refuse([unreadable(error, named.value)], invocation);
    return refuse([engineProblem(error)], invocation);
  }
}

/** The journal of this machine is old where another machine has ended that run: to walk back then would spoil what came after. */
async function notOurs(
  records: readonly JournalRecord[],
  { named, notes }: JournalPlace,
  { flags, cancel }: Invocation,
): Promise<Problem | undefined> {
  const note = await notedRun({ stack: named.stack, notes }, cancel);
  const isOver = records.some(({ type }) => type === 'finished');
  if (isOver || (note && isSameRun(note, records))) return undefined;
  // Somebody may have taken the note away; a person can tell
  if (!note && !flags.yes && !flags.autoApprove) return undefined;
  return {
    code: 'recovered-elsewhere',
    severity: 'error',
    message: note
      ? `the engine knows of a later run of stack ${named.stack} than the one whose journal is here: another machine has ended this one`
      : `the engine does not know any more of the run of stack ${named.stack} whose journal is here: another machine may have ended it`,
    hint: note
      ? 'stackctl recover --forget puts this journal away'
      : 'if so: stackctl recover --forget; if not: stackctl recover without --yes',
  };
}

/** Taking the lock clears away what is left of one whose taker died before its run had begun. */
async function nothingToDo({ opened, named }: Pick<Found, 'opened' | 'named'>, invocation: Invocation): Promise<ExitCode> {
  const { io, flags } = invocation;
  const done = await underLock({ opened, engine: named.engine }, invocation, () => Promise.resolve());
  if (!done.ok) return refuseLocked(done.error, invocation);
  if (flags.json) io.stdout.write(`${JSON.stringify({ format_version: '1.0', stack: named.stack, interrupted: false })}\n`);
  else io.stdout.write(`Nothing to recover: no run of stack ${named.stack} was interrupted.\n`);
  return 0;
}

/** Where it was on its way to does not stand in the stack file. */
const resumesRollback: Problem = {
  code: 'resume-rollback',
  severity: 'error',
  message: 'the interrupted run was a rollback, and --resume goes on to what the stack file says',
  hint: 'stackctl recover goes back to how it was before; then run stackctl rollback again',
};

/** So does what was to be done to a volume, once. */
const resumesVolumeWork: Problem = {
  code: 'resume-volume',
  severity: 'error',
  message: 'the interrupted run worked on a volume (volume restore, backup or fix), and --resume goes on to what the stack file says',
  hint: 'stackctl recover goes back to how it was before; then run the same stackctl volume command again',
};

/** Plans again from what is there; the old journal is over when that is applied. */
async function resume(found: Found, invocation: Invocation): Promise<ExitCode> {
  const { opened, interrupted, store } = found;
  if (interrupted.begun.command === 'rollback') return refuse([resumesRollback], invocation);
  if (interrupted.begun.command === 'volume') return refuse([resumesVolumeWork], invocation);
  const planner: Planner = (desired, observed) => ({
    ...makePlan(desired, withOwnLeftovers(observed, interrupted), planOptions(invocation)),
    madeFrom: fingerprint(observed),
  });
  const looked = await lookAndPlan(opened, planner, invocation);
  if (!looked.ok) return refuse(looked.error, invocation);
  const plan = { ...looked.value.plan, problems: looked.value.plan.problems.filter(({ code }) => code !== 'unfinished-run') };
  if (plan.problems.some(isError)) return refuse(plan.problems, invocation);
  if (plan.steps.length === 0) return endAsWanted(found, invocation);
  const code = await askAndDo({ opened, looked: { ...looked.value, plan }, resumes: true, exactly: true }, invocation);
  const stays = code !== 0 && !invocation.flags.json && (await store.unfinished().catch(() => undefined)) !== undefined;
  if (stays) {
    const { at } = interrupted.begun;
    invocation.io.stderr.write(`\nThe run of ${at} is still interrupted: stackctl recover goes back to how it was before it.\n`);
  }
  return code;
}

/** All is as it was to be: only the journal is open. */
async function endAsWanted({ opened, store, named, records }: Found, invocation: Invocation): Promise<ExitCode> {
  const done = await underLock({ opened, engine: named.engine }, invocation, async (): Promise<ExitCode> => {
    const { journal, records: now } = await store.reopen();
    if (now.length !== records) {
      await journal.leave();
      return refuseGoneOn(invocation);
    }
    await journal.append({ type: 'finished', result: 'applied', at: new Date().toISOString() }, true);
    await journal.close();
    if (!invocation.flags.json) invocation.io.stdout.write(`Stack ${named.stack} is as it is wanted: nothing is left to do.\n`);
    return 0;
  });
  return done.ok ? done.value : refuseLocked(done.error, invocation);
}

/** The last resort: a journal that cannot be read, or a person who has put everything right by hand. */
async function forget({ store, named, opened }: Pick<Found, 'store' | 'named' | 'opened'>, invocation: Invocation): Promise<ExitCode> {
  const there = await store.unfinished().then(
    (records) => records !== undefined,
    () => true,
  );
  const isNoted = (await opened.setup.notes.read(named.stack, invocation.cancel)) !== undefined;
  if (!there && !isNoted) return nothingToDo({ opened, named }, invocation);
  const question = `Leave stack ${named.stack} as it stands and forget what was interrupted?`;
  return withConsent({ question, opened, engine: named.engine }, invocation, async () => {
    await store.forget();
    invocation.io.stderr.write('Forgotten; its journal is kept in the history. stackctl status says how the stack stands now.\n');
    return 0;
  });
}
