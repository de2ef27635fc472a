import { canonical } from '../lib/canonical.ts';
import { sha256 } from '../lib/hash.ts';
import { fromEntries, get, names, type ByName } from '../lib/record.ts';
import { lasting } from '../model/lasting.ts';
import type { Observed, SeenContainer } from '../model/observed.ts';

/** One hash for each resource that a plan is made from. Never empty, also for an empty world: the engine is part of it. */
export function fingerprint(observed: Observed): ByName<string> {
  const parts: [string, unknown][] = [
    ['engine', observed.engine.id],
    ...Object.entries(observed.containers).map(([name, seen]): [string, unknown] => [`container ${name}`, standing(seen)]),
    ...Object.entries(observed.networks).map(([name, { id }]): [string, unknown] => [`network ${name}`, id]),
    ...Object.entries(observed.volumes).map(([name, volume]): [string, unknown] => [`volume ${name}`, volume]),
    ...Object.entries(observed.images).map(([name, { id }]): [string, unknown] => [`image ${name}`, id]),
    ...foreignPorts(observed),
  ];
  return fromEntries(parts.map(([name, value]) => [name, sha256(canonical(value)).slice(0, 16)]));
}

/** Who holds a port of the stack from outside: by the socket, which is another one for whoever takes the port next. */
function foreignPorts({ containers, listeners }: Observed): [string, unknown][] {
  const own = new Set(Object.values(containers).map(({ id }) => id));
  return listeners
    .filter(({ holders }) => !holders.some(({ containerId = '' }) => own.has(containerId)))
    .map(({ protocol, address, port, inode }) => [`port ${port}/${protocol} on ${address}`, inode]);
}

/** What a walk back must bring back: identity, settings, whether it runs. Neither health nor counters nor times. */
export function standing({ id, name, imageId, settings, state }: SeenContainer): unknown {
  return { id, name, imageId, settings: lasting(settings), runs: state.status === 'restarting' ? 'running' : state.status };
}

/** The resources whose fingerprints differ, in words. */
export function differences(before: ByName<string>, now: ByName<string>): string[] {
  return names({ ...before, ...now }).flatMap((name) => {
    const [was, is] = [get(before, name), get(now, name)];
    if (was === is) return [];
    if (was === undefined) return [`${name} is new`];
    return [is === undefined ? `${name} is gone` : `${name} has changed`];
  });
}
