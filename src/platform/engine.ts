import type { ByName } from '../lib/record.ts';
import type { Touch } from '../model/action.ts';
import type { EntryFacts } from '../model/backup.ts';
import type { Builder } from '../model/builder.ts';
import type { BuildSpec, NetworkSpec, VolumeSpec } from '../model/desired.ts';
import type { ContainerState, EngineFacts, Observed } from '../model/observed.ts';
import type { Attachment, Resources, Settings } from '../model/settings.ts';
import type { DataWork } from './data-work.ts';
import type { Command } from '../model/hook.ts';
import type { VolumeUser } from '../model/volume-user.ts';

/**
 * The container engine as we need it, in our words. Every call ends by itself when its signal aborts, whatever the engine does,
 * and fails with an EngineError and nothing else. A call that was aborted may still have happened: look again.
 * "Already so" is success: removing what is gone, starting what runs, disconnecting what is not connected.
 */
export interface Engine extends DataWork {
  facts(signal: AbortSignal): Promise<EngineFacts>;
  /** Everything of a stack, and all else that could stand in its way. Calls run side by side. Listeners are the host's part. */
  look(query: LookQuery, signal: AbortSignal): Promise<Observed>;
  /** Only the named resources: what a guard needs. Resources that are not there are absent. */
  glance(touches: readonly Touch[], signal: AbortSignal): Promise<Observed>;
  /** How containers stand, by their full ids, asked for side by side. Those that are gone are absent. */
  states(ids: readonly string[], signal: AbortSignal): Promise<ByName<ContainerState>>;

  /** Containers that are gone, by their full ids, as far as the engine remembers. */
  removed(ids: readonly string[], signal: AbortSignal): Promise<ByName<RemovedContainer>>;

  /** The digest that the registry has for a reference now (GET only); throws "unreachable" when it cannot be asked. */
  remoteDigest(image: string, signal: AbortSignal): Promise<string>;
  /** For a platform, if one is named; fails if the registry has it for others only. */
  pullImage(pull: ImagePull, context: CallContext): Promise<void>;
  /** What it builds with. */
  builder(signal: AbortSignal): Promise<Builder>;
  /** Sensitive values of the build are opened only where it asks for them. */
  buildImage(image: string, build: BuildSpec, context: CallContext): Promise<void>;

  createNetwork(network: NetworkSpec, owner: Owner, signal: AbortSignal): Promise<void>;
  /** Removes the network of that id. */
  removeNetwork(id: string, signal: AbortSignal): Promise<void>;
  createVolume(volume: VolumeSpec, owner: Owner, signal: AbortSignal): Promise<void>;
  removeVolume(name: string, signal: AbortSignal): Promise<void>;
  /**
   * Fills an empty volume (or one to be filled again) with what is in a tar, as it was, and looks afterwards that just that is in it. Throws BackupError for an archive
   * that must not be restored: what is in the volume then is worth nothing.
   */
  fillVolume(fill: VolumeFill, signal: AbortSignal): Promise<void>;
  /** Whether two volumes have changed what is in them, and not changed back. */
  areExchanged(volumes: Omit<VolumeExchange, 'way'>, signal: AbortSignal): Promise<boolean>;
  /**
   * Lets two plain volumes of the local driver change what is in them, in one step. "Already so" is success. Refuses (EngineError
   * "conflict") while a container that mounts one of them runs.
   */
  exchangeVolumes(exchange: VolumeExchange, signal: AbortSignal): Promise<void>;
  /**
   * The content of a volume as a tar (pax, sorted by name, owners by number, extended attributes, holes), read as it comes. Fails when a
   * file changes meanwhile, unless that was to be expected.
   */
  readVolume(read: VolumeRead, use: (tar: AsyncIterable<Uint8Array>) => Promise<void>, signal: AbortSignal): Promise<void>;
  /** How much a volume holds, counted by looking at each file. */
  measureVolume(look: VolumeLook, signal: AbortSignal): Promise<VolumeMeasure>;
  /** Who owns the root of each of these volumes, "999:999". They must be there. */
  volumeOwners(look: { readonly volumes: readonly string[]; readonly image: string }, signal: AbortSignal): Promise<ByName<string>>;
  /** Bytes that are free where a volume lies. */
  volumeRoom(look: VolumeLook, signal: AbortSignal): Promise<number>;
  /** Who has each volume mounted, containers of others too; by the volume's name. Volumes that nobody has are absent. */
  volumeUsers(signal: AbortSignal): Promise<ByName<readonly VolumeUser[]>>;
  /** Bytes that each volume takes on the engine's disk, as far as the engine can tell. It looks at every file: this may take long. */
  volumeSizes(signal: AbortSignal): Promise<ByName<number>>;

