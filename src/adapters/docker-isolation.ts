import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import { mapValues } from '../lib/record.ts';
import { present, some } from '../lib/present.ts';
import type { Settings } from '../model/settings.ts';
import type { Vault } from '../model/vault.ts';
import type { Answer } from './docker-answer.ts';
import { deviceOptions, seenDevices } from './docker-devices.ts';
import type { Reading } from './docker-inspect.ts';
import { seenMode, seenVolumesFrom } from './docker-sharing.ts';

/** What @types/dockerode (4.0.2) does not know. */
type Host = HostConfig & { CgroupnsMode?: string | undefined; Annotations?: Record<string, string> | undefined };

/** Not a label for the process, but what `docker run` turns into the two lists below. */
const allSystemPaths = 'systempaths=unconfined';

/** A profile of its own, as JSON. */
const ownProfile = /^seccomp=\s*\{/;

/** What a container may see and do of its host, for the create call. */
export function isolationOptions(settings: Settings, vault: Vault): Host {
  const { security_opt = [], seccomp, annotations, sysctls, storage_opt, dns_opt, group_add } = settings;
  const labels = security_opt.filter((each) => each !== allSystemPaths);
  const options = [...labels, ...(seccomp === undefined ? [] : [`seccomp=${seccomp}`])];
  return {
    ...deviceOptions(settings),
    ...(options.length > 0 && { SecurityOpt: options }),
    ...(security_opt.includes(allSystemPaths) && { MaskedPaths: [], ReadonlyPaths: [] }),
    ...(annotations && { Annotations: { ...mapValues(annotations, vault.open) } }),
    ...(sysctls && { Sysctls: { ...sysctls } }),
    ...(storage_opt && { StorageOpt: { ...storage_opt } }),
    DnsOptions: dns_opt && [...dns_opt],
    DnsSearch: settings.dns_search && [...settings.dns_search],
    GroupAdd: group_add && [...group_add],
    PidMode: settings.pid,
    IpcMode: settings.ipc,
    UTSMode: settings.uts,
    UsernsMode: settings.userns_mode,
    CgroupnsMode: settings.cgroup,
    CgroupParent: settings.cgroup_parent,
    Runtime: settings.runtime,
    OomKillDisable: settings.oom_kill_disable,
    OomScoreAdj: settings.oom_score_adj,
    MemorySwappiness: settings.mem_swappiness,
  };
}

/** The same from an inspect answer: what holds the engine's default is absent. */
export function seenIsolation(host: Answer, reading: Reading): Partial<Settings> {
  const { facts, vault } = reading;
  const unless = (key: string, usual = ''): string | undefined => (host.text(key) === usual ? undefined : host.text(key) || undefined);
  return present({
    ...seenDevices(host),
    volumes_from: some(seenVolumesFrom(host, reading)),
    security_opt: some(
      [...host.texts('SecurityOpt').filter((each) => !ownProfile.test(each)), ...(seesAllSystemPaths(host) ? [allSystemPaths] : [])].sort(),
    ),
    seccomp: host
      .texts('SecurityOpt')
      .find((each) => ownProfile.test(each))
      ?.slice('seccomp='.length),
    annotations: some(mapValues(host.textMap('Annotations'), (value, name) => vault.text(name, value))),
    sysctls: some(host.textMap('Sysctls')),
    storage_opt: some(host.textMap('StorageOpt')),
    dns_opt: some(host.texts('DnsOptions')),
    dns_search: some(host.texts('DnsSearch')),
    group_add: some([...host.texts('GroupAdd')].sort()),
    pid: seenMode(unless('PidMode'), reading),
    ipc: seenMode(unless('IpcMode', facts.defaults.ipc), reading),
    uts: unless('UTSMode'),
    userns_mode: unless('UsernsMode'),
    cgroup: unless('CgroupnsMode', facts.defaults.cgroup),
    cgroup_parent: unless('CgroupParent'),
    runtime: unless('Runtime', facts.defaults.runtime),
    oom_kill_disable: host.flag('OomKillDisable') || undefined,
    oom_score_adj: host.number('OomScoreAdj') || undefined,
    mem_swappiness: host.has('MemorySwappiness') && host.number('MemorySwappiness') >= 0 ? host.number('MemorySwappiness') : undefined,
  });
}

// A privileged container has neither list; others have the engine's own unless they were given empty ones
const seesAllSystemPaths = (host: Answer): boolean =>
  host.has('MaskedPaths') && host.texts('MaskedPaths').length === 0 && host.texts('ReadonlyPaths').length === 0;

/** How the program of a container is run, as far as nothing of it comes from the image. */
export const terminalOptions = ({ tty, stdin_open, domainname }: Settings): ContainerCreateOptions => ({
  Tty: tty,
  OpenStdin: stdin_open,
  Domainname: domainname,
});

/** The same from an inspect answer. */
export const seenTerminal = (config: Answer): Partial<Settings> =>
  present({
    tty: config.flag('Tty') || undefined,
    stdin_open: config.flag('OpenStdin') || undefined,
    domainname: config.text('Domainname') || undefined,
  });
