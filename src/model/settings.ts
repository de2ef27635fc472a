import type { ByName } from '../lib/record.ts';
import type { Command } from './hook.ts';
import type { Text } from './text.ts';

/**
 * What a container is made of, keyed by the words of the Compose Specification, in one normal form: long forms, durations in
 * milliseconds, sizes in bytes, sets sorted. Wanted and observed containers both have it, so they can be compared field by field.
 * An absent field of a wanted container is not declared; an absent field of an observed one holds nothing.
 */
export interface Settings {
  readonly image: string;
  /** Wanted only: declared name of the container; without it the name is the stack's choice. */
  readonly container_name?: string;
  readonly command?: readonly Text[];
  readonly entrypoint?: readonly Text[];
  /** Null: declared without a value and unset, which takes the image's value away. */
  readonly environment?: ByName<Text | null>;
  readonly ports?: readonly Port[];
  readonly volumes?: readonly Mount[];
  /** Secrets and configs that have no file: put into the created container. The engine does not echo them. */
  readonly files?: readonly InnerFile[];
  /** By the engine's name of the network, such as "shop_default". */
  readonly networks?: ByName<Attachment>;
  /** By the engine's name of the network; what engines choose themselves is there too in an observed container. */
  readonly mac_address?: ByName<string>;
  /** Engine's name of the network that comes first where priorities are declared; of an observed container always. */
  readonly network_priority?: string;
  /** "bridge", "host", "none", "service:NAME", "container:NAME"; observed also "container:ID" of one that is gone. So are pid and ipc. */
  readonly network_mode?: string;
  /** "SERVICE" or "container:NAME", with ":ro" if so, as declared; of two with one target the later wins. */
  readonly volumes_from?: readonly string[];
  /** "SERVICE:ALIAS", sorted. */
  readonly links?: readonly string[];
  /** "CONTAINER:ALIAS", sorted. */
  readonly external_links?: readonly string[];
  readonly healthcheck?: HealthCheck;
  /** "no", "always", "unless-stopped", "on-failure" or "on-failure:N". */
  readonly restart?: string;
  readonly stop_grace_period?: number;
  readonly stop_signal?: string;
  readonly resources?: Resources;
  /** Without the labels of Compose and of stackctl themselves. */
  readonly labels?: ByName<Text>;
  readonly user?: string;
  readonly working_dir?: string;
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly read_only?: boolean;
  readonly ulimits?: ByName<Ulimit>;
  /** "host:address", sorted. */
  readonly extra_hosts?: readonly string[];
  readonly dns?: readonly string[];
  readonly init?: boolean;
  readonly privileged?: boolean;
  readonly shm_size?: number;
  readonly hostname?: string;
  readonly domainname?: string;
  readonly logging?: Logging;
  readonly tty?: boolean;
  readonly stdin_open?: boolean;
  /** What no engine's inspect shows again: only the label of what was applied tells whether it changed. */
  readonly platform?: string;
  readonly runtime?: string;
  /** Names or ids of groups, sorted. */
  readonly group_add?: readonly string[];
  /** Sorted, without the seccomp profile. */
  readonly security_opt?: readonly string[];
  /** The profile that `security_opt` names, as JSON without white space. */
  readonly seccomp?: string;
  readonly sysctls?: ByName<string>;
  /** "host", "service:NAME", "container:NAME". */
  readonly pid?: string;
  /** "none", "private", "shareable", "host", "service:NAME", "container:NAME". */
  readonly ipc?: string;
  /** "host". */
  readonly uts?: string;
  /** "host". */
  readonly userns_mode?: string;
  /** "host" or "private". */
  readonly cgroup?: string;
  readonly cgroup_parent?: string;
  readonly oom_kill_disable?: boolean;
  readonly oom_score_adj?: number;
  /** Percent. */
  readonly mem_swappiness?: number;
  readonly dns_opt?: readonly string[];
  readonly dns_search?: readonly string[];
  /** "80/tcp", one a port, sorted. */
  readonly expose?: readonly string[];
  readonly annotations?: ByName<Text>;
  readonly devices?: readonly Device[];
  /** Sorted. */
  readonly device_cgroup_rules?: readonly string[];
  /** `gpus`, `deploy.resources.reservations.devices` and devices by their CDI names. */
  readonly device_requests?: readonly DeviceRequest[];
  readonly blkio_config?: DeviceRates;
  readonly storage_opt?: ByName<string>;
  /** Run in the container once it has started, in this order. No engine keeps them: an observed container has those of its label. */
  readonly post_start?: readonly Command[];
  /** Run in the container before it is stopped. */
  readonly pre_stop?: readonly Command[];
}

export interface Port {
  readonly target: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  /** Empty: every address. */
  readonly host_ip: string;
  /** "8080"; a range such as "8000-8010" lets the engine choose within it; empty lets it choose any. */
  readonly published: string;
}