  /** Creates the container with its networks, labels and inner files; the new id. Leaves nothing behind when it fails. */
  createContainer(order: ContainerOrder, signal: AbortSignal): Promise<string>;
  startContainer(id: string, signal: AbortSignal): Promise<void>;
  /** The engine sends the stop signal, waits the grace period (the container's own unless given), then kills. */
  stopContainer(id: string, signal: AbortSignal, graceMs?: number): Promise<void>;
  pauseContainer(id: string, signal: AbortSignal): Promise<void>;
  unpauseContainer(id: string, signal: AbortSignal): Promise<void>;
  restartContainer(id: string, signal: AbortSignal): Promise<void>;
  signalContainer(id: string, name: string, signal: AbortSignal): Promise<void>;
  renameContainer(id: string, to: string, signal: AbortSignal): Promise<void>;
  /** Restart policy and resources of a container, running or not. */
  updateContainer(id: string, update: ContainerUpdate, signal: AbortSignal): Promise<void>;
  /** Never together with its volumes; refuses (EngineError "conflict") while it runs. */
  removeContainer(id: string, signal: AbortSignal): Promise<void>;
  connectNetwork(link: NetworkLink, signal: AbortSignal): Promise<void>;
  disconnectNetwork(link: NetworkLink, signal: AbortSignal): Promise<void>;

  /** Its state now, and again after every event that concerns it; ends only with the signal. Never polls. */
  watch(id: string, signal: AbortSignal): AsyncIterable<ContainerState>;
  /**
   * What happens to the stack, from then on; the engine listens once it resolves, so that a look after that misses nothing. Ends only
   * with the signal, or with an EngineError when the engine breaks off. Never polls.
   */
  stackEvents(query: StackEventsQuery, signal: AbortSignal): Promise<AsyncIterable<StackEvent>>;
  /** Runs a command inside to its end; exit code and combined output (the last 4 KiB). An abort ends the waiting, not the command. */
  exec(id: string, command: Command, signal: AbortSignal): Promise<ExecResult>;
  /** The last lines of both streams, oldest first. */
  logs(id: string, lines: number, signal: AbortSignal): Promise<readonly string[]>;
  /** Each line of both streams as it is written, until the container ends or the signal aborts. */
  followLogs(id: string, from: LogStart, signal: AbortSignal): AsyncIterable<string>;
}

export interface VolumeFill extends VolumeLook {
  readonly tar: AsyncIterable<Uint8Array>;
  /** What has to be in it then. */
  expected(): AsyncIterable<EntryFacts>;
  /** An archive with more than this is none that may be restored: how many entries, and bytes of all files as programs read them. */
  readonly limits: { readonly entries: number; readonly bytes: number };
  /** It may be filled in part, by one who died: all of that goes first. */
  readonly again?: true;
}

export interface VolumeExchange {
  readonly volume: string;
  /** The volume beside it. */
  readonly fresh: string;
  /** "there": they have changed what is in them. "back": each has what it had at first. */
  readonly way: 'there' | 'back';
  /** Reference of the helper's image. */
  readonly image: string;
}

