import { interruptedRun, type Interrupted } from '../apply/interrupted.ts';
import { leftBy } from '../apply/left-by.ts';
import type { Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { JournalError, type JournalRecord, type JournalStore, type RecordOf } from '../platform/journal.ts';
import { actorText } from './actor.ts';
import type { OpenStack } from './open-stack.ts';
import { isSameRun, placeOf, stackJournal } from './stack-journal.ts';
import { beingChanged, beingChangedElsewhere } from './take-lock.ts';

export interface Suspects {
  readonly opened: OpenStack;
  readonly named: Pick<Plan, 'engine' | 'stack'>;
  /** What the engine keeps of a run of this stack, asked for ahead. */
  readonly noted: Promise<Noted>;
  /** Asks for it once more. */
  readonly askAgain: () => Promise<Noted>;
}

export type Noted = readonly JournalRecord[] | JournalError | undefined;

/**
 * A run of this stack that was killed or abandoned: nothing may be done on top of it. The Problem lists what it has left. A run that
 * is still under way is only told of: whoever wants to change something will meet its lock.
 */
export async function unfinishedRun({ opened, named, noted, askAgain }: Suspects): Promise<Problem[]> {
  const records = await unfinished(stackJournal(placeOf(opened, named)));
  const elsewhere = await noted;
  const found = records ?? elsewhere;
  if (!found) return [];
  if (found instanceof JournalError) return [unreadable(found, named)];
  const running = (await beingChanged(named)) ?? (records ? undefined : await beingChangedElsewhere(named, opened.setup.lock));
  if (running) return [{ ...running, severity: 'warning' }];
  if (isRun(records)) return [leftHere(interruptedRun(records), isRun(elsewhere) && isSameRun(elsewhere, records))];
  // Its note was read before its lock was looked for: it may have come to its end in between
  const still = await askAgain();
  return isRun(still) && isSameRun(still, found) ? [leftElsewhere(found)] : [];
}

const isRun = (noted: Noted): noted is readonly JournalRecord[] => Array.isArray(noted);

/** `isNoted`: the engine still says so too. */
function leftHere(interrupted: Interrupted, isNoted: boolean): Problem {
  const { begun, committed } = interrupted;
  const left = leftBy(interrupted);
  return {
    code: 'unfinished-run',
    severity: 'error',
    message: [`${neverFinished(begun)}; it has left:`, ...(left.length > 0 ? left.map((line) => `  - ${line}`) : ['  - nothing'])].join(
      '\n',
    ),
    hint: !isNoted
      ? 'the engine does not know of it any more: if it was recovered from another machine, stackctl recover --forget; if not, stackctl recover goes back'
      : committed
        ? 'stackctl recover ends it: all gates had passed, what is left is to clean up'
        : 'stackctl recover goes back to how it was before; stackctl recover --resume goes on',
  };
}

function leftElsewhere([begun]: readonly JournalRecord[]): Problem {
  if (begun?.type !== 'begun') throw new Error('A note begins with who began the run');
  return {
    code: 'unfinished-run',
    severity: 'error',
    message: `${neverFinished(begun)}, and its journal is not on this machine`,
    hint: `stackctl recover on ${begun.by.host} takes it back by its journal; stackctl recover here takes it back by what the engine shows`,
  };
}

const neverFinished = ({ stack, command, at, by }: RecordOf<'begun'>): string =>
  `an earlier run of stack ${stack} never finished (${command}, begun ${at} by ${actorText(by)})`;

async function unfinished(store: JournalStore): Promise<readonly JournalRecord[] | JournalError | undefined> {
  try {
    return await store.unfinished();
  } catch (error) {
    if (error instanceof JournalError) return error;
    throw error;
  }
}

/** What an earlier run has left cannot be read. */
export const unreadable = ({ message }: JournalError, { stack }: Pick<Plan, 'stack'>): Problem => ({
  code: 'unfinished-run',
  severity: 'error',
  message: `what an earlier run of stack ${stack} has left cannot be told: ${message}`,
  hint: 'see that the state folder can be read; if the journal is damaged, see with docker ps -a how the stack stands, put it right by hand, then stackctl recover --forget',
});
