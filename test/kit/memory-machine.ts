import { pinnedMounts } from '../../src/model/images-of.ts';
import { fromEntries, type ByName } from '../../src/lib/record.ts';
import type {
  ContainerState,
  Observed,
  OtherContainer,
  SeenContainer,
  SeenImage,
  SeenNetwork,
  SeenVolume,
} from '../../src/model/observed.ts';
import type { Settings } from '../../src/model/settings.ts';
import { sharesOf, volumesFrom } from '../../src/model/shares.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import type { ContainerOrder, LookQuery } from '../../src/platform/engine.ts';
import { asShown } from './as-shown.ts';
import { idOf, image, state } from './builders.ts';
import { contentsAtFirst, type Contents } from './memory-contents.ts';
import type { DataLook } from '../../src/platform/data-work.ts';
import { dataFrom, dataSeen, type Aside, type Tree } from './memory-data.ts';

/** One container, and what Observed does not say of it. */
export interface Kept {
  seen: SeenContainer;
  readonly stack: string;
  /** The hooks that were run in it since it was started last; of one that was there at first, nobody knows. */
  hooked?: string[];
  /** Ids of those with whom it shares, by what its settings call them. */
  readonly joins: ByName<string>;
}

/** The machine itself: what is there, and what may and may not be done to it, as Docker has it. */
export interface Machine {
  readonly facts: Observed['engine'];
  readonly listeners: Observed['listeners'];
  readonly images: Map<string, SeenImage>;
  /** By id: two networks may have had one name. */
  readonly networks: Map<string, SeenNetwork>;
  readonly volumes: Map<string, SeenVolume>;
  /** What is in a volume, by its name; absent: nothing that anybody has put there. */
  readonly contents: Contents;
  readonly containers: Map<string, Kept>;
  readonly strangers: OtherContainer[];
  /** What is in volumes and folders, by `placeText`; of one that is not here nobody has written to it. */
  readonly trees: Map<string, Tree>;
  /** What runs keep in volumes of their own, by their names. */
  readonly asides: Map<string, Aside>;
  /** What was asked of a place last, by `placeText`: so it is shown. */
  readonly looks: Map<string, DataLook>;
  made: number;
}

export function machineFrom(start: Observed, stack: string): Machine {
  const all = Object.values(start.containers);
  const firstOf = (peer: string): SeenContainer | undefined =>
    all.find(({ service, number, name }) => service === peer && number === 1 && !name.includes('.')) ??
    all.find(({ service }) => service === peer);
  const joined = ({ settings }: SeenContainer): ByName<string> =>
    fromEntries(
      sharesOf(settings).flatMap(({ of, name, peer }) => {
        const found = of === 'service' ? firstOf(name) : start.others[name];
        return found ? [[peer, found.id] as const] : [];
      }),
    );
  const kept = (seen: SeenContainer): Kept => ({ seen, stack, joins: joined(seen) });
  return {
    facts: start.engine,
    listeners: start.listeners,
    images: new Map(Object.entries(start.images)),
    networks: new Map(Object.values(start.networks).map((each) => [each.id, each])),
    volumes: new Map(Object.entries(start.volumes)),
    contents: contentsAtFirst(start),
    containers: new Map(all.map((seen) => [seen.id, kept(seen)])),
    strangers: Object.values(start.others),
    ...dataFrom(start),
    asides: new Map(),
    made: 0,
  };
}

/** The machine as it is now: what becomes of the other does not touch it. */
export const copyOf = (machine: Machine): Machine => ({
  ...machine,
  images: new Map(machine.images),
  networks: new Map(machine.networks),
  volumes: new Map(machine.volumes),
  contents: new Map(machine.contents),
  containers: new Map([...machine.containers].map(([id, kept]) => [id, { ...kept, ...(kept.hooked && { hooked: [...kept.hooked] }) }])),
  strangers: [...machine.strangers],
  trees: new Map(machine.trees),
  asides: new Map(machine.asides),
  looks: new Map(machine.looks),
});

export const isActive = ({ status }: ContainerState): boolean => ['running', 'paused', 'restarting'].includes(status);

/** The whole machine as one stack sees it. */
export function lookAt(machine: Machine, query: Pick<LookQuery, 'stack'> & Partial<LookQuery>): Observed {
  const own = [...machine.containers.values()].filter(({ stack }) => stack === query.stack);
  const wanted = (network: SeenNetwork): boolean => network.stack === query.stack || (query.networks ?? []).includes(network.name);
  const volumes = [...machine.volumes.values()].filter(
    ({ name, stack }) => stack === query.stack || query.volumes === undefined || query.volumes.includes(name),
  );
  return {
    engine: machine.facts,
    images: fromEntries(machine.images),
    networks: fromEntries(
      [...machine.networks.values()]
        .filter((each) => query.networks === undefined || wanted(each))
        .map((each) => [each.name, each] as const),
    ),
    volumes: fromEntries(volumes.map((each) => [each.name, each] as const)),
    containers: fromEntries(own.map((each) => [each.seen.name, shownNow(machine, each)] as const)),
    others: fromEntries(
      [...machine.strangers, ...[...machine.containers.values()].filter((each) => !own.includes(each)).map(asOther)].map(
        (each) => [each.name, each] as const,
      ),
    ),
    listeners: machine.listeners,
    ...dataSeen(machine),
  };
}

