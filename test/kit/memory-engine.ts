import { fromEntries } from '../../src/lib/record.ts';
import type { NetworkSpec } from '../../src/model/desired.ts';
import type { ContainerState, Observed, SeenContainer, SeenImage, SeenNetwork } from '../../src/model/observed.ts';
import type { Attachment } from '../../src/model/settings.ts';
import { shownText } from '../../src/model/text.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import type { Engine } from '../../src/platform/engine.ts';
import { idOf, stack as shop } from './builders.ts';
import {
  find,
  isActive,
  lookAt,
  machineFrom,
  makeContainer,
  nameIsTaken,
  networkNamed,
  pulled,
  type Kept,
  type Machine,
} from './memory-machine.ts';
import type { Behaviour } from './memory-behaviour.ts';
import { contentWork, writing } from './memory-contents.ts';
import { glanceAt } from './memory-glance.ts';
import { memoryData } from './memory-data.ts';
import { memoryEvents, telling, type MemoryEvents } from './memory-events.ts';
import { volumeReads } from './memory-volumes.ts';
import { programs } from './memory-programs.ts';

export interface Fault {
  /** Of the calls that change something, or (`of: 'read'`) of those that only look; from 1. */
  readonly atCall: number;
  readonly of?: 'read';
  /** before, after: the connection breaks before or after the effect. hang, hang-after: no answer comes. refused: the engine says no. */
  readonly how: 'before' | 'after' | 'hang' | 'hang-after' | 'refused';
}

export interface MemoryOptions {
  /** Whose containers those of the first look are. */
  readonly stack?: string;
  /** In place of one made from the first look: such as a copy of another engine's. */
  readonly machine?: Machine;
  readonly fault?: Fault;
  behaves?(container: SeenContainer): Behaviour;
  /** Somebody else, right before the n-th call that changes something. */
  meddle?(call: number, engine: MemoryEngine): void;
  /** Somebody waits for an answer that never comes. */
  hangs?(signal: AbortSignal): void;
  /** What a pull or build brings. */
  registry?(reference: string): SeenImage;
}

/** An engine that keeps its machine in a variable. It answers at once, may fail where it is told to, and writes down what was asked. */
export interface MemoryEngine extends Engine {
  /** The machine as the stack sees it. */
  now(): Observed;
  /** Every call that was to change something, in order: "start shop-web-1". */
  readonly calls: readonly string[];
  readonly reads: number;
  readonly events: Pick<MemoryEvents, 'breakOff'>;
  /** For those who meddle. */
  readonly machine: Machine;
  change(id: string, state: Partial<ContainerState>): void;
}

