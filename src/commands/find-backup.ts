import { fail, ok, type Result } from '../lib/result.ts';
import type { Backup, ListedBackup } from '../model/backup.ts';
import type { Desired } from '../model/desired.ts';
import type { Problem } from '../model/problem.ts';
import { volumeCalled } from './named-volumes.ts';

/** The backup that a word means: by its ID, or the newest of a volume by the volume's key or name. Problem: there is none, or it is damaged. */
export function findBackup(
  word: string,
  listed: readonly ListedBackup[],
  desired: Pick<Desired, 'volumes'>,
): Result<Backup, readonly Problem[]> {
  const byId = listed.filter(({ id }) => id === word);
  const name = volumeCalled(word, desired);
  const ofVolume = listed.filter((each) => each.volume === name && !('damaged' in each));
  const found = byId[0] ?? ofVolume[0];
  if (!found && Object.values(desired.volumes).some((volume) => volume.name === name))
    return problem('no-backup', `there is no whole backup of volume ${name}`, 'stackctl volume backup takes one');
  if (!found) return problem('no-backup', `there is no backup ${word}`, 'stackctl volume list shows those that there are');
  if (byId.length > 1) {
    const volumesOf = byId.map(({ volume }) => volume).join(', ');
    return problem('no-backup', `several backups are called ${word}: of ${volumesOf}`, 'name the volume to get its newest one');
  }
  return 'damaged' in found ? problem('backup-damaged', `backup ${word} cannot be used: ${found.damaged}`) : ok(found);
}

const problem = (code: string, message: string, hint?: string): Result<never, readonly Problem[]> =>
  fail([{ code, severity: 'error', message, ...(hint !== undefined && { hint }) }]);
