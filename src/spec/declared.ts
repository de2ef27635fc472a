import type { ByName } from '../lib/record.ts';
import type { DeclaredDataOptions, DeclaredVolume } from './declared-data.ts';
import type { DeclaredBlkio, DeclaredDeviceRequest } from './declared-devices.ts';
import type { DeclaredHook } from './declared-hooks.ts';
import type { DeclaredAttachment, DeclaredNetwork } from './declared-networks.ts';

/**
 * What the merged stack files declare, in normal form: long forms, absolute host paths, durations as Go prints them, sizes as texts of
 * bytes. The schema and the form-… stages promise these types, and check-run.ts that no run
 * begins with other words than these.
 */
export interface Declared {
  readonly name?: string;
  readonly services?: ByName<DeclaredService>;
  readonly networks?: ByName<DeclaredNetwork>;
  readonly volumes?: ByName<DeclaredVolume>;
  readonly secrets?: ByName<DeclaredFile>;
  readonly configs?: ByName<DeclaredFile>;
  readonly models?: ByName<object>;
  readonly 'x-stack'?: {
    readonly timeout?: string;
    readonly rollback_timeout?: string;
    readonly ports?: DeclaredPortPolicy;
    readonly sensitive?: readonly string[];
    readonly lint?: Silences | null;
  } | null;
}

export interface DeclaredPortPolicy {
  readonly on_conflict?: 'fail' | 'reclaim';
  readonly reclaim?: readonly { readonly command: string; readonly user?: string; readonly grace?: string }[];
}

export interface DeclaredService {
  readonly image?: string;
  readonly build?: DeclaredBuild;
  readonly command?: readonly string[] | null;
  readonly entrypoint?: readonly string[] | null;
  readonly environment?: ByName<string | null>;
  readonly env_file?: readonly DeclaredEnvFile[];
  readonly label_file?: readonly string[];
  readonly ports?: readonly DeclaredPort[];
  readonly volumes?: readonly DeclaredMount[];
  readonly networks?: ByName<DeclaredAttachment | null>;
  readonly mac_address?: string;
  readonly network_mode?: string;
  readonly volumes_from?: readonly string[];
  readonly links?: readonly string[];
  readonly external_links?: readonly string[];
  readonly depends_on?: ByName<DeclaredDependency>;
  readonly healthcheck?: DeclaredHealthCheck;
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly stop_signal?: string;
  readonly deploy?: DeclaredDeploy;
  readonly labels?: ByName<string>;
  readonly user?: string;
  readonly working_dir?: string;
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly ulimits?: ByName<number | { readonly soft: number; readonly hard: number }>;
  readonly extra_hosts?: readonly string[];
  readonly dns?: readonly string[];
  readonly init?: boolean;
  readonly privileged?: boolean;
  readonly shm_size?: string;
  readonly secrets?: readonly DeclaredFileUse[];
  readonly configs?: readonly DeclaredFileUse[];
  readonly profiles?: readonly string[];
  readonly container_name?: string;
  readonly hostname?: string;
  readonly domainname?: string;
  readonly tty?: boolean;
  readonly stdin_open?: boolean;
  readonly runtime?: string;
  readonly group_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly sysctls?: ByName<string>;
  readonly pid?: string;
  readonly ipc?: string;
  readonly uts?: string;
  readonly userns_mode?: string;
  readonly cgroup?: string;
  readonly cgroup_parent?: string;
  readonly oom_kill_disable?: boolean;
  readonly oom_score_adj?: number;
  readonly dns_opt?: readonly string[];
  readonly dns_search?: readonly string[];
  readonly expose?: readonly string[];
  readonly annotations?: ByName<string>;
  readonly devices?: readonly { readonly source: string; readonly target?: string; readonly permissions?: string }[];
  readonly device_cgroup_rules?: readonly string[];
  readonly gpus?: readonly DeclaredDeviceRequest[];
  readonly blkio_config?: DeclaredBlkio;
  readonly storage_opt?: ByName<string>;
  readonly logging?: { readonly driver?: string; readonly options?: ByName<string> };
  readonly pull_policy?: 'missing' | 'always' | 'never' | 'build' | 'refresh' | 'daily' | 'weekly' | `every_${string}`;
  readonly platform?: string;
  readonly provider?: object;
  readonly use_api_socket?: boolean;
  readonly attach?: boolean;
  readonly post_start?: readonly DeclaredHook[];
  readonly pre_stop?: readonly DeclaredHook[];
  readonly scale?: number;
  readonly cpus?: number;
  readonly mem_limit?: string;
  readonly mem_reservation?: string;
  readonly pids_limit?: number;
  readonly mem_swappiness?: string;
  readonly memswap_limit?: string;
  readonly cpu_shares?: number;
  readonly cpu_period?: number;
  readonly cpu_quota?: number;
  readonly cpu_rt_period?: number;
  readonly cpu_rt_runtime?: number;
  readonly cpuset?: string;
  readonly models?: ByName<object | null>;
  readonly develop?: { readonly watch?: readonly { readonly action: string; readonly target?: string }[] };
  readonly 'x-stack'?: DeclaredOptions | null;
}

