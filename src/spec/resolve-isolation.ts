import { present, some } from '../lib/present.ts';
import { mapValues } from '../lib/record.ts';
import { singlePorts } from '../lib/single-ports.ts';
import type { Settings } from '../model/settings.ts';
import type { DeclaredService } from './declared.ts';
import type { MountSources } from './resolve-mounts.ts';
import { deviceRates, deviceRequests, isCdi } from './resolve-resources.ts';
import { profileOf, profileUses } from './seccomp.ts';

/** What a container may see and do of its host: namespaces, rights, devices; and how its program is run. */
export function isolationOf(service: DeclaredService, sources: MountSources) {
  const { vault } = sources;
  const profiles = new Set(profileUses(service, sources).map(({ index }) => index));
  const sorted = (list: readonly string[] = []) => some([...new Set(list)].sort());
  return present({
    ...plainOf(service),
    group_add: sorted(service.group_add),
    security_opt: sorted(service.security_opt?.filter((_, i) => !profiles.has(i))),
    seccomp: profileOf(service, sources),
    device_cgroup_rules: sorted(service.device_cgroup_rules),
    expose: some(singlePorts(service.expose ?? [])),
    sysctls: some(service.sysctls ?? {}),
    storage_opt: some(service.storage_opt ?? {}),
    annotations: some(mapValues(service.annotations ?? {}, (value, name) => vault.text(name, value))),
    dns_opt: some(service.dns_opt ?? []),
    dns_search: some(service.dns_search ?? []),
    devices: some(devicesOf(service)),
    device_requests: some(deviceRequests(service)),
    blkio_config: deviceRates(service.blkio_config),
    mem_swappiness: service.mem_swappiness === undefined ? undefined : Number(service.mem_swappiness),
  }) satisfies Partial<Settings>;
}

const plainOf = (service: DeclaredService) => ({
  tty: service.tty,
  stdin_open: service.stdin_open,
  domainname: service.domainname,
  platform: service.platform,
  runtime: service.runtime,
  pid: service.pid,
  ipc: service.ipc,
  uts: service.uts,
  userns_mode: service.userns_mode,
  cgroup: service.cgroup,
  cgroup_parent: service.cgroup_parent,
  oom_kill_disable: service.oom_kill_disable,
  oom_score_adj: service.oom_score_adj,
});

const devicesOf = ({ devices = [] }: DeclaredService) =>
  devices
    .filter(({ source }) => !isCdi(source))
    .map(({ source, target = source, permissions = 'rwm' }) => ({ source, target, permissions }))
    .sort((left, right) => (left.target < right.target ? -1 : 1));
