import type { ContainerCreateOptions, EndpointSettings, HealthConfig, HostConfig } from 'dockerode';
import { fromEntries, get, mapValues, type ByName } from '../lib/record.ts';
import type { Attachment, HealthCheck, Port, Resources, Settings } from '../model/settings.ts';
import type { Vault } from '../model/vault.ts';
import type { ContainerOrder } from '../platform/engine.ts';
import { endpointOf } from './docker-endpoint.ts';
import { mountOptions } from './docker-mount-options.ts';
import { isolationOptions, terminalOptions } from './docker-isolation.ts';
import { sharingOptions } from './docker-sharing.ts';

type Endpoint = readonly [network: string, attachment: Attachment];

interface Creation {
  readonly options: ContainerCreateOptions;
  /** Networks to connect it to before it starts: the engine takes only one while creating. */
  readonly later: readonly Endpoint[];
}

interface Manner {
  readonly labels: ByName<string>;
  /** Engine API 1.44 and newer: all networks in one request; older ones answer 400. */
  readonly severalNetworks: boolean;
  readonly vault: Vault;
}

/** What to ask the engine for, to make the container of an order. */
export function creationOf(order: ContainerOrder, { labels, severalNetworks, vault }: Manner): Creation {
  const { settings } = order;
  const endpoints = endpointsOf(order);
  const atOnce = severalNetworks ? endpoints : endpoints.slice(0, 1);
  const first = atOnce[0]?.[0] ?? settings.network_mode ?? '';
  const asked = severalNetworks && endpoints.length === 0 ? ownBridge(settings) : atOnce;
  const withMac = (network: string, attachment: Attachment): EndpointSettings => {
    const mac = severalNetworks ? get(settings.mac_address ?? {}, network) : undefined;
    return { ...endpointOf(network, attachment), ...(mac !== undefined && { MacAddress: mac }) };
  };
  const options: ContainerCreateOptions = {
    ...programOptions(settings, vault),
    name: order.name,
    Image: order.image ?? settings.image,
    ...(settings.platform !== undefined && { platform: settings.platform }),
    Labels: { ...labels },
    ExposedPorts: fromEntries([...(settings.ports ?? []).map(portKey), ...(settings.expose ?? [])].map((port) => [port, {}] as const)),
    HostConfig: {
      ...hostOptions(settings, vault),
      ...mountOptions(order, vault),
      NetworkMode: settings.network_mode ?? atOnce[0]?.[0],
      ...sharingOptions(order),
    },
    ...(!severalNetworks && { MacAddress: get(settings.mac_address ?? {}, first) }),
    ...(asked.length > 0 && {
      NetworkingConfig: { EndpointsConfig: fromEntries(asked.map(([name, at]) => [name, withMac(name, at)] as const)) },
    }),
  };
  return { options, later: endpoints.slice(atOnce.length) };
}

/** The first is the one that the container is made with. */
function endpointsOf({ settings: { networks = {}, network_priority: first }, links }: ContainerOrder): Endpoint[] {
  const rank = (name: string): string => (name === first ? '' : name);
  return Object.entries(networks)
    .sort(([left], [right]) => (rank(left) < rank(right) ? -1 : 1))
    .map(([name, attachment]) => [name, links ? { ...attachment, links } : attachment] as const);
}

/** The engine's own network need not be asked for; only an address of hardware is said of it. */
const ownBridge = ({ network_mode, mac_address = {} }: Settings): Endpoint[] =>
  network_mode === 'bridge' && get(mac_address, 'bridge') !== undefined ? [['bridge', { aliases: [] }]] : [];

/** Limits for create and update. */
export function resourceOptions(resources: Resources): Partial<HostConfig> {
  const { cpus, memory, memory_reservation, pids, memswap_limit } = resources;
  return {
    ...cpuOptions(resources),
    ...(cpus !== undefined && { NanoCpus: Math.round(cpus * 1e9) }),
    // The engine makes the swap limit twice the memory; an update of the memory alone would leave the old swap limit, or be refused
    ...(memory !== undefined && { Memory: memory, MemorySwap: 2 * memory }),
    ...(memswap_limit !== undefined && { MemorySwap: memswap_limit }),
    ...(memory_reservation !== undefined && { MemoryReservation: memory_reservation }),
    ...(pids !== undefined && { PidsLimit: pids }),
  };
}

