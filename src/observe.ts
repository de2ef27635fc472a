import { fromEntries, get, mapValues, names, type ByName } from './lib/record.ts';
import { givenByBuildKit } from './model/builder.ts';
import { editedSince } from './model/applied.ts';
import { isLive } from './model/is-live.ts';
import { imagesOf, mountedImages } from './model/images-of.ts';
import { asksRegistry, type Desired, type ServiceSpec } from './model/desired.ts';
import { digestOf, imageOf } from './model/image-of.ts';
import type { LeftContainer } from './model/left.ts';
import type { Observed, SeenContainer, SeenImage } from './model/observed.ts';
import { collide, socketOf, type HostSocket } from './model/host-socket.ts';
import type { HostProcess, Listener } from './model/listener.ts';
import type { Port } from './model/settings.ts';
import { shownCommand } from './model/shown-command.ts';
import type { Vault } from './model/vault.ts';
import { wantedPorts } from './model/wanted-ports.ts';
import { observeData } from './observe-data.ts';
import type { ContentRecord } from './platform/content-record.ts';
import type { Engine, RemovedContainer } from './platform/engine.ts';
import type { Host, HostPort } from './platform/host.ts';

export interface Platform {
  readonly engine: Engine;
  readonly host: Host;
  readonly vault: Vault;
  /** What a restart or signal made a container read since its label was written. */
  readonly content: ContentRecord;
}

/** For which images the registry is asked: those whose `pull_policy` says so, all, or none. */
export type AskRegistry = 'declared' | 'all' | 'none';

export interface ObserveOptions {
  readonly pull: AskRegistry;
  readonly signal: AbortSignal;
  /** Whether work in volumes may be planned beyond what is declared of their files: then the image for it is looked for. */
  readonly helper?: boolean;
  /** Absent: what is in volumes is looked at where something is declared of it. */
  readonly inside?: false;
}

/** Asks the engine, then the host about the ports that no container explains; gives one Observed. Changes nothing. */
export async function observe(
  desired: Desired,
  platform: Platform,
  { pull, signal, helper: isHelped = false, inside }: ObserveOptions,
): Promise<Observed> {
  const { engine } = platform;
  const services = Object.values(desired.services);
  const usesHelper = isHelped || desired.dataRules !== undefined || Object.values(desired.volumes).some(({ backup }) => backup);
  const helper = usesHelper ? [desired.helperImage] : [];
  const images = [...new Set([...services.flatMap((service) => [...imagesOf(service), service.settings.image]), ...helper])];
  const query = { stack: desired.stack, images, networks: namesOf(desired.networks), volumes: namesOf(desired.volumes) };
  const asksBuilder = services.some(({ build }) => build && givenByBuildKit(build));
  const [seen, builder] = await Promise.all([engine.look(query, signal), asksBuilder ? engine.builder(signal) : undefined]);
  // Whom a running container's port belongs to is known. Of an engine that opens its ports elsewhere, the sockets here say nothing
  const open = hostPorts(wantedSockets(desired).filter((socket) => !isPublished(socket, seen)));
  const portsUnseen = open.length > 0 ? platform.host.whyUnseen(seen.engine.address, runningIds(seen)) : undefined;
  const listeners = open.length > 0 && portsUnseen === undefined ? await listenersOn(open, platform, signal) : [];
  const [answered, data, complaints, former] = await Promise.all([
    withRegistry(seen.images, askedFor(services, pull), { engine, signal }),
    inside === false ? {} : observeData(desired, seen, { engine, signal }),
    listeners.length > 0 ? portComplaints(Object.values(seen.containers), engine, signal) : new Map<string, string>(),
    formerContainers(listeners, seen, { engine, signal }),
  ]);
  return {
    ...seen,
    ...(builder && { builder }),
    ...data,
    listeners: listeners.map((listener) => withFormer(listener, former)),
    ...(portsUnseen !== undefined && { portsUnseen }),
    images: answered,
    containers: mapValues(seen.containers, (container) => withComplaint(withEdited(container, desired, platform), complaints)),
  };
}

const runningIds = ({ containers, others }: Observed): Set<string> =>
  new Set([
    ...Object.values(containers).flatMap(({ id, state }) => (isLive(state.status) ? [id] : [])),
    ...Object.values(others).flatMap(({ id, running }) => (running ? [id] : [])),
  ]);

type Former = ReadonlyMap<string, NonNullable<HostProcess['formerContainer']>>;

/** By id, what the engine still knows of containers that are gone while processes of theirs listen. What it has forgotten nobody is told. */
async function formerContainers(
  listeners: readonly Listener[],
  { containers, others }: Observed,
  { engine, signal }: { readonly engine: Engine; readonly signal: AbortSignal },
): Promise<Former> {
  const known = new Set([...Object.values(containers), ...Object.values(others)].map(({ id }) => id));
  const ids = listeners.flatMap(({ holders }) => holders.flatMap(({ containerId }) => containerId ?? []));
  const gone = [...new Set(ids)].filter((id) => !known.has(id));
  const removed = gone.length > 0 ? await engine.removed(gone, signal).catch((): ByName<RemovedContainer> => ({})) : {};
  const now = Date.now();
  return new Map(Object.entries(removed).map(([id, { name, atMs }]) => [id, { name, removedMsAgo: Math.max(0, now - atMs) }]));
}

function withFormer(listener: Listener, former: Former): Listener {
  const told = (process: HostProcess): HostProcess => {
    const formerContainer = former.get(process.containerId ?? '');
    return formerContainer ? { ...process, formerContainer } : process;
  };
  return former.size === 0 ? listener : { ...listener, holders: listener.holders.map(told) };
}

