import type { EngineAddress, EngineFacts } from '../model/observed.ts';
import { answerOf, type Answer } from './docker-answer.ts';
import { call, lookMs } from './docker-call.ts';
import type { DockerUntil } from './docker-client.ts';

/** Asks an engine what it is; asks once only, since it stays the same for a run. */
export function factsOf(docker: DockerUntil, address: EngineAddress): (signal: AbortSignal) => Promise<EngineFacts> {
  let known: EngineFacts | undefined;
  let asking: Promise<EngineFacts> | undefined;
  return async (signal) => {
    if (known) return known;
    // One asker's cancelling must not fail the others: they ask again
    asking ??= askFacts(docker, { address, signal }).finally(() => (asking = undefined));
    try {
      return (known = await asking);
    } catch (error) {
      if (signal.aborted || known) throw error;
      return (known = await askFacts(docker, { address, signal }));
    }
  };
}

/** Whether an Engine API version such as "1.41" is at least 1.MINOR. */
export const apiAtLeast = (version: string, minor: number): boolean => Number(version.split('.')[1] ?? '0') >= minor;

async function askFacts(
  docker: DockerUntil,
  { address, signal }: { readonly address: EngineAddress; readonly signal: AbortSignal },
): Promise<EngineFacts> {
  const [version, machine] = await Promise.all([
    call({ what: 'ask for the version', signal, withinMs: lookMs }, async (until) => answerOf(await docker(until).version(), 'version')),
    call({ what: 'ask for the engine', signal, withinMs: lookMs }, async (until) => answerOf(await docker(until).info(), 'info')),
  ]);
  const apiVersion = version.mustText('ApiVersion');
  return {
    id: machine.mustText('ID'),
    kind: version.list('Components').some((part) => part.text('Name') === 'Podman Engine') ? 'podman' : 'docker',
    version: version.mustText('Version'),
    apiVersion,
    host: machine.text('Name'),
    address,
    defaultLogDriver: machine.text('LoggingDriver'),
    // The first and last may be set otherwise for an engine, which tells nobody: what is not declared is not held against a container
    defaults: {
      ipc: 'private',
      runtime: machine.text('DefaultRuntime') || 'runc',
      cgroup: machine.text('CgroupVersion') === '2' ? 'private' : 'host',
    },
    drops: dropsOf(apiVersion, machine),
  };
}

/** Limits that the kernel below cannot set are dropped with no more than a warning (20.10 and 28). */
function dropsOf(apiVersion: string, machine: Answer): string[] {
  const lacks = (key: string): boolean => machine.has(key) && !machine.flag(key);
  const newCgroups = machine.text('CgroupVersion') === '2';
  return [
    ...(apiAtLeast(apiVersion, 44) ? [] : ['healthcheck.start_interval', 'networks.mac_address', 'volumes.recursive']),
    ...(apiAtLeast(apiVersion, 47) ? [] : ['enable_ipv4']),
    ...(apiAtLeast(apiVersion, 48) ? [] : ['networks.gw_priority', 'volumes.image']),
    ...(apiAtLeast(apiVersion, 49) ? [] : ['networks.interface_name']),
    ...(apiAtLeast(apiVersion, 45) ? [] : ['volumes.subpath']),
    ...(apiAtLeast(apiVersion, 43) ? [] : ['annotations']),
    ...(lacks('MemoryLimit') ? ['deploy.resources.limits.memory', 'deploy.resources.reservations.memory'] : []),
    ...(lacks('CpuCfsQuota') ? ['deploy.resources.limits.cpus'] : []),
    ...(lacks('CpuCfsPeriod') ? ['cpu_period'] : []),
    ...(lacks('CpuCfsQuota') ? ['cpu_quota'] : []),
    ...(lacks('CPUShares') ? ['cpu_shares'] : []),
    ...(lacks('CPUSet') ? ['cpuset'] : []),
    ...(lacks('SwapLimit') ? ['memswap_limit'] : []),
    ...(lacks('OomKillDisable') ? ['oom_kill_disable'] : []),
    ...(newCgroups ? ['mem_swappiness', 'cpu_rt_period', 'cpu_rt_runtime'] : []),
    ...(lacks('PidsLimit') ? ['deploy.resources.limits.pids'] : []),
  ];
}
