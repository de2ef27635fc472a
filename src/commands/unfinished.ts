import { fileJournal } from '../adapters/file-journal.ts';
import { leftBy } from '../apply/journal-records.ts';
import type { Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { JournalError, type JournalRecord } from '../platform/journal.ts';
import { stateFolder } from './carry-out.ts';
import { beingChanged } from './take-lock.ts';

/**
 * A run of this stack that was killed or abandoned: nothing may be done on top of it. The Problem lists what it has left. A run that
 * is still under way is only told of: whoever wants to change something will meet its lock.
 */
export async function unfinishedRun(stateDir: string, plan: Pick<Plan, 'engine' | 'stack'>): Promise<Problem[]> {
  const folder = stateFolder(stateDir, plan);
  const records = await unfinished(folder);
  if (!records) return [];
  if (records instanceof JournalError) return [unreadable(records, plan)];
  const running = await beingChanged(plan);
  if (running) return [{ ...running, severity: 'warning' }];
  const begun = records.find((record) => record.type === 'begun');
  const left = leftBy(records);
  return [
    {
      code: 'unfinished-run',
      severity: 'error',
      message: [
        `an earlier run of stack ${plan.stack} never finished${begun ? ` (begun ${begun.at} by ${begun.by})` : ''}; it has left:`,
        ...(left.length > 0 ? left.map((line) => `  - ${line}`) : ['  - nothing']),
      ].join('\n'),
      hint: `put these right by hand, then remove the journal ${folder}/journal (this version cannot do that by itself yet)`,
    },
  ];
}

async function unfinished(folder: string): Promise<readonly JournalRecord[] | JournalError | undefined> {
  try {
    return await fileJournal(folder).unfinished();
  } catch (error) {
    if (error instanceof JournalError) return error;
    throw error;
  }
}

const unreadable = ({ message }: JournalError, { stack }: Pick<Plan, 'stack'>): Problem => ({
  code: 'unfinished-run',
  severity: 'error',
  message: `what an earlier run of stack ${stack} has left cannot be told: ${message}`,
  hint: 'see that the state folder can be read; if the journal is damaged, see with stackctl status how the stack stands, put it right by hand, then remove it',
});
