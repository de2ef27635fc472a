import { fromEntries, get, type ByName } from '../lib/record.ts';
import type { Touch } from '../model/action.ts';
import type { ContainerState, Observed, OtherContainer, SeenContainer, SeenImage } from '../model/observed.ts';
import type { Port } from '../model/settings.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { LookQuery } from '../platform/engine.ts';
import type { Answer } from './docker-answer.ts';
import { ask, type Link } from './docker-ask.ts';
import {
  containerName,
  containerState,
  fullId,
  isRunning,
  ownership,
  seenContainer,
  type Reading,
  type SeenPeer,
} from './docker-inspect.ts';
import { labelNames } from './docker-labels.ts';
import { peerReferences } from './docker-sharing.ts';
import { findNetworks, findVolumes, oneNetwork, oneVolume } from './docker-look-networks.ts';

type Entry<T> = readonly [string, T];

/**
 * Everything of the stack, and the names and ports that others hold. One list call each; inspects side by side, each with its own
 * deadline, and begun as soon as the list is there: what the engine is takes it longer to say.
 */
export async function look(link: Link, query: LookQuery, signal: AbortSignal): Promise<Observed> {
  const [engine, found, networks, volumes, images] = await Promise.all([
    link.facts(signal),
    lookAtContainers(link, query.stack, signal),
    findNetworks(link, query, signal),
    findVolumes(link, query, signal),
    Promise.all(query.images.map((reference) => imageEntry(link, reference, signal))),
  ]);
  const peers = new Map([...found.own, ...found.others].flatMap((row) => peerEntries(row, query.stack)));
  const reading: Reading = { vault: link.vault, facts: engine, peerOf: (reference) => peers.get(reference) };
  return {
    engine,
    images: fromEntries([...images, ...found.images].filter(isThere)),
    networks,
    volumes,
    containers: fromEntries(found.inspected.filter(isThere).flatMap((answer) => ownEntry(answer, reading))),
    others: fromEntries(found.others.map(otherFromRow)),
    listeners: [],
  };
}

async function lookAtContainers(link: Link, stack: string, signal: AbortSignal) {
  const rows = await link.containers(signal);
  const isOwn = (row: Answer): boolean => ownerOf(row)?.stack === stack;
  const [own, others] = [rows.filter(isOwn), rows.filter((row) => !isOwn(row))];
  const [inspected, images] = await Promise.all([
    Promise.all(own.map((row) => ask.container(link, fullId(row), signal))),
    Promise.all([...new Set(own.map((row) => row.mustText('ImageID')))].map((id) => imageEntry(link, id, signal))),
  ]);
  return { own, others, inspected, images };
}

function ownEntry(answer: Answer, reading: Reading): readonly Entry<SeenContainer>[] {
  const owner = ownerOfInspected(answer);
  return owner ? [[containerName(answer), seenContainer(answer, owner, reading)]] : [];
}

/** Only the named resources. Without a query nobody says which stack is ours: a container of any stack's service counts as one. */
export async function glance(link: Link, touches: readonly Touch[], signal: AbortSignal): Promise<Observed> {
  const named = (kind: Touch['kind']): string[] => touches.filter((touch) => touch.kind === kind).map(({ name }) => name);
  const facts = link.facts(signal);
  const [engine, images, networks, volumes, containers] = await Promise.all([
    facts,
    Promise.all(named('image').map((reference) => imageEntry(link, reference, signal))),
    Promise.all(named('network').map((name) => oneNetwork(link, name, signal))),
    Promise.all(named('volume').map((name) => oneVolume(link, name, signal))),
    Promise.all(named('container').map((name) => oneContainer(link, name, signal))),
  ]);
  const found = containers.filter(isThere);
  return {
    engine,
    images: fromEntries(images.filter(isThere)),
    networks: fromEntries(networks.filter(isThere)),
    volumes: fromEntries(volumes.filter(isThere)),
    containers: fromEntries(found.flatMap(([name, seen]) => ('settings' in seen ? [[name, seen] as const] : []))),
    others: fromEntries(found.flatMap(([name, seen]) => ('settings' in seen ? [] : [[name, seen] as const]))),
    listeners: [],
  };
}

