import { fromEntries, type ByName } from '../lib/record.ts';
import type { Leaf } from '../model/change.ts';
import type { DeviceRates, DeviceRequest, Resources, Settings } from '../model/settings.ts';

/** Where the file declares each limit that an engine can set anew in a container that is there. */
export const limitPaths: { readonly [limit in keyof Required<Resources>]: string } = {
  cpus: 'deploy.resources.limits.cpus',
  memory: 'deploy.resources.limits.memory',
  pids: 'deploy.resources.limits.pids',
  memory_reservation: 'deploy.resources.reservations.memory',
  memswap_limit: 'memswap_limit',
  cpu_shares: 'cpu_shares',
  cpu_period: 'cpu_period',
  cpu_quota: 'cpu_quota',
  cpu_rt_period: 'cpu_rt_period',
  cpu_rt_runtime: 'cpu_rt_runtime',
  cpuset: 'cpuset',
  blkio_weight: 'blkio_config.weight',
};

export const isLimit = (path: string): boolean => Object.values(limitPaths).includes(path);

/** Limits and devices as flat paths, in the words of the file. */
export function flattenResources({ resources = {}, blkio_config = {}, devices = [], device_requests = [] }: Settings): ByName<Leaf> {
  return {
    ...limits(resources),
    ...rates(blkio_config),
    ...fromEntries(devices.map(({ source, target, permissions }) => [`devices.${target}`, `${source} (${permissions})`] as const)),
    ...fromEntries(device_requests.map((request, i) => [`device_requests.${i}`, requestText(request)] as const)),
  };
}

/** The engine takes 0 for "no limit", and makes the swap limit twice the memory by itself. */
function limits(resources: Resources): ByName<Leaf> {
  const usualSwap = 2 * (resources.memory ?? 0);
  const entries = (Object.keys(limitPaths) as (keyof Resources)[]).flatMap((key) => {
    const value = resources[key];
    const saysNothing = value === undefined || (key === 'memswap_limit' && value === usualSwap) || (beside.has(key) && value === 0);
    return saysNothing ? [] : [[limitPaths[key], value] as const];
  });
  return fromEntries(entries);
}

/** Limits of which 0 is the engine's default and no limit at all. */
const beside: ReadonlySet<keyof Resources> = new Set([
  'memswap_limit',
  'cpu_shares',
  'cpu_period',
  'cpu_quota',
  'cpu_rt_period',
  'cpu_rt_runtime',
  'blkio_weight',
]);

const rates = (blkio: DeviceRates): ByName<Leaf> =>
  fromEntries(
    Object.entries(blkio).flatMap(([kind, values]: readonly [string, ByName<number>]) =>
      Object.entries(values).map(([path, rate]) => [`blkio_config.${kind}.${path}`, rate] as const),
    ),
  );

function requestText({ driver, count, ids, capabilities, options }: DeviceRequest): string {
  const which = ids.length > 0 ? ids.join(',') : count === -1 ? 'all' : String(count);
  const words = [driver, which, `[${capabilities.join(', ')}]`, ...Object.entries(options).map(([key, value]) => `${key}=${value}`)];
  return words.filter((word) => word !== '' && word !== '[]').join(' ');
}