export interface Mount {
  readonly type: 'volume' | 'bind' | 'tmpfs' | 'image';
  /** The engine's name of the volume, an absolute path or an image; empty for tmpfs and anonymous volumes. */
  readonly source: string;
  readonly target: string;
  readonly read_only: boolean;
  /** Bytes; tmpfs only. */
  readonly size?: number;
  /** Permission bits; tmpfs only. */
  readonly mode?: number;
  /** Tmpfs only, such as "noexec" and "uid=1000"; sorted, never empty. */
  readonly options?: readonly string[];
  /** Bind only, such as "rshared"; absent: "rprivate", the engine's own. */
  readonly propagation?: string;
  /** Bind and volume: shared between containers, or of this one alone. */
  readonly selinux?: 'z' | 'Z';
  /** Bind only: what becomes of mounts below it. */
  readonly recursive?: 'disabled' | 'writable' | 'readonly';
  /** Wanted bind only: a folder that is not there is a mistake, and is not made. */
  readonly mustExist?: true;
  /** Volume only: what the image has there is not copied into it. */
  readonly nocopy?: true;
  /** Volume and image only: the part that is mounted. */
  readonly subpath?: string;
  /** Wanted volume only: for one that the engine makes with the container. */
  readonly labels?: ByName<Text>;
  /** Of a single regular file mounted read-only, if its content counts: its value in the vault. */
  readonly content?: Text;
}

export interface InnerFile {
  readonly kind: 'secret' | 'config';
  readonly name: string;
  readonly target: string;
  readonly content: Text;
  readonly uid: number;
  readonly gid: number;
  /** Given once, when the container is made: that it says something else by now is no change. */
  readonly onlyOnce?: true;
  /** Permission bits. */
  readonly mode: number;
}

export interface Attachment {
  /** Sorted; always with the service's name, never with the container's name or short id. */
  readonly aliases: readonly string[];
  readonly ipv4_address?: string;
  readonly ipv6_address?: string;
  /** Sorted. */
  readonly link_local_ips?: readonly string[];
  readonly driver_opts?: ByName<string>;
  readonly gw_priority?: number;
  /** As the engine has them, "CONTAINER:ALIAS"; of a declared attachment the plan fills them in. */
  readonly links?: readonly string[];
  /** Observed only: the id of the network it is attached to. A network made again under its name is another network. */
  readonly id?: string;
}

/** Durations in milliseconds. Each absent field is the image's or, without one, the engine's. */
export interface HealthCheck {
  /** ["CMD", …], ["CMD-SHELL", text] or ["NONE"]. */
  readonly test?: readonly Text[];
  readonly interval?: number;
  readonly timeout?: number;
  readonly retries?: number;
  readonly start_period?: number;
  readonly start_interval?: number;
}

/** What an engine can set anew in a container that is there: `deploy.resources` and the keys beside it. */
export interface Resources {
  /** Cores, such as 0.5. */
  readonly cpus?: number;
  /** Bytes. */
  readonly memory?: number;
  /** Bytes. */
  readonly memory_reservation?: number;
  readonly pids?: number;
  /** Bytes of memory and swap together, -1 is no limit. Without it the engine gives twice the memory. */
  readonly memswap_limit?: number;
  /** A weight against other containers. */
  readonly cpu_shares?: number;
  /** Microseconds, as the other three. */
  readonly cpu_period?: number;
  readonly cpu_quota?: number;
  readonly cpu_rt_period?: number;
  readonly cpu_rt_runtime?: number;
  /** "0-2,4" */
  readonly cpuset?: string;
  /** `blkio_config.weight`, 10 to 1000. */
  readonly blkio_weight?: number;
}

/** A device of the host that a container may use. */
export interface Device {
  readonly source: string;
  readonly target: string;
  /** Of "rwm". */
  readonly permissions: string;
}

/** Devices that the engine finds by a driver, such as GPUs. */
export interface DeviceRequest {
  readonly driver: string;
  /** -1 is all; 0 where ids say which. */
  readonly count: number;
  readonly ids: readonly string[];
  /** Sorted. */
  readonly capabilities: readonly string[];
  readonly options: ByName<string>;
}

/** `blkio_config` without its weight, by paths of devices: bytes or requests a second, and weights. */
export interface DeviceRates {
  readonly device_read_bps?: ByName<number>;
  readonly device_read_iops?: ByName<number>;
  readonly device_write_bps?: ByName<number>;
  readonly device_write_iops?: ByName<number>;
  readonly weight_device?: ByName<number>;
}

export interface Ulimit {
  readonly soft: number;
  readonly hard: number;
}

export interface Logging {
  readonly driver: string;
  readonly options: ByName<Text>;
}
