import { fromEntries, get, type ByName } from '../lib/record.ts';
import { present } from '../lib/present.ts';
import { singlePorts } from '../lib/single-ports.ts';
import type { HealthCheck, Logging, Resources, Settings, Ulimit } from '../model/settings.ts';
import type { Text } from '../model/text.ts';
import type { Vault } from '../model/vault.ts';
import type { Answer } from './docker-answer.ts';
import type { Ownership, Reading } from './docker-inspect.ts';
import { seenNetworks } from './docker-attachments.ts';
import { seenIsolation, seenTerminal } from './docker-isolation.ts';
import { declaredLabels, labelNames } from './docker-labels.ts';
import { seenMounts } from './docker-mounts.ts';

const engineShmSize = 64 * 1024 * 1024;

/**
 * The settings of a container in the normal form of a declaration. What holds the engine's default is absent: nobody can tell it
 * from what was never declared. What the image brought is there.
 */
export function seenSettings(answer: Answer, owner: Ownership, reading: Reading): Settings {
  const config = answer.inside('Config');
  const { mounts } = seenMounts(answer, reading);
  const labels = mapTexts(declaredLabels(config.textMap('Labels')), reading.vault);
  return {
    image: get(config.textMap('Labels'), labelNames.image) ?? config.mustText('Image'),
    ...(mounts.length > 0 && { volumes: mounts }),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...programSettings(config, reading.vault),
    ...exposedOnly(answer),
    ...seenNetworks(answer, owner, reading),
    ...hostSettings(answer.inside('HostConfig'), reading),
  };
}

function programSettings(config: Answer, vault: Vault): Partial<Settings> {
  const command = words(config, 'Cmd', vault);
  const entrypoint = words(config, 'Entrypoint', vault);
  const environment = seenEnvironment(config.texts('Env'), vault);
  const healthcheck = seenHealthCheck(config.inside('Healthcheck'), vault);
  const user = config.text('User');
  const working_dir = config.text('WorkingDir');
  const stop_signal = config.text('StopSignal');
  const stopSeconds = config.number('StopTimeout');
  return {
    ...seenTerminal(config),
    ...(command.length > 0 && { command }),
    ...(entrypoint.length > 0 && { entrypoint }),
    ...(Object.keys(environment).length > 0 && { environment }),
    ...(healthcheck && { healthcheck }),
    ...(user && { user }),
    ...(working_dir && { working_dir }),
    ...(stop_signal && { stop_signal }),
    // Absent is the engine's own 10 s, but 0 is a declared "at once"
    ...(config.has('StopTimeout') && { stop_grace_period: stopSeconds * 1000 }),
  };
}

/** Ports that are exposed and not published. */
function exposedOnly(answer: Answer): Partial<Settings> {
  const published = singlePorts(answer.inside('HostConfig').names('PortBindings'));
  const expose = singlePorts(answer.inside('Config').names('ExposedPorts')).filter((port) => !published.includes(port));
  return expose.length > 0 ? { expose } : {};
}

function hostSettings(host: Answer, reading: Reading): Partial<Settings> {
  const { vault, facts } = reading;
  const restart = seenRestart(host.inside('RestartPolicy'));
  const resources = seenResources(host);
  const cap_add = capabilities(host.texts('CapAdd'));
  const cap_drop = capabilities(host.texts('CapDrop'));
  const ulimits = seenUlimits(host.list('Ulimits'));
  const extra_hosts = [...host.texts('ExtraHosts')].sort();
  const dns = host.texts('Dns');
  const shm_size = host.number('ShmSize');
  const logging = seenLogging(host.inside('LogConfig'), facts.defaultLogDriver, vault);
  return {
    ...seenIsolation(host, reading),
    ...(restart && { restart }),
    ...(Object.keys(resources).length > 0 && { resources }),
    ...(cap_add.length > 0 && { cap_add }),
    ...(cap_drop.length > 0 && { cap_drop }),
    ...(host.flag('ReadonlyRootfs') && { read_only: true }),
    ...(Object.keys(ulimits).length > 0 && { ulimits }),
    ...(extra_hosts.length > 0 && { extra_hosts }),
    ...(dns.length > 0 && { dns }),
    ...(host.flag('Init') && { init: true }),
    ...(host.flag('Privileged') && { privileged: true }),
    ...(shm_size !== 0 && shm_size !== engineShmSize && { shm_size }),
    ...(logging && { logging }),
  };
}