export interface DeclaredBuild {
  readonly context?: string;
  readonly dockerfile?: string;
  readonly dockerfile_inline?: string;
  readonly args?: ByName<string | null>;
  readonly target?: string;
  readonly labels?: ByName<string>;
  readonly network?: string;
  readonly shm_size?: string;
  readonly extra_hosts?: readonly string[];
  readonly cache_from?: readonly string[];
  readonly no_cache?: boolean;
  readonly pull?: boolean;
  readonly tags?: readonly string[];
  readonly ulimits?: DeclaredService['ulimits'];
  readonly platforms?: readonly string[];
  readonly additional_contexts?: ByName<string>;
  readonly secrets?: readonly DeclaredFileUse[];
  /** "id" or "id=path". */
  readonly ssh?: readonly string[];
}

export interface DeclaredEnvFile {
  readonly path: string;
  readonly required?: boolean;
  readonly format?: string;
}

export interface DeclaredPort {
  readonly target: number;
  readonly published?: string;
  readonly host_ip?: string;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly mode: string;
}

export interface DeclaredMount {
  readonly type: 'volume' | 'bind' | 'tmpfs' | 'image';
  readonly source?: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly bind?: {
    readonly create_host_path?: boolean;
    readonly propagation?: string;
    readonly selinux?: 'z' | 'Z';
    readonly recursive?: 'enabled' | 'disabled' | 'writable' | 'readonly';
  };
  readonly volume?: { readonly nocopy?: boolean; readonly subpath?: string; readonly labels?: ByName<string> };
  readonly image?: { readonly subpath?: string };
  readonly tmpfs?: { readonly size?: string; readonly mode?: number };
  readonly 'x-stack'?: DeclaredDataOptions | null;
}

export interface DeclaredDependency {
  readonly condition: 'service_started' | 'service_healthy' | 'service_completed_successfully';
  readonly restart?: boolean;
  readonly required: boolean;
}

export interface DeclaredHealthCheck {
  readonly test?: readonly string[];
  readonly interval?: string;
  readonly timeout?: string;
  readonly retries?: number;
  readonly start_period?: string;
  readonly start_interval?: string;
  readonly disable?: boolean;
}

export interface DeclaredDeploy {
  readonly replicas?: number;
  readonly resources?: {
    readonly limits?: { readonly cpus?: number; readonly memory?: string; readonly pids?: number };
    readonly reservations?: { readonly memory?: string; readonly devices?: readonly DeclaredDeviceRequest[] };
  };
  readonly restart_policy?: { readonly condition?: string; readonly max_attempts?: number };
  readonly update_config?: {
    readonly parallelism?: number;
    readonly order?: 'start-first' | 'stop-first';
    readonly failure_action?: 'rollback' | 'pause' | 'continue';
    readonly monitor?: string;
  };
}

/** Rules of lint that are silent, and why; without a reason null or empty. */
export type Silences = ByName<string | null>;

export interface DeclaredOptions {
  readonly timeout?: { readonly pull?: string; readonly stop?: string; readonly ready?: string };
  readonly ready?: readonly DeclaredProbe[];
  readonly on_config_change?: 'recreate' | 'restart' | 'ignore' | `signal:${string}`;
  readonly lint?: Silences | null;
}

export interface DeclaredProbe {
  readonly http?: string;
  readonly tcp?: string | number;
  readonly log?: string;
  readonly stable?: string;
}

export interface DeclaredFileUse {
  readonly source: string;
  readonly target?: string;
  readonly uid?: string;
  readonly gid?: string;
  /** Octal digits. */
  readonly mode?: string;
}

export interface DeclaredFile {
  readonly name?: string;
  readonly file?: string;
  readonly environment?: string;
  readonly content?: string;
  readonly external?: boolean;
  /** What the variable of `environment` held where the file was read. */
  readonly 'x-#value'?: string;
}
