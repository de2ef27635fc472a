import type { Port } from '../../src/model/settings.ts';
import { sharesOf, type Share } from '../../src/model/shares.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import { isActive, type Kept, type Machine } from './memory-machine.ts';

/** Why a container cannot start now; undefined if it can. */
export function whyNoStart(machine: Machine, { seen, joins }: Kept): EngineError | undefined {
  const missing = Object.values(seen.settings.networks ?? {}).find(({ id }) => id !== undefined && !machine.networks.has(id));
  if (missing) return new EngineError('not-found', `network ${missing.id?.slice(0, 12) ?? ''} not found`);
  const isRunning = (id: string): boolean =>
    machine.containers.get(id)?.seen.state.status === 'running' || machine.strangers.some((each) => each.id === id && each.running);
  const isAlone = ({ field, peer }: Share): boolean => field !== 'volumes_from' && !isRunning(joins[peer] ?? '');
  if (sharesOf(seen.settings).some(isAlone)) return new EngineError('conflict', 'cannot join a namespace of a non running container');
  const held = [...machine.containers.values()]
    .filter((other) => other.seen !== seen && isActive(other.seen.state))
    .flatMap((other) => socketsOf(other.seen.settings.ports));
  const taken = [
    ...held,
    ...machine.strangers.filter(({ running }) => running).flatMap(({ ports }) => socketsOf(ports)),
    ...machine.listeners.map(({ port, protocol }) => `${port}/${protocol}`),
  ];
  const clash = socketsOf(seen.settings.ports).find((socket) => taken.includes(socket));
  return clash === undefined ? undefined : new EngineError('refused', `Bind for 0.0.0.0:${clash} failed: port is already allocated`);
}

/** Fixed host ports; the tests use no addresses. */
const socketsOf = (ports: readonly Port[] = []): string[] =>
  ports.filter(({ published }) => /^\d+$/.test(published)).map(({ published, protocol }) => `${published}/${protocol}`);
