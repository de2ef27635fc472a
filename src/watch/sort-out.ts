import { get } from '../lib/record.ts';
import type { Desired } from '../model/desired.ts';
import type { Drift } from '../model/drift.ts';
import { holdsOnTo, peersOf } from '../plan/peers.ts';
import { needsOf } from '../plan/services.ts';
import { whyDown, type Pasts } from './pasts.ts';

/** Drift, and why a watch would leave it alone; absent: it may be mended. */
export interface Sorted {
  readonly drift: Drift;
  readonly leave?: string;
}

/**
 * Tells what a watch may mend from what is a person's to decide: what somebody stopped or paused, what would carry out changes that
 * nobody has applied, what is lost with a volume, and whatever stands on one of these.
 */
export function sortOut(drifts: readonly Drift[], desired: Desired, pasts: Pasts): Sorted[] {
  const volumes = new Set(drifts.filter(({ of, stands }) => of === 'volume' && stands === 'gone').map(({ name }) => name));
  const own = drifts.map((drift): Sorted => withLeave(drift, ownReason(drift, pasts) ?? volumeReason(drift, desired, volumes)));
  return standOn(own, desired);
}

const withLeave = (drift: Drift, leave: string | undefined): Sorted => ({ drift, ...(leave !== undefined && { leave }) });

function ownReason({ of, stands, id = '', edited }: Drift, pasts: Pasts): string | undefined {
  if ((of === 'volume' || of === 'folder') && stands !== 'gone') return 'its files are given their owner by apply, or by volume fix';
  if (of === 'volume') return 'what was in it is gone, and an empty one would hide that';
  if (edited) return 'what is declared has changed as well, and nobody has applied that';
  if (stands === 'paused') return 'somebody paused it';
  if (stands !== 'down') return undefined;
  const why = whyDown(pasts, id);
  if (why === 'on-purpose') return 'somebody stopped it';
  return why === 'unknown' ? 'it did not run when the watch began, so somebody may have stopped it' : undefined;
}

function volumeReason({ service = '' }: Drift, { services }: Desired, gone: ReadonlySet<string>): string | undefined {
  const missing = get(services, service)?.settings.volumes?.find(({ source }) => gone.has(source));
  return missing && `its volume ${missing.source} is gone`;
}

/** What needs something that is left alone, is left alone too; so is a running one whose network another shares that is. */
function standOn(sorted: readonly Sorted[], desired: Desired): Sorted[] {
  const left = new Set(sorted.flatMap(({ drift, leave }) => (leave !== undefined && drift.service !== undefined ? [drift.service] : [])));
  const next = sorted.map((each): Sorted => {
    if (each.leave !== undefined) return each;
    const service = get(desired.services, each.drift.service ?? '');
    const need = service && needsOf(service).find((other) => left.has(other.service));
    if (need) return { ...each, leave: `${need.service}, which it needs, is left alone` };
    const sharer = each.drift.stands === 'up' ? sharersOf(each.drift.service, desired).find((name) => left.has(name)) : undefined;
    return sharer === undefined ? each : { ...each, leave: `${sharer}, which shares its network, is left alone` };
  });
  const settled = next.every(({ leave }, i) => leave === sorted[i]?.leave);
  return settled ? next : standOn(next, desired);
}

const sharersOf = (name: string | undefined, { services }: Desired): string[] =>
  Object.values(services).flatMap((other) => (name !== undefined && holdsOnTo(other.settings, name) ? [other.name] : []));

/** Those that hold on to one another are mended together or not at all: the first name of all that belong together. */
export function groupOf(service: string, desired: Desired): string {
  const group = new Set([service]);
  // A set goes on over what is added meanwhile
  for (const name of group) {
    const peers = peersOf(get(desired.services, name)?.settings ?? { image: '' });
    for (const other of [...peers.map((peer) => peer.service), ...sharersOf(name, desired)]) group.add(other);
  }
  return [...group].sort()[0] ?? service;
}
