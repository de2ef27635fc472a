import type { ByName } from '../lib/record.ts';
import type { BackupPolicy } from './backup-policy.ts';
import type { DataRule } from './data-rule.ts';
import type { Place } from './problem.ts';
import type { Settings, Ulimit } from './settings.ts';
import type { Text } from './text.ts';

/** What the stack files ask for, fully resolved: every default filled in, every path absolute. */
export interface Desired {
  /** The Compose project name. */
  readonly stack: string;
  /** The stack files in the order they were merged, absolute. */
  readonly files: readonly string[];
  /** The project directory, absolute. */
  readonly workingDir: string;
  /** Of the whole way forward. */
  readonly timeoutMs: number;
  /** Of the way back. */
  readonly rollbackTimeoutMs: number;
  /** The active services. */
  readonly services: ByName<ServiceSpec>;
  /** Services that are declared under a profile which is not active: neither wanted nor orphans. */
  readonly inactiveServices: readonly string[];
  /** By their key in the file; only those that an active service uses. */
  readonly networks: ByName<NetworkSpec>;
  /** By their key in the file. */
  readonly volumes: ByName<VolumeSpec>;
  readonly ports: PortPolicy;
  /** What is declared of the files in volumes and mounted folders; absent: nothing. */
  readonly dataRules?: readonly DataRule[];
  /** Of the containers that work inside volumes. */
  readonly helperImage: string;
  /** Where each path such as "services.web.ports.0" was declared. */
  readonly places: ByName<Place>;
}

/** `x-stack.ports`: what becomes of processes that hold a port of the stack. */
export interface PortPolicy {
  /** "reclaim": a plan may end those that a rule names. */
  readonly onConflict: 'fail' | 'reclaim';
  readonly reclaim: readonly ReclaimRule[];
}

/** A process of the host that may be ended to free a port which it holds. */
export interface ReclaimRule {
  /** A glob for its whole command line. */
  readonly command: string;
  /** And only when it is this user's. */
  readonly user?: string;
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs: number;
}

export interface ServiceSpec {
  readonly name: string;
  /** What each of its containers is made of. */
  readonly settings: Settings;
  /** The one image that the reference in its settings stands for: "nginx:1.27@sha256:…", or an image id. Absent: whatever it means. */
  readonly pinned?: string;
  readonly build?: BuildSpec;
  readonly pullPolicy: PullPolicy;
  /** One a container, numbered from 1. */
  readonly replicas: readonly Replica[];
  readonly dependsOn: readonly Dependency[];
  readonly update: UpdatePolicy;
  readonly timeouts: Timeouts;
  /** Declared probes, beside the health check if there is one. */
  readonly ready: readonly Probe[];
  readonly onConfigChange: ConfigChange;
  /** `use_api_socket`; what that means stands in its settings once the engine is known. */
  readonly apiSocket?: true;
  /** `attach: false`: whoever follows the stack does not follow this service, unless it is named. */
  readonly unattended?: true;
}

export type PullPolicy = 'missing' | 'always' | 'never' | 'build' | Refreshing;

/** The registry is asked: compose says how often, stackctl asks with every plan, and pulls only what has changed. */
type Refreshing = 'refresh' | 'daily' | 'weekly' | `every_${string}`;

/** Whether the registry is asked what a reference means now. */
export const asksRegistry = (policy: PullPolicy): boolean =>
  policy === 'always' || policy === 'refresh' || policy === 'daily' || policy === 'weekly' || policy.startsWith('every_');

export interface Replica {
  readonly number: number;
  /** The name of its container. */
  readonly name: string;
}

export interface Dependency {
  readonly service: string;
  readonly condition: 'service_started' | 'service_healthy' | 'service_completed_successfully';
  /** Restart this service after the other was recreated. */
  readonly restart: boolean;
  /** False: only a warning if the other service is not declared or not active. */
  readonly required: boolean;
}

