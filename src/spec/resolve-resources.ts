import { present, some } from '../lib/present.ts';
import { fromEntries } from '../lib/record.ts';
import type { DeviceRates, DeviceRequest, Resources, Ulimit } from '../model/settings.ts';
import type { DeclaredBlkio, DeclaredDeviceRequest } from './declared-devices.ts';
import type { DeclaredService } from './declared.ts';

/** Limits that an engine can set; what stands under `deploy` goes before what stands beside it, as in Docker Compose. */
export function resourcesOf(service: DeclaredService): Resources | undefined {
  const { limits, reservations } = service.deploy?.resources ?? {};
  return some(
    present({
      cpus: limits?.cpus ?? service.cpus,
      memory: numberOf(limits?.memory ?? service.mem_limit),
      memory_reservation: numberOf(reservations?.memory ?? service.mem_reservation),
      pids: limits?.pids ?? service.pids_limit,
      memswap_limit: numberOf(service.memswap_limit),
      cpu_shares: service.cpu_shares,
      cpu_period: service.cpu_period,
      cpu_quota: service.cpu_quota,
      cpu_rt_period: service.cpu_rt_period,
      cpu_rt_runtime: service.cpu_rt_runtime,
      cpuset: service.cpuset,
      blkio_weight: service.blkio_config?.weight,
    }),
  );
}

const conditions: { readonly [condition: string]: string } = { none: 'no', any: 'always' };

/** `deploy.restart_policy` goes before `restart`; only "on-failure" counts its attempts. */
export function restartOf({ restart, deploy }: DeclaredService): string | undefined {
  const policy = deploy?.restart_policy;
  if (!policy) return restart;
  const condition = policy.condition ?? 'any';
  const name = Object.hasOwn(conditions, condition) ? conditions[condition] : condition;
  return name === 'on-failure' && policy.max_attempts ? `${name}:${policy.max_attempts}` : name;
}

/** How fast a container may read and write devices. */
export function deviceRates(blkio: DeclaredBlkio = {}): DeviceRates | undefined {
  const rates = (list: DeclaredBlkio['device_read_bps'] = []) =>
    some(fromEntries(list.map(({ path, rate }) => [path, Number(rate)] as const)));
  return some(
    present({
      device_read_bps: rates(blkio.device_read_bps),
      device_read_iops: rates(blkio.device_read_iops),
      device_write_bps: rates(blkio.device_write_bps),
      device_write_iops: rates(blkio.device_write_iops),
      weight_device: some(fromEntries((blkio.weight_device ?? []).map(({ path, weight }) => [path, weight] as const))),
    }),
  );
}

/** Devices by their drivers. What stands under `gpus` is always asked for the capability "gpu", and CDI has a driver of its own. */
export function deviceRequests({ gpus = [], deploy, devices = [] }: DeclaredService): DeviceRequest[] {
  const cdi = devices.map(({ source }) => source).filter(isCdi);
  return [
    ...(deploy?.resources?.reservations?.devices ?? []).map((one) => deviceRequest(one)),
    ...gpus.map((one) => deviceRequest(one, 'gpu')),
    ...(cdi.length > 0 ? [{ driver: 'cdi', count: 0, ids: cdi, capabilities: [], options: {} }] : []),
  ];
}

/** A device's name in the Container Device Interface: "vendor.com/class=name". */
export const isCdi = (source: string): boolean => /^[\w.-]+\/[\w.-]+=[\w.:-]+$/.test(source);

function deviceRequest(
  { driver = '', count, device_ids = [], capabilities = [], options = {} }: DeclaredDeviceRequest,
  also?: string,
): DeviceRequest {
  const all = [...new Set([...capabilities, ...(also === undefined ? [] : [also])])].sort();
  return { driver, count: count ?? (device_ids.length > 0 ? 0 : -1), ids: device_ids, capabilities: all, options };
}

/** A limit of processes: one number is both. */
export const ulimitOf = (limit: NonNullable<DeclaredService['ulimits']>[string]): Ulimit =>
  typeof limit === 'number' ? { soft: limit, hard: limit } : { soft: limit.soft, hard: limit.hard };

const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
