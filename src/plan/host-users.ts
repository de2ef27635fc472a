import { values } from '../lib/record.ts';
import type { DataPlace } from '../model/data-place.ts';
import type { Desired } from '../model/desired.ts';
import { mountsPlace } from './data-users.ts';

/**
 * Whose ids a helper sees in a volume: those of the services that mount it. Where the engine maps users and one of them is exempt
 * (`userns_mode: host`), the ids of the host. A backup and its restore have to see the same ones.
 */
export function hostUsers(volume: string, desired: Pick<Desired, 'services'>): { readonly userns?: 'host' } {
  const place: DataPlace = { kind: 'volume', name: volume };
  const isExempt = values(desired.services).some(
    ({ settings }) => settings.userns_mode === 'host' && mountsPlace(settings, place, desired),
  );
  return isExempt ? { userns: 'host' } : {};
}
