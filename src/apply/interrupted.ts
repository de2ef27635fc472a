import type { RunResult, StepOutcome } from '../model/event.ts';
import type { Observed } from '../model/observed.ts';
import type { Plan, Step } from '../model/plan.ts';
import type { JournalRecord, RecordOf } from '../platform/journal.ts';
import type { Ran } from './run-step.ts';

/** One plan that was begun, as far as the journal knows. */
export interface Attempt {
  readonly run: string;
  readonly plan: Plan;
  readonly before: Observed;
  /** What it had begun of its plan, in that order. */
  readonly ran: readonly Ran[];
  /** Ids of its steps that an earlier way back has taken back already. */
  readonly undone: ReadonlySet<string>;
}

/** A run that never finished. */
export interface Interrupted {
  readonly begun: RecordOf<'begun'>;
  /** The first plan, and one more for each time that it was resumed. */
  readonly attempts: readonly [Attempt, ...Attempt[]];
  /** Whether what stood there before may be gone: then there is only forward. */
  readonly committed: boolean;
}

/** What the records of an unfinished journal say. Throws for records that no run writes: that is a bug. */
export function interruptedRun(records: readonly JournalRecord[]): Interrupted {
  const [first, ...more] = records.flatMap((record, i) => {
    if (record.type !== 'planned') return [];
    const rest = records.slice(i + 1);
    const next = rest.findIndex(({ type }) => type === 'planned');
    return [attemptOf(record, next < 0 ? rest : rest.slice(0, next))];
  });
  const [begun] = records;
  if (begun?.type !== 'begun' || !first) throw new Error('A journal begins with who began it and what was planned');
  const attempts = [first, ...more] as const;
  const lastPlan = records.findLastIndex(({ type }) => type === 'planned');
  return { begun, attempts, committed: isCommitted(lastAttempt({ attempts }), records.slice(lastPlan)) };
}

/** The one that counts: those before it were gone on with. */
export const lastAttempt = ({ attempts }: Pick<Interrupted, 'attempts'>): Attempt => attempts.at(-1) ?? attempts[0];

function attemptOf({ run, plan, before }: RecordOf<'planned'>, records: readonly JournalRecord[]): Attempt {
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  const ends = new Map(records.flatMap((record) => (record.type === 'ended' ? [[record.step, record] as const] : [])));
  const ran = records.flatMap((record): Ran[] => {
    if (record.type !== 'started') return [];
    const step = steps.get(record.step);
    return step ? [{ step, undo: record.undo, outcome: outcomeOf(ends.get(step.id)), begun: true }] : [];
  });
  const undone = ran.filter(({ step }) => ends.get(`undo ${step.id}`)?.outcome === 'done').map(({ step }) => step.id);
  return { run, plan, before, ran, undone: new Set(undone) };
}

/** A plan that only takes away has no commit: its first step is one. */
const isCommitted = ({ plan, ran }: Attempt, records: readonly JournalRecord[]): boolean =>
  records.some(({ type }) => type === 'committed') || (ran.length > 0 && plan.steps.every(isDiscard));

export const isDiscard = ({ stage }: Step): boolean => stage === 'discard';

/** Begun, and nobody wrote down how it ended. */
export const endNotKnown = ({ outcome }: Ran): boolean => outcome.status === 'cancelled';

function outcomeOf(ended: RecordOf<'ended'> | undefined): StepOutcome {
  if (!ended || ended.outcome === 'cancelled') return { status: 'cancelled' };
  if (ended.outcome === 'done') return { status: 'done' };
  const { outcome, why = '' } = ended;
  return outcome === 'unchanged' || outcome === 'refused' ? { status: outcome, why } : { status: 'failed', why };
}

/** A run that could not walk back all the way is not over: what failed may go better the next time. */
export const mayStillGoBack = (result: RunResult, undoFailed: boolean): boolean =>
  result === 'abandoned' || (result === 'not-fully-rolled-back' && undoFailed);
