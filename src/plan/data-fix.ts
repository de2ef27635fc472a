import type { Change, ContainerChange } from '../model/change.ts';
import { ownChanges, standstills } from './data-changes.ts';
import type { Sides } from './diff.ts';
import { pairsOf, selectedServices } from './services.ts';

/** Only that files get the owner and mode that are declared: whoever runs with them is stopped before, and started after. */
export function fixChanges(sides: Sides): Change[] {
  const { desired, observed, options } = sides;
  const services = selectedServices(desired, options);
  const owns = ownChanges(services, sides);
  const waiting = services.flatMap((service) =>
    pairsOf(service, observed).flatMap(({ want, have }): ContainerChange[] => {
      if (!have) return [];
      const fields = standstills(have, owns, sides);
      const because = 'files in a volume of it are changed';
      return fields.length > 0 ? [{ of: 'container', verb: 'update', want, have, fields, because }] : [];
    }),
  );
  return [...owns, ...waiting];
}
