import fc from 'fast-check';
import type { Observed } from '../../src/model/observed.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import type { Engine, LookQuery } from '../../src/platform/engine.ts';
import { image, within } from './contract-kit.ts';

/** One call, in words that mean the same on any engine: containers, networks and volumes are slots of which each engine knows its own. */
export type Call =
  | { readonly verb: 'create'; readonly slot: number; readonly name: number; readonly nets: readonly number[]; readonly volume?: number }
  | {
      readonly verb: 'start' | 'stop' | 'pause' | 'unpause' | 'restart' | 'kill' | 'remove' | 'limit' | 'always' | 'run';
      readonly slot: number;
    }
  | { readonly verb: 'rename'; readonly slot: number; readonly name: number }
  | { readonly verb: 'connect' | 'disconnect'; readonly slot: number; readonly net: number }
  | { readonly verb: 'create network' | 'remove network'; readonly net: number }
  | { readonly verb: 'create volume' | 'remove volume'; readonly volume: number };

const slot = fc.integer({ min: 0, max: 2 });
const pair = fc.integer({ min: 0, max: 1 });
const verbOf = <const Verb extends string>(...verbs: readonly Verb[]): fc.Arbitrary<Verb> => fc.constantFrom(...verbs);

export const calls: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      { verb: verbOf('create'), slot, name: slot, nets: fc.subarray([0, 1]), volume: pair },
      { requiredKeys: ['verb', 'slot', 'name', 'nets'] },
    ),
  },
  { weight: 5, arbitrary: fc.record({ verb: verbOf('start'), slot }) },
  {
    weight: 7,
    arbitrary: fc.record({ verb: verbOf('stop', 'pause', 'unpause', 'restart', 'kill', 'remove', 'limit', 'always', 'run'), slot }),
  },
  { weight: 2, arbitrary: fc.record({ verb: verbOf('rename'), slot, name: slot }) },
  { weight: 3, arbitrary: fc.record({ verb: verbOf('connect', 'disconnect'), slot, net: pair }) },
  { weight: 3, arbitrary: fc.record({ verb: verbOf('create network', 'create network', 'remove network'), net: pair }) },
  { weight: 2, arbitrary: fc.record({ verb: verbOf('create volume', 'create volume', 'remove volume'), volume: pair }) },
);

/** An engine with a stack of its own, on which such calls can be made. */
export interface Player {
  /** What came of it: "done", or the code of the error. */
  play(call: Call): Promise<string>;
  /** What of the stack is there now, without what no two engines have in common. */
  shows(): Promise<unknown>;
  end(): Promise<void>;
}

const nobody = '0'.repeat(64);

