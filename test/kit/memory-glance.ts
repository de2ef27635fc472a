import { fromEntries } from '../../src/lib/record.ts';
import type { Observed } from '../../src/model/observed.ts';
import type { Engine } from '../../src/platform/engine.ts';
import { shownNow, type Machine } from './memory-machine.ts';

/** Without a query nobody says which stack is ours: a container of any stack's service counts as one. */
export function glanceAt(machine: Machine, touches: Parameters<Engine['glance']>[0]): Observed {
  const named = (kind: string): Set<string> => new Set(touches.filter((each) => each.kind === kind).map(({ name }) => name));
  const [images, networks, volumes, containers] = [named('image'), named('network'), named('volume'), named('container')];
  return {
    engine: machine.facts,
    images: fromEntries([...machine.images].filter(([name]) => images.has(name))),
    networks: fromEntries(
      [...machine.networks.values()].filter(({ name }) => networks.has(name)).map((each) => [each.name, each] as const),
    ),
    volumes: fromEntries([...machine.volumes].filter(([name]) => volumes.has(name))),
    containers: fromEntries(
      [...machine.containers.values()]
        .filter(({ seen }) => containers.has(seen.name))
        .map((kept) => [kept.seen.name, shownNow(machine, kept)] as const),
    ),
    others: fromEntries(machine.strangers.filter(({ name }) => containers.has(name)).map((each) => [each.name, each] as const)),
    listeners: [],
  };
}
