import { deferred } from '../../src/lib/deferred.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import type { Engine, StackEvent, StackEventsQuery } from '../../src/platform/engine.ts';
import type { Kept, Machine } from './memory-machine.ts';

/** What happened on a machine, told to whoever listens. */
export interface MemoryEvents {
  tell(kept: Kept, what: string, more?: Partial<StackEvent>): void;
  tellAll(event: Omit<StackEvent, 'atMs'>, of: Whose): void;
  listen(query: StackEventsQuery, signal: AbortSignal): AsyncIterable<StackEvent>;
  /** As when the engine ends. */
  breakOff(): void;
}

interface Whose {
  readonly stack?: string | undefined;
  readonly name?: string;
}

interface Told extends Whose {
  readonly event: StackEvent;
}

interface Listener {
  readonly query: StackEventsQuery;
  readonly told: StackEvent[];
  broken: boolean;
  awake: ReturnType<typeof deferred<true>>;
}

export function memoryEvents(): MemoryEvents {
  const listeners = new Set<Listener>();
  const past: Told[] = [];
  const concerns = ({ stack, networks, volumes }: StackEventsQuery, { stack: owner, name = '' }: Told): boolean =>
    owner === stack || networks.includes(name) || volumes.includes(name);
  const events: MemoryEvents = {
    tell: ({ seen, stack }, what, more = {}) => {
      const ended = what === 'die' ? { exitCode: seen.state.exitCode } : {};
      events.tellAll({ of: 'container', id: seen.id, what, ...ended, ...more }, { stack });
    },
    tellAll(event, whose) {
      const told = { event: { ...event, atMs: Date.now() }, ...whose };
      past.push(told);
      for (const listener of listeners) {
        if (!concerns(listener.query, told)) continue;
        listener.told.push(told.event);
        listener.awake.resolve(true);
      }
    },
    breakOff() {
      for (const listener of listeners) {
        listener.broken = true;
        listener.awake.resolve(true);
      }
    },
    listen(query, signal) {
      const { sinceMs = Infinity } = query;
      const told = past.filter((each) => each.event.atMs >= sinceMs && concerns(query, each)).map(({ event }) => event);
      const listener: Listener = { query, told, broken: false, awake: deferred<true>() };
      listeners.add(listener);
      signal.addEventListener('abort', () => listener.awake.resolve(true), { once: true });
      return follow(listener, signal, () => listeners.delete(listener));
    },
  };
  return events;
}

async function* follow(listener: Listener, signal: AbortSignal, leave: () => void): AsyncGenerator<StackEvent> {
  try {
    while (!signal.aborted) {
      const next = listener.told.shift();
      if (next) yield next;
      else if (listener.broken) throw new EngineError('unreachable', 'The engine ended its stream of events');
      else {
        listener.awake = deferred<true>();
        await listener.awake.promise;
      }
    }
  } finally {
    leave();
  }
}

type Verbs = Pick<
  Engine,
  | 'createContainer'
  | 'stopContainer'
  | 'signalContainer'
  | 'renameContainer'
  | 'updateContainer'
  | 'removeContainer'
  | 'connectNetwork'
  | 'disconnectNetwork'
  | 'removeNetwork'
  | 'removeVolume'
>;

/** The engine's verbs, which tell what they did; what becomes of a program, it tells itself. */
export function telling(engine: Verbs, machine: Machine, events: MemoryEvents): Verbs {
  const verbs = { ...engine };
  const tell = (id: string, what: string, more?: Partial<StackEvent>): void => {
    const kept = machine.containers.get(id);
    if (kept) events.tell(kept, what, more);
  };
  const linked = async (what: string, { network, container }: { readonly network: string; readonly container: string }): Promise<void> => {
    const stack = machine.containers.get(container)?.stack;
    events.tellAll({ of: 'network', id: network, what }, { stack, name: network });
  };
  return {
    createContainer: (order, signal) => verbs.createContainer(order, signal).then((id) => (tell(id, 'create'), id)),
    stopContainer(id, signal, graceMs) {
      tell(id, 'kill', { signal: 15 });
      return verbs.stopContainer(id, signal, graceMs).then(() => tell(id, 'stop'));
    },
    signalContainer(id, name, signal) {
      tell(id, 'kill', { signal: name === 'SIGKILL' ? 9 : 15 });
      return verbs.signalContainer(id, name, signal);
    },
    renameContainer: (id, to, signal) => verbs.renameContainer(id, to, signal).then(() => tell(id, 'rename')),
    updateContainer: (id, update, signal) => verbs.updateContainer(id, update, signal).then(() => tell(id, 'update')),
    async removeContainer(id, signal) {
      const kept = machine.containers.get(id);
      await verbs.removeContainer(id, signal);
      if (kept) events.tell(kept, 'destroy');
    },
    connectNetwork: (link, signal) => verbs.connectNetwork(link, signal).then(() => linked('connect', link)),
    disconnectNetwork: (link, signal) => verbs.disconnectNetwork(link, signal).then(() => linked('disconnect', link)),
    async removeNetwork(id, signal) {
      const gone = machine.networks.get(id);
      await verbs.removeNetwork(id, signal);
      if (gone) events.tellAll({ of: 'network', id, what: 'destroy' }, gone);
    },
    async removeVolume(name, signal) {
      const gone = machine.volumes.get(name);
      await verbs.removeVolume(name, signal);
      if (gone) events.tellAll({ of: 'volume', id: name, what: 'destroy' }, gone);
    },
  };
}