/** Only how they stand: what they were made of cannot have changed. */
export async function states(link: Link, ids: readonly string[], signal: AbortSignal): Promise<ByName<ContainerState>> {
  const answers = await Promise.all(ids.map(async (id) => [id, await ask.container(link, id, signal)] as const));
  return fromEntries(answers.flatMap(([id, answer]) => (answer ? [[id, containerState(answer, link.vault)] as const] : [])));
}

async function imageEntry(link: Link, reference: string, signal: AbortSignal): Promise<Entry<SeenImage> | undefined> {
  const image = await ask.image(link, reference, signal);
  return image && [reference, image];
}

async function oneContainer(link: Link, name: string, signal: AbortSignal): Promise<Entry<SeenContainer | OtherContainer> | undefined> {
  const answer = await ask.container(link, name, signal);
  // The engine also takes the beginning of an id for a name
  if (!answer || containerName(answer) !== name) return undefined;
  const owner = ownerOfInspected(answer);
  if (!owner) return [name, otherFromInspected(answer)];
  const peers = await Promise.all(
    peerReferences(answer).map(async (reference) => [reference, await ask.container(link, reference, signal)] as const),
  );
  const known = new Map(peers.flatMap(([reference, peer]) => (peer ? [[reference, inspectedPeer(peer, owner.stack)] as const] : [])));
  const reading: Reading = { vault: link.vault, facts: await link.facts(signal), peerOf: (reference) => known.get(reference) };
  return [name, seenContainer(answer, owner, reading)];
}

const mountsOf = (answer: Answer): string[] => answer.list('Mounts').map((mount) => mount.text('Destination'));

/** By its id and by its name. */
function peerEntries(row: Answer, stack: string): Entry<SeenPeer>[] {
  const owner = ownerOf(row);
  const name = nameInRow(row);
  const called = owner?.stack === stack ? `service:${owner.service}` : `container:${name}`;
  const peer = { called, mounts: mountsOf(row) };
  return [row.text('Id'), name].map((key) => [key, peer] as const);
}

function inspectedPeer(answer: Answer, stack: string): SeenPeer {
  const owner = ownerOfInspected(answer);
  return { called: owner?.stack === stack ? `service:${owner.service}` : `container:${containerName(answer)}`, mounts: mountsOf(answer) };
}

const ownerOf = (row: Answer): ReturnType<typeof ownership> => ownership(row.textMap('Labels'));
const ownerOfInspected = (answer: Answer): ReturnType<typeof ownership> => ownership(answer.inside('Config').textMap('Labels'));

/** Without those that links give it, "/web/db". */
const nameInRow = (row: Answer): string => (row.texts('Names').find((one) => one.lastIndexOf('/') === 0) ?? '').slice(1);

function otherFromRow(row: Answer): Entry<OtherContainer> {
  const name = nameInRow(row);
  const stack = get(row.textMap('Labels'), labelNames.stack);
  const ports = row
    .list('Ports')
    .filter((port) => port.has('PublicPort'))
    .map(heldPort);
  const id = fullId(row);
  const owner = stack === undefined ? {} : { stack };
  return [name || id, { id, name: name || id, running: isRunning(row.mustText('State')), ...owner, ports, ...volumesOf(row) }];
}

function volumesOf(answer: Answer): Pick<OtherContainer, 'volumes'> {
  const volumes = answer.list('Mounts').flatMap((mount) => (mount.text('Type') === 'volume' ? [mount.text('Name')] : []));
  return volumes.length > 0 ? { volumes } : {};
}

function otherFromInspected(answer: Answer): OtherContainer {
  const stack = get(answer.inside('Config').textMap('Labels'), labelNames.stack);
  return {
    id: fullId(answer),
    name: containerName(answer),
    running: isRunning(answer.inside('State').mustText('Status')),
    ...(stack !== undefined && { stack }),
    ports: [],
    ...volumesOf(answer),
  };
}

function heldPort(row: Answer): Port {
  const protocol = row.mustText('Type');
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp')
    throw new EngineError('garbled', `The engine's answer makes no sense: ${row.path}.Type is ${JSON.stringify(protocol)}`);
  return { target: row.number('PrivatePort'), protocol, host_ip: row.text('IP'), published: String(row.number('PublicPort')) };
}

const isThere = <T>(value: T | undefined): value is T => value !== undefined;
