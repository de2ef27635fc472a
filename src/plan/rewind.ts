import { get, values } from '../lib/record.ts';
import type { BackupChange, Change, Rewind } from '../model/change.ts';
import { isLetGo, isMadeAnew, writersOf } from './backup-changes.ts';
import type { Sides } from './diff.ts';
import { strangersOn } from './strangers-on.ts';
import { isPlain } from './volume-recipe.ts';

/** A backup that a plan takes before what it does: with whether a rollback can put back what it holds. */
export function withRewind(change: BackupChange, containers: readonly Change[], sides: Sides): BackupChange {
  const { place } = change;
  // What is in a volume that is made anew is put aside or lost, as its own change says
  if (isMadeAnew(place.name, sides)) return change;
  const why = whyNotBack(place.name, change, { containers, sides });
  const rewind: Rewind = why === undefined ? { possible: true } : { possible: false, why };
  return { ...change, work: { ...change.work, rewind } };
}

interface Doing {
  readonly containers: readonly Change[];
  readonly sides: Sides;
}

function whyNotBack(volume: string, { work }: BackupChange, { containers, sides }: Doing): string | undefined {
  const { desired, observed } = sides;
  const seen = get(observed.volumes, volume);
  if (!seen || seen.stack !== desired.stack || values(desired.volumes).some(({ name, external }) => name === volume && external))
    return "it is not this stack's";
  if (!isPlain(seen)) return 'it is not a plain one of the local driver';
  if (work.policy.quiesce === 'none') return 'the copy is taken while programs write to it';
  const open = writersOf(volume, sides).find((holder) => !isLetGo(holder, containers, ['standstill']));
  if (open) return `container ${open.name} has it open, and is only paused`;
  const stranger = strangersOn(volume, observed).find(({ running }) => running);
  return stranger && `container ${stranger.name}, which is not of this stack, uses it`;
}