export function memoryEngine(start: Observed, options: MemoryOptions = {}): MemoryEngine {
  const stack = options.stack ?? shop;
  const machine = options.machine ?? machineFrom(start, stack);
  const events = memoryEvents();
  const running = programs(machine, options.behaves ?? (() => ({})), (kept, what) => events.tell(kept, what));
  const calls: string[] = [];
  let reads = 0;
  const nameOf = (id: string): string => machine.containers.get(id)?.seen.name ?? id.slice(0, 12);

  async function answer<T>(signal: AbortSignal, how: Fault['how'] | undefined, effect: () => T): Promise<T> {
    await Promise.resolve();
    if (signal.aborted) throw new EngineError('timeout', 'No answer before the deadline');
    if (how === 'before') throw new EngineError('unreachable', 'The engine hung up');
    if (how === 'refused') throw new EngineError('refused', 'The engine says no');
    if (how === 'hang' || how === 'hang-after') options.hangs?.(signal);
    if (how === 'hang') await untilAborted(signal);
    const result = effect();
    if (how === 'after') throw new EngineError('unreachable', 'The engine did it, then hung up');
    if (how === 'hang-after') await untilAborted(signal);
    return result;
  }
  const act = <T>(what: string, signal: AbortSignal, effect: () => T): Promise<T> => {
    calls.push(what);
    options.meddle?.(calls.length, engine);
    return answer(signal, options.fault?.of !== 'read' && options.fault?.atCall === calls.length ? options.fault.how : undefined, effect);
  };
  const read = <T>(signal: AbortSignal, effect: () => T): Promise<T> => {
    reads++;
    return answer(signal, options.fault?.of === 'read' && options.fault.atCall === reads ? options.fault.how : undefined, effect);
  };
  const on = ([verb, id]: readonly [string, string], signal: AbortSignal, effect: (kept: Kept) => void): Promise<void> =>
    act(`${verb} ${nameOf(id)}`, signal, () => effect(find(machine, id)));
  const bring = (reference: string): void => {
    const brought = (options.registry ?? pulled)(reference);
    machine.images.set(reference, brought).set(brought.id, brought);
  };

  const engine: MemoryEngine = {
    now: () => lookAt(machine, { stack }),
    calls,
    get reads() {
      return reads;
    },
    events,
    machine,
    change: (id, state) => running.change(find(machine, id), state),
    facts: (signal) => read(signal, () => machine.facts),
    look: (query, signal) => read(signal, () => ({ ...lookAt(machine, query), listeners: [] })),
    glance: (touches, signal) => read(signal, () => glanceAt(machine, touches)),
    states: (ids, signal) =>
      read(signal, () =>
        fromEntries([...machine.containers].filter(([id]) => ids.includes(id)).map(([id, { seen }]) => [id, seen.state] as const)),
      ),
    removed: (_ids, signal) => read(signal, () => ({})),
    remoteDigest: (reference, signal) => read(signal, () => `sha256:${idOf(reference)}`),
    pullImage: ({ image: reference }, { signal }) => act(`pull ${reference}`, signal, () => bring(reference)),
    builder: (signal) => read(signal, () => 'classic'),
    buildImage: (reference, _build, { signal }) => act(`build ${reference}`, signal, () => bring(reference)),
    createNetwork: (network, { stack: owner, run }, signal) =>
      act(`create network ${network.name}`, signal, () => {
        if ([...machine.networks.values()].some(({ name }) => name === network.name))
          throw new EngineError('conflict', `network with name ${network.name} already exists`);
        const id = idOf(`network made ${++machine.made} ${network.name}`);
        machine.networks.set(id, {
          ...optionsOf(network),
          id,
          stack: owner,
          run,
        });
      }),
    removeNetwork: (id, signal) =>
      act(`remove network ${machine.networks.get(id)?.name ?? id.slice(0, 12)}`, signal, () => {
        const used = [...machine.containers.values()].some(
          ({ seen }) => isActive(seen.state) && Object.values(seen.settings.networks ?? {}).some((each) => each.id === id),
        );
        if (used) throw new EngineError('conflict', 'network has active endpoints');
        machine.networks.delete(id);
      }),
    createVolume: (volume, { stack: owner, run }, signal) =>
      act(`create volume ${volume.name}`, signal, () => {
        const there = machine.volumes.get(volume.name);
        // An engine says nothing of it; whose it is, its labels say
        if (there && there.run !== run) throw new EngineError('conflict', `A volume named ${volume.name} is there already`);
        machine.volumes.set(volume.name, {
          name: volume.name,
          driver: volume.driver ?? 'local',
          driverOptions: volume.driverOptions,
          labels: volume.labels,
          stack: owner,
          run,
        });
      }),
    removeVolume: (name, signal) =>
      act(`remove volume ${name}`, signal, () => {
        if ([...machine.containers.values()].some(({ seen }) => seen.settings.volumes?.some(({ source }) => source === name)))
          throw new EngineError('conflict', 'volume is in use');
        machine.volumes.delete(name);
        machine.contents.delete(name);
        machine.trees.delete(`volume ${name}`);
        machine.asides.delete(name);
      }),
    ...contentWork(machine, act),
    ...volumeReads(machine, read),
    createContainer: (order, signal) => act(`create ${order.name}`, signal, () => makeContainer(machine, order)),
    startContainer: (id, signal) => on(['start', id], signal, writing(machine, running.start)),
    stopContainer: (id, signal) => on(['stop', id], signal, running.stop),
    pauseContainer: (id, signal) => on(['pause', id], signal, running.pause),
    unpauseContainer: (id, signal) => on(['unpause', id], signal, running.unpause),
    restartContainer: (id, signal) =>
      on(['restart', id], signal, (kept) => {
        running.stop(kept);
        running.start(kept);
      }),
    signalContainer: (id, name, signal) => on([`${name} to`, id], signal, (kept) => running.signal(kept, name)),
    renameContainer: (id, to, signal) =>
      on([`rename to ${to}`, id], signal, (kept) => {
        if (kept.seen.name === to) return;
        if (nameIsTaken(machine, to)) throw new EngineError('conflict', `The container name "/${to}" is already in use`);
        kept.seen = { ...kept.seen, name: to };
      }),
    updateContainer: (id, { restart, resources }, signal) =>
      on(['update', id], signal, (kept) => {
        const limits = (resources ?? kept.seen.settings.resources) ? { resources: { ...kept.seen.settings.resources, ...resources } } : {};
        const { restart: policy = 'no', ...settings } = { ...kept.seen.settings, ...(restart !== undefined && { restart }), ...limits };
        kept.seen = { ...kept.seen, settings: { ...settings, ...(policy !== 'no' && { restart: policy }) } };
      }),
    removeContainer: (id, signal) =>
      act(`remove ${nameOf(id)}`, signal, () => {
        if (!/^[0-9a-f]{64}$/.test(id)) throw new Error(`A container is removed by its full id only, not by ${id}`);
        const kept = machine.containers.get(id);
        if (kept && isActive(kept.seen.state)) throw new EngineError('conflict', `You cannot remove a running container ${nameOf(id)}`);
        machine.containers.delete(id);
        if (kept) running.tell(id);
      }),
    connectNetwork: ({ network, container, attachment }, signal) =>
      on([`connect to ${network}`, container], signal, (kept) => {
        const { id } = networkNamed(machine, network);
        if (kept.seen.settings.network_mode === 'none')
          throw new EngineError('refused', 'container cannot be connected to multiple networks with one in private (none) mode');
        if (kept.seen.settings.networks?.[network]?.id !== id) attach(kept, network, { aliases: attachment.aliases, id });
      }),
    disconnectNetwork: ({ network, container }, signal) =>
      act(`disconnect from ${network} ${nameOf(container)}`, signal, () => {
        const kept = machine.containers.get(container);
        if (kept) attach(kept, network);
      }),
    ...memoryData(machine, { read, act }),
    watch(id, signal) {
      const seen = machine.containers.get(id)?.seen;
      if (seen && options.behaves?.(seen).neverEnds) options.hangs?.(signal);
      return running.watch(id, signal);
    },
    stackEvents: (query, signal) => read(signal, () => events.listen(query, signal)),
    exec(id, { command }, signal) {
      const words = command.map(shownText);
      // A hook changes something, a probe only looks
      if (words[0] !== 'hook') return read(signal, () => running.exec(find(machine, id), words));
      return act(`${words.join(' ')} in ${nameOf(id)}`, signal, () => running.exec(find(machine, id), words));
    },
    async *followLogs(id, from, signal) {
      yield* from === 'now' ? [] : await read(signal, () => running.log(find(machine, id)));
    },
    logs: (id, lines, signal) => read(signal, () => running.log(find(machine, id)).slice(-lines)),
  };
  return Object.assign(engine, telling(engine, machine, events));
}

function attach(kept: Kept, network: string, attachment?: Attachment): void {
  const { [network]: _before, ...others } = kept.seen.settings.networks ?? {};
  kept.seen = { ...kept.seen, settings: { ...kept.seen.settings, networks: { ...others, ...(attachment && { [network]: attachment }) } } };
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = (): void => reject(new EngineError('timeout', 'No answer before the deadline'));
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });
}

function optionsOf({ key: _key, external: _external, driver = 'bridge', ...options }: NetworkSpec): Omit<SeenNetwork, 'id'> {
  return { ...options, driver };
}
