import { present, some } from '../lib/present.ts';
import { fromEntries, get, mapValues, names, type ByName } from '../lib/record.ts';
import { sharesOf } from '../model/shares.ts';
import { isLost, type Text } from '../model/text.ts';
import { isToolLabel } from '../model/tool-label.ts';
import { declaredPools } from '../plan/declared-pools.ts';
import type { FileInside } from '../platform/importable.ts';
import type { ImageDefaults, Observed, SeenContainer, SeenNetwork, SeenVolume } from '../model/observed.ts';
import type { ImportedStack } from './imported.ts';
import { importFiles } from './import-files.ts';
import { importService } from './import-service.ts';
import { createWriting } from './writing.ts';

export interface Importing {
  readonly stack: string;
  readonly observed: Observed;
  /** "db:service_healthy:false,…" by service, as the label of its containers says. */
  readonly dependencies: ByName<string>;
  /** Empty: all. */
  readonly services: readonly string[];
  /** What was put into the containers, by their name. */
  readonly inside: ByName<readonly FileInside[]>;
  /** The text, sealed if its name or its content says that it is sensitive. */
  readonly textOf: (name: string, value: string) => Text;
}

const bare: ImageDefaults = {
  command: [],
  entrypoint: [],
  environment: {},
  labels: {},
  user: '',
  working_dir: '',
  stop_signal: '',
  volumes: [],
};

/** A stack file for the containers of a stack, such that a plan of it is empty. */
export function importStack(importing: Importing): ImportedStack {
  const { stack, observed } = importing;
  const writing = createWriting();
  const groups = groupsOf(importing);
  const [networkKey, volumeKey] = [keysOf(observed.networks, stack), keysOf(observed.volumes, stack)];
  const files: { secrets: ByName<unknown>; configs: ByName<unknown> } = { secrets: {}, configs: {} };
  const services = mapValues(groups, (containers, name) => {
    const image = get(observed.images, containers[0]?.imageId ?? '')?.defaults ?? bare;
    const service = importService({ name, stack, containers, image, writing, networkKey, volumeKey });
    const depends_on = dependsOn(get(importing.dependencies, name) ?? '', groups);
    const uses = importFiles({ service: name, files: get(importing.inside, containers[0]?.name ?? '') ?? [], writing });
    for (const kind of ['secrets', 'configs'] as const) Object.assign(files[kind], uses.declared[kind]);
    return present({ ...service, secrets: uses.secrets, configs: uses.configs, depends_on });
  });
  const seen = Object.values(groups).flat();
  const labelsOf: Described['labelsOf'] = (where, texts) =>
    some(mapValues(texts, (value, key) => writing.text([where, key], typeof value === 'string' ? importing.textOf(key, value) : value)));
  const networks = resources(observed.networks, new Set(seen.flatMap(({ settings }) => Object.keys(settings.networks ?? {}))), {
    keyOf: networkKey,
    declare: (network) => declareNetwork(network, { stack, labelsOf }),
  });
  const volumes = resources(
    observed.volumes,
    new Set(seen.flatMap(({ settings }) => (settings.volumes ?? []).map(({ source }) => source))),
    {
      keyOf: volumeKey,
      declare: (volume) => declareVolume(volume, { stack, labelsOf }),
    },
  );
  const file = { name: stack, services, networks: withoutPlainDefault(networks), volumes, ...files };
  const said = Object.entries(file).filter(([, section]) => typeof section === 'string' || names(section).length > 0);
  const variables = writing.variables();
  const lost = names(variables).filter((name) => isLost(get(variables, name) ?? ''));
  const lostNotes = lost.map((name) => `no engine keeps the value of ${name}, which a hook has: set it, or the container will be replaced`);
  return { file: fromEntries(said), variables, notes: [...notesOn(seen, importing), ...lostNotes] };
}

function groupsOf({ observed, services }: Importing): ByName<readonly SeenContainer[]> {
  const all = Object.values(observed.containers).sort((left, right) => left.number - right.number);
  const wanted = [...new Set(all.map(({ service }) => service))].sort().filter((name) => services.length === 0 || services.includes(name));
  return fromEntries(wanted.map((name) => [name, all.filter(({ service }) => service === name)] as const));
}

/** The key under which a file of the stack would have it: "shop_data" is "data" in the stack "shop". */
const keysOf =
  (seen: ByName<SeenNetwork | SeenVolume>, stack: string) =>
  (name: string): string => {
    const own = get(seen, name)?.stack === stack && name.startsWith(`${stack}_`);
    return (own ? name.slice(stack.length + 1) : name).replaceAll(/[^a-zA-Z0-9._-]/g, '-');
  };