/** `deploy.update_config`. */
export interface UpdatePolicy {
  readonly order: 'stop-first' | 'start-first';
  readonly failureAction: 'rollback' | 'pause' | 'continue';
  /** How long a service without a health check must run without a restart to be ready. */
  readonly monitorMs: number;
  /** How many containers of the service are replaced at once; 0 is all. */
  readonly parallelism: number;
}

export interface Timeouts {
  readonly pullMs: number;
  readonly readyMs: number;
  /** What a stop call gives the container between the stop signal and the kill; undefined: the grace period that it was made with. */
  readonly stopMs?: number;
  /** Beyond the stop grace period, how long the engine may take for one call. */
  readonly callMs: number;
}

/** `x-stack.ready`, one form each. */
export type Probe =
  | { readonly kind: 'http'; readonly url: string }
  | { readonly kind: 'tcp'; readonly port: number; readonly host: string }
  | { readonly kind: 'log'; readonly text: string }
  | { readonly kind: 'stable'; readonly forMs: number };

/** What to do when only the content of a config, secret or mounted file changed: "signal:SIGHUP" names the signal. */
export type ConfigChange = 'recreate' | 'restart' | 'ignore' | `signal:${string}`;

export interface BuildSpec {
  /** Absolute path of a folder; else a git repository or an archive, which the engine fetches itself. */
  readonly context: string;
  /** Absolute path, of a context that is elsewhere the path within it; without meaning when `dockerfileInline` is there. */
  readonly dockerfile: string;
  /** Its text, in place of the file. */
  readonly dockerfileInline?: string;
  readonly args: ByName<Text>;
  readonly target?: string;
  readonly labels?: ByName<Text>;
  /** What its steps are connected to: a network, "host" or "none". */
  readonly network?: string;
  /** Bytes. */
  readonly shmSize?: number;
  /** "host:address" */
  readonly extraHosts?: readonly string[];
  readonly cacheFrom?: readonly string[];
  readonly noCache?: boolean;
  /** Ask the registries for newer base images. */
  readonly pull?: boolean;
  /** More names for the image. */
  readonly tags?: readonly string[];
  readonly ulimits?: ByName<Ulimit>;
  readonly platform?: string;
  /** By the id under which the Dockerfile asks for each; BuildKit alone has them. */
  readonly secrets?: ByName<Text>;
  /**
   * SSH agents, by the id under which the Dockerfile asks for each: the absolute path of an agent's socket or of a private key; '' is the
   * agent of whoever applies. BuildKit alone has them.
   */
  readonly ssh?: ByName<string>;
}

export interface NetworkSpec {
  /** The engine's name, such as "shop_default". */
  readonly name: string;
  /** The key in the file. */
  readonly key: string;
  readonly external: boolean;
  /** Undefined: the engine's default. */
  readonly driver?: string;
  readonly driverOptions?: ByName<string>;
  readonly internal: boolean;
  readonly attachable?: boolean;
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
  readonly ipam?: Ipam;
  readonly labels: ByName<Text>;
  /** Paths of the options that the file says, such as "driver_opts.mtu"; absent where nobody knows: a network that is brought back. */
  readonly declared?: readonly string[];
}

/** How a network gives out addresses. */
export interface Ipam {
  readonly driver?: string;
  readonly options?: ByName<string>;
  readonly pools: readonly AddressPool[];
}

/** Addresses that a network gives to containers. */
export interface AddressPool {
  readonly subnet?: string;
  readonly ip_range?: string;
  readonly gateway?: string;
  /** Addresses that it may not give, by name. */
  readonly aux_addresses?: ByName<string>;
}

export interface VolumeSpec {
  /** The engine's name, such as "shop_data". */
  readonly name: string;
  readonly key: string;
  readonly external: boolean;
  readonly driver?: string;
  readonly driverOptions: ByName<Text>;
  readonly labels: ByName<Text>;
  /** `x-stack.prevent_destroy`: no flag and no answer allows its removal. */
  readonly preventDestroy?: true;
  readonly backup?: BackupPolicy;
}

/** One container of a service. */
export interface WantedContainer {
  readonly service: ServiceSpec;
  readonly replica: Replica;
}
