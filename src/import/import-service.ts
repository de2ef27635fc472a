import { canonical } from '../lib/canonical.ts';
import { durationText } from '../lib/duration.ts';
import { present } from '../lib/present.ts';
import { fromEntries, get, names, type ByName } from '../lib/record.ts';
import type { ImageDefaults, SeenContainer } from '../model/observed.ts';
import type { Port, Resources, Settings } from '../model/settings.ts';
import { linkOf } from '../model/shares.ts';
import type { Text } from '../model/text.ts';
import { portText } from '../model/host-socket.ts';
import { importHealthcheck } from './import-healthcheck.ts';
import { importHooks } from './import-hooks.ts';
import { importMounts } from './import-mounts.ts';
import type { Writing } from './imported.ts';
import { plain } from './writing.ts';

export interface ImportingService {
  readonly name: string;
  readonly stack: string;
  /** Its containers by their number. */
  readonly containers: readonly SeenContainer[];
  /** What the image that they were made from brings; nothing of it is declared. */
  readonly image: ImageDefaults;
  readonly writing: Writing;
  /** Keys in the file by the engine's names. */
  readonly networkKey: (name: string) => string;
  readonly volumeKey: (name: string) => string;
}

/** One service as a stack file says it, such that it asks for exactly the containers that are there. */
export function importService(importing: ImportingService): ByName<unknown> {
  const { name, stack, containers, image } = importing;
  const [first] = containers;
  if (!first) throw new Error(`The service ${name} has no container`);
  const { settings } = first;
  const { volumes, tmpfs } = importMounts(settings.volumes ?? [], importing);
  return present({
    image: plain(settings.image),
    container_name: containers.length === 1 && first.name !== `${stack}-${name}-1` ? first.name : undefined,
    ...program(settings, importing),
    ...importHooks(settings, importing),
    ports: some((settings.ports ?? []).map(shortPort)),
    volumes,
    tmpfs,
    network_mode: settings.network_mode,
    pid: settings.pid,
    ipc: settings.ipc,
    volumes_from: settings.volumes_from,
    links: settings.links?.map(shortLink),
    external_links: settings.external_links?.map(shortLink),
    networks: networksOf(settings, importing),
    healthcheck: importHealthcheck(settings.healthcheck, importing),
    restart: settings.restart,
    ...limitsOf(containers.length, settings.resources),
    labels: mapOf('labels', added(settings.labels ?? {}, image.labels), importing),
    ...plainSettings(settings),
    logging: settings.logging && {
      driver: settings.logging.driver,
      options: mapOf('logging', settings.logging.options, importing),
    },
  });
}

/** A name that is its own alias says so alone. */
const shortLink = (link: string): string => {
  const { name, alias } = linkOf(link);
  return plain(name === alias ? name : link);
};

/** Without a port of the host, an address needs a second colon. */
const shortPort = (port: Port): string => {
  const text = portText(port).replace(/\/tcp$/, '');
  return port.published === '' && port.host_ip !== '' ? text.replace(/:(?=\d+(\/\w+)?$)/, '::') : text;
};

/** What the image does not say already. An entrypoint of its own clears the image's command. */
function program(settings: Settings, importing: ImportingService) {
  const { image } = importing;
  const ownEntrypoint = !same(settings.entrypoint ?? [], image.entrypoint);
  const command = settings.command ?? [];
  const brought = ownEntrypoint ? [] : image.command;
  const words = (field: string, list: readonly Text[]) => list.map((word) => importing.writing.text([importing.name, field], word));
  const differs = (field: 'user' | 'working_dir' | 'stop_signal'): string | undefined =>
    (settings[field] ?? '') === image[field] ? undefined : plain(settings[field] ?? '');
  return {
    entrypoint: ownEntrypoint ? words('entrypoint', settings.entrypoint ?? []) : undefined,
    command: same(command, brought) ? undefined : words('command', command),
    environment: environmentOf(settings, importing),
    user: differs('user'),
    working_dir: differs('working_dir'),
    stop_signal: differs('stop_signal'),
    stop_grace_period: settings.stop_grace_period === undefined ? undefined : durationText(settings.stop_grace_period),
  };
}

/** A variable of the image that the container does not have was taken away. */
function environmentOf({ environment = {} }: Settings, importing: ImportingService): ByName<string | null> | undefined {
  const { image } = importing;
  const own = mapOf('', added(environment, image.environment), importing) ?? {};
  const gone = names(image.environment).filter((name) => !Object.hasOwn(environment, name));
  return some({ ...own, ...fromEntries(gone.map((name) => [name, null] as const)) });
}

function networksOf({ networks = {} }: Settings, { name, networkKey }: ImportingService): ByName<unknown> | undefined {
  const keyed = names(networks).map((network) => {
    const aliases = (get(networks, network)?.aliases ?? []).filter((alias) => alias !== name);
    return [networkKey(network), aliases.length === 0 ? null : { aliases }] as const;
  });
  const onlyDefault = keyed.length === 1 && keyed[0]?.[0] === 'default' && keyed[0][1] === null;
  return onlyDefault ? undefined : some(fromEntries(keyed));
}

function limitsOf(replicas: number, resources: Resources = {}) {
  const { cpus, memory, memory_reservation, pids } = resources;
  const limits = some(present({ cpus, memory: size(memory), pids }));
  const reservations = some(present({ memory: size(memory_reservation) }));
  const parts = some(present({ limits, reservations }));
  return { deploy: some(present({ replicas: replicas > 1 ? replicas : undefined, resources: parts })) };
}

const plainSettings = (settings: Settings) => ({
  hostname: settings.hostname,
  cap_add: settings.cap_add,
  cap_drop: settings.cap_drop,
  read_only: settings.read_only,
  ulimits: settings.ulimits,
  extra_hosts: settings.extra_hosts,
  dns: settings.dns,
  init: settings.init,
  privileged: settings.privileged,
  shm_size: size(settings.shm_size),
});

/** What is not there already with the same value. */
const added = (seen: ByName<Text | null>, brought: ByName<Text>): ByName<Text> =>
  fromEntries(
    Object.entries(seen).flatMap(([key, value]) => (value === null || same(value, get(brought, key)) ? [] : [[key, value] as const])),
  );

function mapOf(field: string, values: ByName<Text>, { name, writing }: ImportingService): ByName<string> | undefined {
  const where = (key: string): string[] => [name, field, key].filter((part) => part !== '');
  return some(fromEntries(names(values).map((key) => [key, writing.text(where(key), values[key] ?? '')] as const)));
}

const same = (left: unknown, right: unknown): boolean => canonical(left) === canonical(right);

const some = <T extends object>(value: T): T | undefined => (Object.keys(value).length > 0 ? value : undefined);

/** Bytes in the largest unit that fits. */
function size(bytes: number | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  if (bytes % 1024 ** 3 === 0) return `${bytes / 1024 ** 3}g`;
  return bytes % 1024 ** 2 === 0 ? `${bytes / 1024 ** 2}m` : `${bytes}b`;
}
