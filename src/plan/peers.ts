import { fromEntries, get } from '../lib/record.ts';
import { linkOf, sharesOf, volumesFrom, type Share } from '../model/shares.ts';
import { writableVolumes } from '../model/writable-volumes.ts';
import type { Desired, WantedContainer } from '../model/desired.ts';
import type { Observed, OtherContainer, SeenContainer } from '../model/observed.ts';
import type { Settings } from '../model/settings.ts';

/** A service of the stack that the containers of another one hold on to: they go when it goes. */
export interface Peer {
  readonly service: string;
  readonly field: Share['field'] | 'links';
  /** Whether it must run as well, and is another one once it has started anew: volumes need only be there. */
  readonly mustRun: boolean;
}

/**
 * The services whose containers these settings name by their ids. On the engine's own network a link is one of them; on any other
 * the engine looks up the linked name each time that somebody asks for it.
 */
export function peersOf(settings: Settings): Peer[] {
  const shared = sharesOf(settings)
    .filter(({ of }) => of === 'service')
    .map(({ field, name }): Peer => ({ service: name, field, mustRun: field !== 'volumes_from' }));
  const links = settings.network_mode === 'bridge' ? (settings.links ?? []) : [];
  return [...shared, ...links.map((link): Peer => ({ service: linkOf(link).name, field: 'links', mustRun: true }))];
}

/** Whether these settings hold on to that service. */
export const holdsOnTo = (settings: Settings, service: string): boolean => peersOf(settings).some((peer) => peer.service === service);

/** The names of the containers that these settings share something with, by what they call them. */
export function joinedBy(settings: Settings, { desired, observed }: { readonly desired: Desired; readonly observed: Observed }) {
  const names = sharesOf(settings).flatMap(({ of, name, peer }) => {
    const found = of === 'service' ? get(desired.services, name)?.replicas[0] : containerNamed(name, observed);
    return found ? [[peer, found.name] as const] : [];
  });
  return names.length > 0 ? { joins: fromEntries(names) } : {};
}

/** The container that a person means by a name or an id, as the engine takes them. */
export function containerNamed(name: string, { containers, others }: Observed): SeenContainer | OtherContainer | undefined {
  const exact = get(containers, name) ?? get(others, name);
  if (exact || !/^[0-9a-f]+$/.test(name)) return exact;
  const all: readonly (SeenContainer | OtherContainer)[] = [...Object.values(containers), ...Object.values(others)];
  const found = all.filter(({ id }) => id.startsWith(name));
  return found.length === 1 ? found[0] : undefined;
}

/** Its links as the engine takes them: by the name of each linked container, under the names that Compose gives them. */
export function engineLinks({ service, replica }: WantedContainer, { stack, services }: Desired): readonly string[] {
  const { links = [], external_links = [] } = service.settings;
  const own = links.flatMap((link) => {
    const { name, alias } = linkOf(link);
    const aliases = [alias, `${name}-${replica.number}`, `${stack}-${name}-${replica.number}`];
    return (get(services, name)?.replicas ?? []).flatMap((linked) => aliases.map((each) => `${linked.name}:${each}`));
  });
  return [...own, ...external_links];
}

/** The same settings with the names that containers have now, where a person wrote ids. */
export function withNames(settings: Settings, observed: Observed): Settings {
  const named = (text: string): string =>
    text.replace(/^container:([^:]+)/, (whole, name: string) => {
      const found = containerNamed(name, observed);
      return found ? `container:${found.name}` : whole;
    });
  const { network_mode, pid, ipc, volumes_from } = settings;
  return {
    ...settings,
    ...(network_mode !== undefined && { network_mode: named(network_mode) }),
    ...(pid !== undefined && { pid: named(pid) }),
    ...(ipc !== undefined && { ipc: named(ipc) }),
    ...(volumes_from && { volumes_from: volumes_from.map(named) }),
  };
}

/** The volumes that it can write to because it has those of another service, too. */
export function borrowedBy({ volumes_from = [] }: Settings, { services }: Desired): { readonly borrows?: readonly string[] } {
  const borrows = volumes_from.map(volumesFrom).flatMap(({ of, name, mode }) => {
    const peer = of === 'service' ? get(services, name) : undefined;
    return peer && mode !== 'ro' ? writableVolumes(peer.settings) : [];
  });
  return borrows.length > 0 ? { borrows } : {};
}