const cpuOptions = ({ cpu_shares, cpu_period, cpu_quota, cpu_rt_period, cpu_rt_runtime, cpuset, blkio_weight }: Resources): HostConfig => ({
  ...(cpu_shares !== undefined && { CpuShares: cpu_shares }),
  ...(cpu_period !== undefined && { CpuPeriod: cpu_period }),
  ...(cpu_quota !== undefined && { CpuQuota: cpu_quota }),
  ...(cpu_rt_period !== undefined && { CpuRealtimePeriod: cpu_rt_period }),
  ...(cpu_rt_runtime !== undefined && { CpuRealtimeRuntime: cpu_rt_runtime }),
  ...(cpuset !== undefined && { CpusetCpus: cpuset }),
  ...(blkio_weight !== undefined && { BlkioWeight: blkio_weight }),
});

/** "on-failure:3" as the engine wants it. */
export function restartPolicy(restart: string): { Name: string; MaximumRetryCount: number } {
  const [name = 'no', most = '0'] = restart.split(':');
  return { Name: name, MaximumRetryCount: Number(most) };
}

function programOptions(settings: Settings, vault: Vault): ContainerCreateOptions {
  const { command, entrypoint, environment, healthcheck, stop_grace_period } = settings;
  return {
    ...terminalOptions(settings),
    Cmd: command?.map(vault.open),
    Entrypoint: entrypoint?.map(vault.open),
    // A name without "=" takes the image's value away
    Env: Object.entries(environment ?? {}).map(([name, value]) => (value === null ? name : `${name}=${vault.open(value)}`)),
    Healthcheck: healthcheck && healthOptions(healthcheck, vault),
    Hostname: settings.hostname,
    User: settings.user,
    WorkingDir: settings.working_dir,
    StopSignal: settings.stop_signal,
    StopTimeout: stop_grace_period === undefined ? undefined : Math.ceil(stop_grace_period / 1000),
  };
}

function hostOptions(settings: Settings, vault: Vault): HostConfig {
  const { logging, restart, resources, ulimits } = settings;
  return {
    ...isolationOptions(settings, vault),
    ...(restart !== undefined && { RestartPolicy: restartPolicy(restart) }),
    ...(resources && resourceOptions(resources)),
    ...(ulimits && { Ulimits: Object.entries(ulimits).map(([Name, { soft, hard }]) => ({ Name, Soft: soft, Hard: hard })) }),
    ...(logging && { LogConfig: { Type: logging.driver, Config: mapValues(logging.options, vault.open) } }),
    CapAdd: settings.cap_add,
    CapDrop: settings.cap_drop,
    ReadonlyRootfs: settings.read_only,
    ExtraHosts: settings.extra_hosts,
    Dns: settings.dns && [...settings.dns],
    Init: settings.init,
    Privileged: settings.privileged,
    ShmSize: settings.shm_size,
    PortBindings: portBindings(settings.ports ?? []),
  };
}

const portKey = ({ target, protocol }: Port): string => `${target}/${protocol}`;

function portBindings(ports: readonly Port[]): Record<string, { HostIp: string; HostPort: string }[]> {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of ports) (bindings[portKey(port)] ??= []).push({ HostIp: port.host_ip, HostPort: port.published });
  return bindings;
}

const nanoseconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : Math.round(ms * 1_000_000));

// @types/dockerode wants all of them; the engine takes what is left out from the image (field by field, Docker 20.10 and 28)
function healthOptions({ test, interval, timeout, retries, start_period, start_interval }: HealthCheck, vault: Vault): HealthConfig {
  return {
    Test: test?.map(vault.open),
    Interval: nanoseconds(interval),
    Timeout: nanoseconds(timeout),
    Retries: retries,
    StartPeriod: nanoseconds(start_period),
    StartInterval: nanoseconds(start_interval),
  };
}
