import { fromEntries, get, mapValues, names, type ByName } from '../lib/record.ts';
import type { Complete } from './complete.ts';
import type { DeclaredFileUse, DeclaredService } from './declared.ts';
import { networkName, volumeName } from './engine-names.ts';

/** The resolved stack as plain data in the form that `docker compose config` prints: a literal "$" is written "$$". */
export function configModel(stack: Complete): ByName<unknown> {
  const services = Object.values(stack.services);
  const usedNetworks = services.flatMap(({ networks }) => names(networks ?? {}));
  const usedVolumes = services.flatMap(({ volumes = [] }) =>
    volumes.flatMap(({ type, source }) => (type === 'volume' ? (source ?? []) : [])),
  );
  const usedSecrets = services.flatMap(({ secrets = [] }) => secrets.map(({ source }) => source));
  const usedConfigs = services.flatMap(({ configs = [] }) => configs.map(({ source }) => source));
  const file = (declared: object, key: string) => ({ name: `${stack.name}_${key}`, ...said(declared) });
  const sections = {
    networks: mapValues(pick({ default: {}, ...stack.networks }, usedNetworks), (network, key) => ({
      ...said(network),
      name: networkName(stack, key),
      ipam: {},
    })),
    volumes: mapValues(pick(stack.volumes ?? {}, usedVolumes), (volume, key) => ({ ...said(volume), name: volumeName(stack, key) })),
    secrets: mapValues(pick(stack.secrets ?? {}, usedSecrets), file),
    configs: mapValues(pick(stack.configs ?? {}, usedConfigs), file),
  };
  return escaped({
    name: stack.name,
    services: mapValues(stack.services, serviceModel),
    ...fromEntries(Object.entries(sections).filter(([, section]) => names(section).length > 0)),
    ...fromEntries(Object.entries(stack).filter(([key]) => key.startsWith('x-'))),
  }) as ByName<unknown>;
}

function serviceModel(service: DeclaredService): unknown {
  const {
    env_file: _read,
    command = null,
    entrypoint = null,
    build,
    deploy,
    healthcheck,
    init,
    logging,
    networks,
    secrets,
    configs,
    ulimits,
    ...rest
  } = service;
  return {
    ...said(rest),
    command,
    entrypoint,
    ...(build && { build: said(build) }),
    ...(deploy && { deploy: { ...withoutExtensions(deploy), resources: resourcesModel(deploy.resources ?? {}), placement: {} } }),
    ...(healthcheck && { healthcheck: said(healthcheck) }),
    ...(init !== undefined && { init }),
    ...(logging && { logging: said(logging) }),
    ...(networks && names(networks).length > 0 && { networks: mapValues(networks, (network) => network && said(network)) }),
    ...(secrets && secrets.length > 0 && { secrets: secrets.map((use) => withTarget(use, '/run/secrets/')) }),
    ...(configs && configs.length > 0 && { configs: configs.map((use) => withTarget(use, '/')) }),
    ...(ulimits && { ulimits: mapValues(ulimits, (limit) => (typeof limit === 'number' ? limit : nonZero(limit))) }),
  };
}

const resourcesModel = (resources: object): ByName<unknown> =>
  mapValues(withoutExtensions(resources), (part) => withoutExtensions(part as object));

const withTarget = (use: DeclaredFileUse, folder: string): object => ({
  ...withoutExtensions(use),
  target: use.target ?? `${folder}${use.source}`,
});

/** What the reference prints of an object: neither extensions nor what is empty or false. Maps of names keep all their keys. */
const said = (value: object): ByName<unknown> =>
  fromEntries(
    Object.entries(withoutExtensions(value)).flatMap(([key, each]) => {
      if (each === undefined || each === false || each === '' || isEmpty(each)) return [];
      return [[key, Array.isArray(each) ? each.map((item: unknown) => (isRecord(item) ? entryModel(item) : item)) : each] as const];
    }),
  );

/** A port or mount in a list; a tmpfs of size 0 has no limit. */
const entryModel = (item: ByName<unknown>): ByName<unknown> =>
  fromEntries(
    Object.entries(withoutExtensions(item)).flatMap(([key, each]) => {
      if (each === false || each === '') return [];
      return [[key, key === 'tmpfs' && isRecord(each) ? nonZero(each) : isRecord(each) ? withoutExtensions(each) : each] as const];
    }),
  );

const nonZero = (value: object): ByName<unknown> =>
  fromEntries(Object.entries(withoutExtensions(value)).filter(([, each]) => each !== 0 && each !== '0'));

const withoutExtensions = (value: object): ByName<unknown> => fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('x-')));

const isRecord = (value: unknown): value is ByName<unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const isEmpty = (value: unknown): boolean => (Array.isArray(value) ? value.length === 0 : isRecord(value) && names(value).length === 0);

function pick<T>(record: ByName<T>, keys: readonly string[]): ByName<T> {
  return fromEntries(
    [...new Set(keys)].sort().flatMap((key) => {
      const value = get(record, key);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

function escaped(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map(escaped);
  if (!isRecord(value)) return value;
  return fromEntries(Object.entries(value).map(([key, inner]) => [key.replaceAll('$', '$$$$'), escaped(inner)] as const));
}