const complaint = /address (?:is )?already in use|EADDRINUSE|port is already allocated/i;

/** By id, what containers that are restarted again and again say of a taken port, side by side. A log that cannot be had says nothing. */
async function portComplaints(
  containers: readonly SeenContainer[],
  engine: Engine,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const looping = containers.filter(({ state }) => state.restartCount > 0 && ['running', 'restarting'].includes(state.status));
  const found = await Promise.all(
    looping.map(async ({ id }) => {
      const lines = await engine.logs(id, 50, signal).catch(() => []);
      return [id, lines.findLast((line) => complaint.test(line))] as const;
    }),
  );
  return new Map(found.flatMap(([id, line]) => (line === undefined ? [] : [[id, line.trim()] as const])));
}

function withComplaint(seen: SeenContainer, complaints: ReadonlyMap<string, string>): SeenContainer {
  const portComplaint = complaints.get(seen.id);
  return portComplaint === undefined ? seen : { ...seen, portComplaint };
}

/** References by what is made from them. As the reference: an image that is mounted is pulled when it is missing, whatever the policy, unless somebody asks for all. */
function askedFor(services: readonly ServiceSpec[], pull: AskRegistry): ReadonlyMap<string, string> {
  if (pull === 'none') return new Map();
  const built = new Set(services.flatMap(({ build, settings }) => (build ? [settings.image] : [])));
  const asked = services
    .filter(({ pullPolicy }) => pull === 'all' || asksRegistry(pullPolicy))
    .flatMap((service) => [
      [imageOf(service), service.settings.image] as const,
      ...(pull === 'all' ? mountedImages(service.settings).map((image) => [image, image] as const) : []),
    ]);
  return new Map(asked.filter(([, reference]) => !built.has(reference)));
}

const namesOf = (specs: Desired['networks'] | Desired['volumes']): string[] => names(specs).flatMap((key) => specs[key]?.name ?? []);

/** Who listens on the host ports of a stack, as far as the host alone tells: where no engine answers. */
export const observeHost = (
  desired: Desired,
  platform: Pick<Platform, 'host' | 'vault'>,
  signal: AbortSignal,
): Promise<readonly Listener[]> => listenersOn(hostPorts(wantedSockets(desired)), platform, signal);

/** What others have on their command lines is theirs: nothing sensitive of it goes on from here. */
async function listenersOn(
  ports: readonly HostPort[],
  { host, vault }: Pick<Platform, 'host' | 'vault'>,
  signal: AbortSignal,
): Promise<Listener[]> {
  const bare = <Process extends { readonly command: string }>(process: Process): Process => ({
    ...process,
    command: shownCommand(process.command, vault),
  });
  const found = await host.listeners(ports, signal);
  return found.map((listener) => ({
    ...listener,
    holders: listener.holders.map((process) => ({ ...bare(process), ...(process.parent && { parent: bare(process.parent) }) })),
  }));
}

const hostPorts = (sockets: readonly HostSocket[]): HostPort[] =>
  sockets.flatMap(({ protocol, port }): HostPort[] => (protocol === 'tcp' || protocol === 'udp' ? [{ protocol, port }] : []));

const wantedSockets = (desired: Desired): HostSocket[] => wantedPorts(Object.values(desired.services), desired).map(({ socket }) => socket);

/** Whether a container of this engine says that it has it. */
function isPublished(socket: HostSocket, { containers, others }: Observed): boolean {
  const holds = (ports: readonly Port[] = []): boolean =>
    ports.some((port) => {
      const held = socketOf(port);
      return held !== undefined && collide(held, socket);
    });
  return (
    Object.values(containers).some(({ settings, state }) => ['running', 'paused'].includes(state.status) && holds(settings.ports)) ||
    Object.values(others).some(({ running, ports }) => running && holds(ports))
  );
}

/** Which declarations differ from what was applied. Only here are values opened: the planner sees names of fields. */
function withEdited(seen: SeenContainer, desired: Desired, { vault, content }: Platform): SeenContainer {
  const service = get(desired.services, seen.service);
  if (!service || !seen.applied) return seen;
  const hashes = Object.entries({ ...seen.applied.hashes, ...content.of(seen.id) }).filter(([, hash]) => hash !== '');
  const applied = { ...seen.applied, hashes: fromEntries(hashes) };
  return { ...seen, edited: editedSince(applied, service.settings, (text) => vault.open(text)) };
}

/** The same of what the last apply left standing, wherever it is now. */
export function withEditedLeft(left: LeftContainer, { services }: Desired, vault: Vault): LeftContainer {
  const service = get(services, left.service);
  return service && left.applied ? { ...left, edited: editedSince(left.applied, service.settings, (text) => vault.open(text)) } : left;
}

/** Digests that the registry has now for references, by what is made from them; asked for side by side. */
async function withRegistry(
  images: Observed['images'],
  asked: ReadonlyMap<string, string>,
  { engine, signal }: { readonly engine: Engine; readonly signal: AbortSignal },
): Promise<Observed['images']> {
  const answers = await Promise.all(
    Object.entries(images).map(async ([name, image]): Promise<readonly [string, SeenImage]> => {
      const reference = asked.get(name);
      if (reference === undefined) return [name, image];
      const digest = await engine.remoteDigest(reference, signal).catch(() => undefined);
      if (digest === undefined) return [name, { ...image, inRegistry: 'unreachable' }];
      const isSame = digestOf(name) === undefined ? image.digests.some((each) => each.endsWith(digest)) : digestOf(name) === digest;
      return [name, isSame ? { ...image, inRegistry: 'same' } : { ...image, inRegistry: 'newer', registryDigest: digest }];
    }),
  );
  return Object.fromEntries(answers);
}
