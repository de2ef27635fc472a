import { values } from '../lib/record.ts';
import type { BackupChange, Change } from '../model/change.ts';
import type { Problem } from '../model/problem.ts';
import { isBackup, isLetGo, writersOf } from './backup-changes.ts';
import type { Sides } from './diff.ts';
import { place } from './place.ts';

/** Who could write to a volume while this plan copies it, and is not stopped by it. */
export const backupProblems = (changes: readonly Change[], sides: Sides): Problem[] =>
  changes.flatMap((change) => (isBackup(change) && change.work.policy.quiesce !== 'none' ? unstopped(change, { changes, sides }) : []));

interface Doing {
  readonly changes: readonly Change[];
  readonly sides: Sides;
}

function unstopped({ place: { name } }: BackupChange, { changes, sides }: Doing): Problem[] {
  const writers = writersOf(name, sides).filter(
    (seen) => seen.state.status !== 'paused' && !isLetGo(seen, changes, ['standstill', 'pause']),
  );
  const declared = values(sides.desired.volumes).filter((each) => each.name === name);
  const paths = declared.flatMap(({ key }) => [`volumes.${key}.x-stack.backup`, `volumes.${key}`]);
  return writers.map((container) => ({
    code: 'volume-in-use',
    severity: 'error',
    message: `volume ${name} is to be backed up first, and container ${container.name}, which this plan leaves as it is, could write to it meanwhile`,
    ...place(sides.desired, ...paths),
    hint: 'stop it, or say under x-stack.backup of the volume that everybody may go on (quiesce: none)',
  }));
}