/** A container whose peer is gone still names it by its id. */
export function shownNow({ containers, strangers }: Machine, { seen, joins }: Kept): SeenContainer {
  const isThere = (id: string): boolean => containers.has(id) || strangers.some((each) => each.id === id);
  const gone = Object.entries(joins).filter(([, id]) => !isThere(id));
  const { network_mode, pid, ipc, volumes_from } = seen.settings;
  const named = (peer: string): string => {
    const id = gone.find(([each]) => each === peer)?.[1];
    return id === undefined ? peer : `container:${id}`;
  };
  if (gone.length === 0) return seen;
  const volumes = volumes_from?.map((text) => {
    const { of, name, mode } = volumesFrom(text);
    const peer = named(`${of}:${name}`).replace(/^service:/, '');
    return mode === '' ? peer : `${peer}:${mode}`;
  });
  const modes = {
    ...(network_mode && { network_mode: named(network_mode) }),
    ...(pid && { pid: named(pid) }),
    ...(ipc && { ipc: named(ipc) }),
  };
  return { ...seen, settings: { ...seen.settings, ...modes, ...(volumes && { volumes_from: volumes }) } };
}

const asOther = ({ seen, stack }: Kept): OtherContainer => ({
  id: seen.id,
  name: seen.name,
  running: isActive(seen.state),
  stack,
  ports: isActive(seen.state) ? (seen.settings.ports ?? []) : [],
});

/** By its full id. */
export function find({ containers }: Machine, id: string): Kept {
  const kept = containers.get(id);
  if (!kept) throw new EngineError('not-found', `No such container: ${id.slice(0, 12)}`);
  return kept;
}

export const nameIsTaken = ({ containers, strangers }: Machine, name: string): boolean =>
  [...containers.values()].some(({ seen }) => seen.name === name) || strangers.some((each) => each.name === name);

export function networkNamed({ networks }: Machine, name: string): SeenNetwork {
  const network = [...networks.values()].find((each) => each.name === name);
  if (!network) throw new EngineError('not-found', `network ${name} not found`);
  return network;
}

/** A container made to order: created, attached, never started. */
export function makeContainer(machine: Machine, order: ContainerOrder): string {
  const {
    owner,
    name,
    service,
    number,
    files,
    workingDir,
    settings,
    joins = {},
    inherits,
    mountedImages = {},
    image = settings.image,
  } = order;
  const from = machine.images.get(image);
  if (!from) throw new EngineError('not-found', `No such image: ${image}`);
  if (nameIsTaken(machine, name)) throw new EngineError('conflict', `The container name "/${name}" is already in use`);
  for (const id of Object.values(joins)) if (!machine.strangers.some((each) => each.id === id)) find(machine, id);
  const networks = Object.entries(settings.networks ?? {}).map(
    ([key, { aliases }]) => [key, { aliases, id: networkNamed(machine, key).id }] as const,
  );
  const id = idOf(`made ${++machine.made} ${name}`);
  const volumes = settings.volumes && pinnedMounts(settings.volumes, mountedImages);
  const shown = asShown(
    { ...settings, ...(volumes && { volumes }), ...(settings.networks && { networks: fromEntries(networks) }) },
    from.defaults,
  );
  const anonymous = (shown.volumes ?? [])
    .filter(({ type, source }) => type === 'volume' && source === '')
    .map(({ target }) => [target, inherits[target] ?? idOf(`anonymous ${id} ${target}`)] as const);
  const seen: SeenContainer = {
    id,
    name,
    service,
    number,
    imageId: from.id,
    settings: shown,
    state: state('created'),
    anonymous: fromEntries(anonymous),
    files,
    workingDir,
    run: owner.run,
    edited: [],
  };
  machine.containers.set(id, { seen, stack: owner.stack, joins });
  for (const name of namedVolumes(shown).filter((each) => !machine.volumes.has(each)))
    machine.volumes.set(name, { name, driver: 'local', driverOptions: {}, labels: {} });
  return id;
}

/** Of a volume that is not there the engine makes one, whose it is nobody knows. */
const namedVolumes = ({ volumes = [] }: Settings): string[] =>
  volumes.flatMap(({ type, source }) => (type === 'volume' && source !== '' ? [source] : []));

export const pulled = (reference: string): SeenImage => image(reference);
export const hasCheck = ({ healthcheck }: Settings): boolean => healthcheck?.test !== undefined && healthcheck.test[0] !== 'NONE';
