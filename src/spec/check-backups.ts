import { writersOf } from './backup-users.ts';
import type { Complete } from './complete.ts';
import type { DeclaredBackup } from './declared-data.ts';
import type { Finding } from './finding.ts';
import type { Mark } from './mark.ts';

type MarkOf = (...path: readonly string[]) => Mark;

/** Reports `backup-service`, `backup-quiesce`: what nobody could act on of what is declared of backups. */
export const checkBackups = (stack: Complete, markOf: MarkOf): Finding[] =>
  Object.entries(stack.volumes ?? {}).flatMap(([key, volume]) => {
    const backup = volume['x-stack']?.backup;
    const markIn = (name: string): Mark => markOf('volumes', key, 'x-stack', 'backup', name);
    return backup ? [...serviceFindings(writersOf(key, stack), backup, markIn), ...quiesceFindings(backup, markIn)] : [];
  });

type MarkIn = (name: string) => Mark;

const firstHook = ({ pre = [], post = [] }: DeclaredBackup): 'pre' | 'post' | undefined =>
  pre.length > 0 ? 'pre' : post.length > 0 ? 'post' : undefined;

function serviceFindings(writers: readonly string[], backup: DeclaredBackup, markIn: MarkIn): Finding[] {
  const { service } = backup;
  const hook = firstHook(backup);
  if (service !== undefined && !writers.includes(service)) {
    const hint = writers.length > 0 ? `these do: ${writers.join(', ')}` : 'no service of the stack does';
    return [{ code: 'backup-service', message: `service "${service}" does not write to this volume`, mark: markIn('service'), hint }];
  }
  if (hook === undefined || service !== undefined || writers.length === 1) return [];
  const message =
    writers.length === 0 ? 'no service writes to this volume, so none can run this' : `${writers.join(' and ')} write to this volume`;
  return [
    {
      code: 'backup-service',
      message,
      mark: markIn(hook),
      ...(writers.length > 1 && { hint: 'say in which one this runs: service: NAME' }),
    },
  ];
}

function quiesceFindings(backup: DeclaredBackup, markIn: MarkIn): Finding[] {
  const { quiesce = 'none' } = backup;
  if (firstHook(backup) === undefined || quiesce === 'none') return [];
  const message = `commands cannot run in a container that is ${quiesce === 'stop' ? 'stopped' : 'paused'}`;
  return [{ code: 'backup-quiesce', message, mark: markIn('quiesce'), hint: 'leave quiesce out: with commands the service goes on' }];
}
