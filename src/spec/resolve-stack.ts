import { parseDuration } from '../lib/duration.ts';
import { fromEntries, get, mapValues, names, type ByName } from '../lib/record.ts';
import { present, some } from '../lib/present.ts';
import type { Desired, NetworkSpec, VolumeSpec } from '../model/desired.ts';
import type { Place } from '../model/problem.ts';
import { networkName, volumeName } from './engine-names.ts';
import type { MountSources } from './resolve-mounts.ts';
import { resolveService } from './resolve-service.ts';
import { textsOf } from './texts-of.ts';

export interface Resolving extends MountSources {
  /** The stack files, absolute. */
  readonly stackFiles: readonly string[];
  readonly places: ByName<Place>;
}

const defaultTimeoutMs = 10 * 60_000;

/** The complete stack as what is wanted of the machine. */
export function resolveStack(resolving: Resolving): Desired {
  const { stack, directory, stackFiles, places } = resolving;
  const options = stack['x-stack'];
  const timeoutMs = msOf(options?.timeout) ?? defaultTimeoutMs;
  return {
    stack: stack.name,
    files: stackFiles,
    workingDir: directory,
    timeoutMs,
    rollbackTimeoutMs: msOf(options?.rollback_timeout) ?? timeoutMs,
    services: mapValues(stack.services, (service, name) => resolveService(name, service, resolving)),
    inactiveServices: stack.inactive,
    networks: networksOf(resolving),
    volumes: volumesOf(resolving),
    places,
  };
}

function networksOf({ stack, vault }: Resolving): ByName<NetworkSpec> {
  const used = Object.values(stack.services).flatMap(({ networks }) => names(networks ?? {}));
  return byKey(used, (key) => {
    const { external = false, driver, internal = false, labels = {}, ...declared } = get(stack.networks ?? {}, key) ?? {};
    const { driver: ipamDriver, config: pools = [] } = declared.ipam ?? {};
    return present({
      name: networkName(stack, key),
      key,
      external,
      driver,
      driverOptions: some(declared.driver_opts ?? {}),
      internal,
      attachable: declared.attachable,
      ipv4: declared.enable_ipv4,
      ipv6: declared.enable_ipv6,
      ipam: ipamDriver === undefined && pools.length === 0 ? undefined : present({ driver: ipamDriver, pools }),
      labels: textsOf(labels, vault),
    });
  });
}

function volumesOf({ stack, vault }: Resolving): ByName<VolumeSpec> {
  const used = Object.values(stack.services).flatMap(({ volumes }) =>
    (volumes ?? []).flatMap(({ type, source }) => (type === 'volume' ? (source ?? []) : [])),
  );
  return byKey(used, (key) => {
    const { external = false, driver, driver_opts = {}, labels = {} } = get(stack.volumes ?? {}, key) ?? {};
    return present({
      name: volumeName(stack, key),
      key,
      external,
      driver,
      driverOptions: textsOf(driver_opts, vault),
      labels: textsOf(labels, vault),
    });
  });
}

const byKey = <T>(keys: readonly string[], make: (key: string) => T): ByName<T> =>
  fromEntries([...new Set(keys)].sort().map((key) => [key, make(key)] as const));

const msOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : parseDuration(text));