export function player(engine: Engine, stack: string): Player {
  const ids = new Map<number, string>();
  const owner = { stack, run: 'run-of-calls' };
  const query: LookQuery = { stack, images: [image], networks: [], volumes: [] };
  const idOf = (slot: number): string => ids.get(slot) ?? nobody;
  const net = (number: number): string => `${stack}_net${number}`;
  const volume = (number: number): string => `${stack}_vol${number}`;
  const name = (number: number): string => `${stack}-c${number}`;
  const look = (): Promise<Observed> => engine.look(query, within());

  async function make(call: Call): Promise<unknown> {
    const until = within();
    switch (call.verb) {
      case 'create': {
        // On a network that is not there one engine makes it and another does not; nothing here ever asks for that
        const { networks } = await look();
        const order = orderFor({ ...call, nets: call.nets.filter((each) => networks[net(each)]) }, { net, volume });
        return ids.set(call.slot, await engine.createContainer({ ...order, owner, name: name(call.name) }, until));
      }
      case 'start':
        return engine.startContainer(idOf(call.slot), until);
      case 'stop':
        return engine.stopContainer(idOf(call.slot), until, 5_000);
      case 'pause':
        return engine.pauseContainer(idOf(call.slot), until);
      case 'unpause':
        return engine.unpauseContainer(idOf(call.slot), until);
      case 'restart':
        return engine.restartContainer(idOf(call.slot), until);
      case 'kill':
        return engine.signalContainer(idOf(call.slot), 'SIGHUP', until);
      case 'remove':
        return engine.removeContainer(idOf(call.slot), until);
      case 'limit':
        return engine.updateContainer(idOf(call.slot), { resources: { memory: 64 * 1024 ** 2 } }, until);
      case 'always':
        return engine.updateContainer(idOf(call.slot), { restart: 'unless-stopped' }, until);
      case 'run':
        return engine.exec(idOf(call.slot), { command: ['busybox', 'true'] }, until);
      case 'rename':
        return engine.renameContainer(idOf(call.slot), name(call.name), until);
      case 'connect':
        // Of one that does not run, an engine says "done" where there is no network, and does nothing
        if (!(await look()).networks[net(call.net)]) return undefined;
        return engine.connectNetwork(
          { network: net(call.net), container: idOf(call.slot), attachment: { aliases: [`a${call.slot}`] } },
          until,
        );
      case 'disconnect':
        return engine.disconnectNetwork({ network: net(call.net), container: idOf(call.slot), attachment: { aliases: [] } }, until);
      case 'create network':
        return engine.createNetwork(
          { name: net(call.net), key: `net${call.net}`, external: false, internal: false, labels: {} },
          owner,
          until,
        );
      case 'remove network':
        return engine.removeNetwork((await look()).networks[net(call.net)]?.id ?? nobody, until);
      case 'create volume':
        return engine.createVolume(
          { name: volume(call.volume), key: `vol${call.volume}`, external: false, driverOptions: {}, labels: {} },
          owner,
          until,
        );
      case 'remove volume':
        return engine.removeVolume(volume(call.volume), until);
    }
  }

  return {
    play: (call) => make(call).then(() => 'done', codeOf),
    shows: async () => shown(await look()),
    end: () => sweepAway(engine, query),
  };
}

function codeOf(error: unknown): string {
  if (!(error instanceof EngineError)) throw error;
  return error.code;
}

/** Ends at once when it is told to. */
const command = ['busybox', 'sh', '-c', 'trap "exit 0" TERM; trap : HUP; while :; do busybox sleep 0.1; done'];

interface Naming {
  net(number: number): string;
  volume(number: number): string;
}

function orderFor(call: Extract<Call, { readonly verb: 'create' }>, { net, volume }: Naming) {
  return {
    service: `c${call.slot}`,
    number: 1,
    files: ['/srv/adp/compose.yaml'],
    workingDir: '/srv/adp',
    imageId: `sha256:${'0'.repeat(64)}`,
    dependsOn: '',
    inherits: {},
    settings: {
      image,
      command,
      ...(call.nets.length > 0
        ? { networks: Object.fromEntries(call.nets.map((each) => [net(each), { aliases: [`a${call.slot}`] }])) }
        : { network_mode: 'none' }),
      ...(call.volume !== undefined && {
        volumes: [{ type: 'volume' as const, source: volume(call.volume), target: '/data', read_only: false }],
      }),
    },
  };
}

function shown({ containers, networks, volumes }: Observed): unknown {
  const sorted = (all: readonly string[]): string[] => [...all].sort();
  return {
    containers: Object.values(containers)
      .map(({ name, service, run, state, settings }) => ({
        name,
        service,
        run,
        status: state.status,
        networks: Object.entries(settings.networks ?? {})
          .map(([key, { aliases }]) => `${key} as ${sorted(aliases).join(' ')}`)
          .sort(),
        restart: settings.restart ?? 'no',
        memory: settings.resources?.memory,
        volumes: sorted((settings.volumes ?? []).map(({ source, target }) => `${source}:${target}`)),
      }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
    networks: sorted(Object.keys(networks)),
    volumes: sorted(Object.keys(volumes)),
  };
}

async function sweepAway(engine: Engine, query: LookQuery): Promise<void> {
  const { containers, networks, volumes } = await engine.look(query, within());
  for (const { id, state } of Object.values(containers)) {
    if (state.status === 'paused') await engine.unpauseContainer(id, within());
    await engine.stopContainer(id, within(), 1_000);
    await engine.removeContainer(id, within());
  }
  for (const { id } of Object.values(networks)) await engine.removeNetwork(id, within());
  for (const name of Object.keys(volumes)) await engine.removeVolume(name, within());
}
