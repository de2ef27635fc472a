import type { Change, ContainerChange, DataChange, RestoreChange } from '../model/change.ts';
import { sourceText, type RestoreSource } from '../model/restore-source.ts';
import { standstills } from './data-changes.ts';
import type { Sides } from './diff.ts';
import { pairsOf, selectedServices } from './services.ts';

interface Restore {
  /** The engine's name. */
  readonly volume: string;
  readonly from: RestoreSource;
}

/** Other content for a volume, and who stands still for it: nothing else of the stack changes. */
export function restoreChanges({ volume, from }: Restore, sides: Sides): Change[] {
  const { desired, observed, options } = sides;
  const restore: RestoreChange = {
    of: 'volume',
    verb: 'update',
    place: { kind: 'volume', name: volume },
    work: { kind: 'restore', from },
    fields: [{ path: 'content', have: 'as it is now', want: contentOf(from), cause: 'data', mend: 'update' }],
    because: 'it is restored',
  };
  const waiting = selectedServices(desired, options).flatMap((service) =>
    pairsOf(service, observed).flatMap(({ want, have }): ContainerChange[] => {
      if (!have) return [];
      const fields = standstills(have, [restore], sides);
      const because = 'a volume of it is restored';
      return fields.length > 0 ? [{ of: 'container', verb: 'update', want, have, fields, because }] : [];
    }),
  );
  return [restore, ...waiting];
}

export const isRestore = (change: DataChange): change is RestoreChange => change.work.kind === 'restore';

const contentOf = (from: RestoreSource): string =>
  from.kind === 'backup' ? `${sourceText(from)}, taken ${from.backup.takenAt} (${from.backup.entries} entries)` : sourceText(from);
