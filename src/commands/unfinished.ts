import { fileJournal } from '../adapters/file-journal.ts';
import { interruptedRun } from '../apply/interrupted.ts';
import { leftBy } from '../apply/left-by.ts';
import type { Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { JournalError, type JournalRecord } from '../platform/journal.ts';
import { actorText } from './actor.ts';
import { stateFolder } from './state-folder.ts';
import { beingChanged } from './take-lock.ts';

/**
 * A run of this stack that was killed or abandoned: nothing may be done on top of it. The Problem lists what it has left. A run that
 * is still under way is only told of: whoever wants to change something will meet its lock.
 */
export async function unfinishedRun(stateDir: string, plan: Pick<Plan, 'engine' | 'stack'>): Promise<Problem[]> {
  const records = await unfinished(stateFolder(stateDir, plan));
  if (!records) return [];
  if (records instanceof JournalError) return [unreadable(records, plan)];
  const running = await beingChanged(plan);
  if (running) return [{ ...running, severity: 'warning' }];
  const interrupted = interruptedRun(records);
  const { begun, committed } = interrupted;
  const left = leftBy(interrupted);
  return [
    {
      code: 'unfinished-run',
      severity: 'error',
      message: [
        `an earlier run of stack ${plan.stack} never finished (${begun.command}, begun ${begun.at} by ${actorText(begun.by)}); it has left:`,
        ...(left.length > 0 ? left.map((line) => `  - ${line}`) : ['  - nothing']),
      ].join('\n'),
      hint: committed
        ? 'stackctl recover ends it: all gates had passed, what is left is to clean up'
        : 'stackctl recover goes back to how it was before; stackctl recover --resume goes on',
    },
  ];
}

async function unfinished(folder: string): Promise<readonly JournalRecord[] | JournalError | undefined> {
  try {
    const records = await fileJournal(folder).unfinished();
    return records && records.length > 0 ? records : undefined;
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