// An entry without "=" takes the image's value away: the container has no such variable
export const seenEnvironment = (entries: readonly string[], vault: Vault): ByName<Text> =>
  fromEntries(
    entries.flatMap((entry) => {
      const cut = entry.indexOf('=');
      const name = entry.slice(0, cut);
      return cut < 0 ? [] : [[name, vault.text(name, entry.slice(cut + 1))] as const];
    }),
  );

/** Durations of the engine are nanoseconds; 0 is "the engine's default". */
export function seenHealthCheck(check: Answer, vault: Vault): HealthCheck | undefined {
  const test = words(check, 'Test', vault);
  if (test.length === 0) return undefined;
  const ms = (key: string): number => check.number(key) / 1_000_000;
  const [interval, timeout, start_period, start_interval] = [ms('Interval'), ms('Timeout'), ms('StartPeriod'), ms('StartInterval')];
  const retries = check.number('Retries');
  return {
    test,
    ...(interval && { interval }),
    ...(timeout && { timeout }),
    ...(retries && { retries }),
    ...(start_period && { start_period }),
    ...(start_interval && { start_interval }),
  };
}

export const words = (answer: Answer, key: string, vault: Vault): readonly Text[] => answer.texts(key).map((word) => vault.text('', word));

function seenRestart(policy: Answer): string {
  const name = policy.text('Name');
  const most = policy.number('MaximumRetryCount');
  if (name === 'no') return '';
  return name === 'on-failure' && most > 0 ? `${name}:${most}` : name;
}

function seenResources(host: Answer): Resources {
  const number = (key: string): number | undefined => host.number(key) || undefined;
  const [cpus, memory, swap] = [number('NanoCpus'), number('Memory'), number('MemorySwap')];
  return present({
    cpus: cpus && cpus / 1e9,
    memory,
    memory_reservation: number('MemoryReservation'),
    pids: host.number('PidsLimit') > 0 ? host.number('PidsLimit') : undefined,
    // Twice the memory is what the engine gives by itself
    memswap_limit: swap === 2 * (memory ?? 0) ? undefined : swap,
    cpu_shares: number('CpuShares'),
    cpu_period: number('CpuPeriod'),
    cpu_quota: number('CpuQuota'),
    cpu_rt_period: number('CpuRealtimePeriod'),
    cpu_rt_runtime: number('CpuRealtimeRuntime'),
    cpuset: host.text('CpusetCpus') || undefined,
    blkio_weight: number('BlkioWeight'),
  });
}

const seenUlimits = (rows: readonly Answer[]): ByName<Ulimit> =>
  fromEntries(rows.map((row) => [row.mustText('Name'), { soft: row.number('Soft'), hard: row.number('Hard') }] as const));

function seenLogging(log: Answer, usual: string, vault: Vault): Logging | undefined {
  const options = mapTexts(log.textMap('Config'), vault);
  const driver = log.text('Type') || usual;
  return driver === usual && Object.keys(options).length === 0 ? undefined : { driver, options };
}

// Docker keeps what it was given, "net_admin" or "CAP_NET_ADMIN" alike
const capabilities = (given: readonly string[]): string[] =>
  [...new Set(given.map((name) => name.toUpperCase().replace(/^CAP_/, '')))].sort();

export const mapTexts = (texts: ByName<string>, vault: Vault): ByName<Text> =>
  fromEntries(Object.entries(texts).map(([name, value]) => [name, vault.text(name, value)] as const));
