import { fileJournal } from '../adapters/file-journal.ts';
import { leftBy } from '../apply/journal-records.ts';
import type { Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { stateFolder } from './carry-out.ts';

/** A run of this stack that was killed or abandoned: nothing may be done on top of it. The Problem lists what it has left. */
export async function unfinishedRun(stateDir: string, plan: Pick<Plan, 'engine' | 'stack'>): Promise<Problem[]> {
  const folder = stateFolder(stateDir, plan);
  const records = await fileJournal(folder).unfinished();
  if (!records) return [];
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
