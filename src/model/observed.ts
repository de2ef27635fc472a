import type { Builder } from './builder.ts';
import type { ByName } from '../lib/record.ts';
import type { Applied } from './applied.ts';
import type { Ipam } from './desired.ts';
import type { Listener } from './listener.ts';
import type { HealthCheck, Port, Settings } from './settings.ts';
import type { SeenData } from './seen-data.ts';
import type { Text } from './text.ts';

/** One moment of the machine, in our own words. Never holds a dockerode type. */
export interface Observed {
  readonly engine: EngineFacts;
  /** Asked for where a build needs to know. */
  readonly builder?: Builder;
  /** By each reference that was asked for, and by id ("sha256:…"). A reference that is not local is absent. */
  readonly images: ByName<SeenImage>;
  /** By the engine's name. */
  readonly networks: ByName<SeenNetwork>;
  /** By the engine's name. */
  readonly volumes: ByName<SeenVolume>;
  /** The stack's containers by their name. */
  readonly containers: ByName<SeenContainer>;
  /** Containers that are not the stack's, by their name: they may hold a name or a port. */
  readonly others: ByName<OtherContainer>;
  /** Who listens on the host ports that were asked for. */
  readonly listeners: readonly Listener[];
  /** What was found in places of which something is declared, by `placeText`; absent: nothing is. */
  readonly data?: ByName<SeenData>;
  /** Why nobody could look whether others hold the host's ports. */
  readonly portsUnseen?: string;
}

export interface EngineFacts {
  readonly id: string;
  readonly kind: 'docker' | 'podman';
  readonly version: string;
  /** Such as "1.41". */
  readonly apiVersion: string;
  /** The machine's name as the engine tells it. */
  readonly host: string;
  /** Where it answers. */
  readonly address: EngineAddress;
  readonly defaultLogDriver: string;
  /** What a container has of which nothing is declared. */
  readonly defaults: { readonly ipc: string; readonly runtime: string; readonly cgroup: string };
  /** Paths of settings, such as "healthcheck.start_interval" or "annotations" with all below, that this engine drops without a word. */
  readonly drops: readonly string[];
}

export type EngineAddress =
  { readonly kind: 'unix'; readonly path: string } | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

export interface SeenImage {
  readonly id: string;
  /** Digests under which registries know it, "name@sha256:…". */
  readonly digests: readonly string[];
  /** Such as "linux/amd64" or "linux/arm/v7"; absent where it does not say. */
  readonly platform?: string;
  /** What the registry has for this reference, where it was asked. */
  readonly inRegistry?: 'same' | 'newer' | 'unreachable';
  /** The digest that the registry has, where it is another one. */
  readonly registryDigest?: string;
  readonly defaults: ImageDefaults;
}

/** What an image brings along, in the form of Settings. */
export interface ImageDefaults {
  readonly command: readonly Text[];
  readonly entrypoint: readonly Text[];
  readonly environment: ByName<Text>;
  readonly labels: ByName<Text>;
  readonly user: string;
  readonly working_dir: string;
  readonly stop_signal: string;
  readonly healthcheck?: HealthCheck;
  /** "80/tcp", one a port, sorted. */
  readonly expose?: readonly string[];
  /** Paths that become anonymous volumes, sorted. */
  readonly volumes: readonly string[];
}

export interface SeenNetwork {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly internal: boolean;
  readonly attachable?: boolean;
  readonly driverOptions?: ByName<string>;
  /** Absent: an engine that does not tell (API below 1.47). */
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
  readonly ipam?: Ipam;
  /** Paths of the options that its file declared, by its label; absent where nobody wrote it down. */
  readonly declared?: readonly string[];
  readonly labels: ByName<Text>;
  /** The stack that owns it by its project label. */
  readonly stack?: string;
  /** The run of stackctl that made it, by its label. */
  readonly run?: string;
}

export interface SeenVolume {
  readonly name: string;
  readonly driver: string;
  readonly driverOptions: ByName<Text>;
  readonly labels: ByName<Text>;
  readonly stack?: string;
  readonly run?: string;
  /** What an interrupted run, with which this one goes on, kept there for its way back. */
  readonly leftover?: true;
}

export interface SeenContainer {
  /** 64 hex digits. */
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly number: number;
  /** The id of the image it was made from. */
  readonly imageId: string;
  readonly settings: Settings;
  readonly state: ContainerState;
  /** Engine names of its anonymous volumes, by target. */
  readonly anonymous: ByName<string>;
  /** From the labels: which files and folder declared it. */
  readonly files: readonly string[];
  readonly workingDir: string;
  /** The run of stackctl that made it, by its label. */
  readonly run?: string;
  /** What its label says was applied; absent when Compose made it, or another version of stackctl. */
  readonly applied?: Applied;
  /** Of one that is restarted again and again while a port is held: the line of its log that says so. */
  readonly portComplaint?: string;
  /** Paths of fields whose declaration differs from what was last applied; absent when nothing says what was applied. */
  readonly edited?: readonly string[];
}

export interface ContainerState {
  readonly status: 'created' | 'running' | 'paused' | 'restarting' | 'exited' | 'dead' | 'removing';
  readonly exitCode: number;
  readonly oomKilled: boolean;
  /** The engine's own words when a start failed. */
  readonly error: string;
  readonly restartCount: number;
  /** ISO 8601; empty if never started. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Absent without a health check, and while it does not run. */
  readonly health?: 'starting' | 'healthy' | 'unhealthy';
  /** What the last probe printed. */
  readonly lastProbe?: { readonly exitCode: number; readonly output: string };
}

export interface OtherContainer {
  readonly id: string;
  readonly name: string;
  readonly running: boolean;
  /** Absent: of no stack. */
  readonly stack?: string;
  /** The host ports that it really holds. */
  readonly ports: readonly Port[];
  /** Engine names of the volumes that it mounts; absent: none. */
  readonly volumes?: readonly string[];
}