/** A look into a volume by a helper container. */
export interface VolumeLook {
  readonly volume: string;
  /** Of the helper. It must be there. */
  readonly image: string;
  /** "host": the engine maps users, and who uses the volume is exempt from it. */
  readonly userns?: string;
}

export interface VolumeRead extends VolumeLook {
  /** Whether programs go on writing meanwhile. */
  readonly changing: boolean;
}

/** Bytes of all files, as programs read them and as they lie on the disk, how many entries and device files; the root's owner ("999:999"). */
export interface VolumeMeasure {
  readonly apparentBytes: number;
  readonly diskBytes: number;
  readonly entries: number;
  readonly devices: number;
  readonly owner: string;
}

export interface RemovedContainer {
  readonly name: string;
  /** By the engine's clock, milliseconds since 1970. */
  readonly atMs: number;
}

export interface StackEventsQuery {
  readonly stack: string;
  /** Engine names of its networks and volumes: their events carry no label. */
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
  /** As far as the engine remembers; absent: from now on. By the engine's clock, milliseconds since 1970. */
  readonly sinceMs?: number;
}

/** Something that happened to a container, network or volume of a stack, or to the lock that an applier of it holds. */
export interface StackEvent {
  readonly of: 'container' | 'network' | 'volume' | 'lock';
  /** Full id; of a volume its name. */
  readonly id: string;
  /** In Docker's words: "start", "die", "stop", "kill", "pause", "rename", "update", "destroy", "connect" … */
  readonly what: string;
  /** By the engine's clock, milliseconds since 1970. */
  readonly atMs: number;
  /** With "die", where the engine says so. */
  readonly exitCode?: number;
  /** With "kill": the number of the signal. */
  readonly signal?: number;
}

/** What is written from now on, or since then (ISO 8601, to the second). */
export type LogStart = string;

export type OnProgress = (note: string) => void;

export interface ImagePull {
  readonly image: string;
  /** Such as "linux/arm64"; absent: the engine's own. */
  readonly platform?: string;
}

/** What goes along with a call that takes long. */
export interface CallContext {
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

export interface LookQuery {
  readonly stack: string;
  /** References of the images that the stack wants. */
  readonly images: readonly string[];
  /** Engine names of networks and volumes that are declared external: looked at though they carry no label of the stack. */
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

/** Who makes a resource: goes into its labels, next to those that Docker Compose sets. */
export interface Owner {
  readonly stack: string;
  /** Id of the run of stackctl, so that a walk back removes only what this run made. */
  readonly run: string;
}

/** Everything needed to create one container; plain data, sensitive values sealed. */
export interface ContainerOrder {
  readonly owner: Owner;
  readonly name: string;
  readonly service: string;
  readonly number: number;
  readonly files: readonly string[];
  readonly workingDir: string;
  readonly settings: Settings;
  /** What it is made from, where that is not simply what the reference in its settings means. */
  readonly image?: string;
  /** What the reference in its settings means on this engine; goes into its labels. */
  readonly imageId: string;
  /** What the references of the images that it mounts mean, by reference. */
  readonly mountedImages?: ByName<string>;
  /** "db:service_healthy:false,…" as Compose writes it into its label. */
  readonly dependsOn: string;
  /** Ids of the containers that it shares something with, by what its settings call them: "service:db", "container:store". */
  readonly joins?: ByName<string>;
  /** "CONTAINER:ALIAS" for each container that it is linked to. */
  readonly links?: readonly string[];
  /** Volume names of anonymous mounts to take over from the container that it replaces, by target. */
  readonly inherits: ByName<string>;
}

export interface ContainerUpdate {
  readonly restart?: string;
  readonly resources?: Resources;
}

export interface NetworkLink {
  readonly network: string;
  readonly container: string;
  readonly attachment: Attachment;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly output: string;
}