interface Declaring<Seen> {
  readonly keyOf: (name: string) => string;
  readonly declare: (seen: Seen) => ByName<unknown>;
}

const resources = <Seen>(
  seen: ByName<Seen>,
  used: ReadonlySet<string>,
  { keyOf, declare }: Declaring<Seen>,
): ByName<ByName<unknown> | null> =>
  fromEntries(
    names(seen)
      .filter((name) => used.has(name))
      .flatMap((name) => {
        const each = get(seen, name);
        const declared = each && declare(each);
        return declared ? [[keyOf(name), names(declared).length === 0 ? null : declared] as const] : [];
      }),
  );

interface Described {
  readonly stack: string;
  /** Texts by name as they are written; undefined if there are none. */
  readonly labelsOf: (where: string, texts: ByName<Text>) => ByName<string> | undefined;
}

function declareNetwork(seen: SeenNetwork, { stack, labelsOf }: Described): ByName<unknown> {
  const { name, driver, driverOptions = {}, internal, attachable, ipv4, ipv6, labels, stack: owner } = seen;
  if (owner !== stack) return { external: true, name };
  return present({
    name: name.startsWith(`${stack}_`) ? undefined : name,
    driver: driver === 'bridge' ? undefined : driver,
    driver_opts: some(driverOptions),
    internal: internal || undefined,
    attachable: attachable || undefined,
    enable_ipv4: ipv4 === false ? false : undefined,
    enable_ipv6: ipv6 || undefined,
    ipam: some(ipamOf(seen)),
    labels: labelsOf(name, declaredLabels(labels)),
  });
}

function ipamOf(seen: SeenNetwork): ByName<unknown> {
  const { driver = 'default', options = {} } = seen.ipam ?? {};
  const config = declaredPools(seen);
  return present({ driver: driver === 'default' ? undefined : driver, options: some(options), config: some(config) });
}

function declareVolume({ name, driver, driverOptions, labels, stack: owner }: SeenVolume, { stack, labelsOf }: Described): ByName<unknown> {
  if (owner !== stack) return { external: true, name };
  return present({
    name: name.startsWith(`${stack}_`) ? undefined : name,
    driver: driver === 'local' ? undefined : driver,
    driver_opts: labelsOf(name, driverOptions),
    labels: labelsOf(name, declaredLabels(labels)),
  });
}

const declaredLabels = (labels: ByName<Text>): ByName<Text> => fromEntries(Object.entries(labels).filter(([name]) => !isToolLabel(name)));

/** Every service is on it anyway. */
const withoutPlainDefault = (networks: ByName<ByName<unknown> | null>): ByName<unknown> =>
  fromEntries(Object.entries(networks).filter(([key, declared]) => key !== 'default' || declared !== null));

function dependsOn(label: string, services: ByName<unknown>): ByName<unknown> | undefined {
  const entries = label.split(',').flatMap((entry) => {
    const [service = '', condition = 'service_started', restart = 'false'] = entry.split(':');
    return get(services, service) ? [[service, { condition, ...(restart === 'true' && { restart: true }) }] as const] : [];
  });
  return entries.length > 0 ? fromEntries(entries) : undefined;
}

/** Where secrets and configs were put into a container, as its label says. */
export function innerPaths({ applied, settings }: SeenContainer): string[] {
  const mounted = new Set((settings.volumes ?? []).map(({ target }) => target));
  const paths = Object.keys(applied?.hashes ?? {}).flatMap((path) => (path.startsWith('content.') ? [path.slice('content.'.length)] : []));
  return paths.filter((path) => !mounted.has(path));
}

function notesOn(containers: readonly SeenContainer[], { observed, inside }: Importing): string[] {
  const inner = containers.filter((each) => innerPaths(each).length > (get(inside, each.name) ?? []).length);
  return [
    ...inner.map(({ name }) => `${name} was given secrets or configs that it does not have any more: declare them, or it will be replaced`),
    ...containers
      .filter(({ settings }) => sharesOf(settings).some(({ of, name }) => of === 'container' && /^[0-9a-f]{64}$/.test(name)))
      .map(({ name }) => `${name} shares something with a container that is gone`),
    ...containers
      .filter(({ imageId, settings }) => (get(observed.images, settings.image)?.id ?? imageId) !== imageId)
      .map(({ name, settings }) => `${settings.image} means another image than the one that ${name} was made from`),
    ...containers
      .filter(({ imageId }) => !get(observed.images, imageId))
      .map(({ name }) => `the image that ${name} was made from is gone, so what it brought stands in the file too`),
  ];
}
