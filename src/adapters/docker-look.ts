import { fromEntries, get } from '../lib/record.ts';
import type { Touch } from '../model/action.ts';
import type { Observed, OtherContainer, SeenContainer, SeenImage } from '../model/observed.ts';
import type { Port } from '../model/settings.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { LookQuery } from '../platform/engine.ts';
import type { Answer } from './docker-answer.ts';
import { ask, type Link } from './docker-ask.ts';
import { containerName, fullId, ownership, seenContainer, type Reading } from './docker-inspect.ts';
import { labelNames } from './docker-labels.ts';
import { findNetworks, findVolumes, oneNetwork, oneVolume } from './docker-look-networks.ts';

type Entry<T> = readonly [string, T];

/** Everything of the stack, and the names and ports that others hold. One list call each; inspects side by side, each with its own deadline. */
export async function look(link: Link, query: LookQuery, signal: AbortSignal): Promise<Observed> {
  const facts = link.facts(signal);
  const wanted = Promise.all(query.images.map((reference) => imageEntry(link, reference, signal)));
  const [engine, rows, networks, volumes, images] = await Promise.all([facts, ask.containers(link, signal), findNetworks(link, query, signal), findVolumes(link, query, signal), wanted]);
  const own = rows.filter((row) => ownerOf(row)?.stack === query.stack);
  const reading: Reading = { vault: link.vault, facts: engine, serviceOf: (id) => own.map((row) => (row.text('Id') === id ? ownerOf(row)?.service : undefined)).find(Boolean) };
  const ids = [...new Set(own.map((row) => row.mustText('ImageID')))];
  const [containers, usedImages] = await Promise.all([
    Promise.all(own.map((row) => inspectOwn(link, fullId(row), { reading, signal }))),
    Promise.all(ids.map((id) => imageEntry(link, id, signal))),
  ]);
  return {
    engine,
    images: fromEntries([...images, ...usedImages].filter(isThere)),
    networks,
    volumes,
    containers: fromEntries(containers.filter(isThere)),
    others: fromEntries(rows.filter((row) => !own.includes(row)).map(otherFromRow)),
    listeners: [],
  };
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

async function imageEntry(link: Link, reference: string, signal: AbortSignal): Promise<Entry<SeenImage> | undefined> {
  const image = await ask.image(link, reference, signal);
  return image && [reference, image];
}

async function inspectOwn(link: Link, id: string, { reading, signal }: { reading: Reading; signal: AbortSignal }): Promise<Entry<SeenContainer> | undefined> {
  const answer = await ask.container(link, id, signal);
  const owner = answer && ownerOfInspected(answer);
  return answer && owner && [containerName(answer), seenContainer(answer, owner, reading)];
}

async function oneContainer(link: Link, name: string, signal: AbortSignal): Promise<Entry<SeenContainer | OtherContainer> | undefined> {
  const answer = await ask.container(link, name, signal);
  // The engine also takes the beginning of an id for a name
  if (!answer || containerName(answer) !== name) return undefined;
  const owner = ownerOfInspected(answer);
  if (!owner) return [name, otherFromInspected(answer)];
  const mode = answer.inside('HostConfig').text('NetworkMode');
  const peer = mode.startsWith('container:') ? await ask.container(link, mode.slice('container:'.length), signal) : undefined;
  const peerOwner = peer && ownerOfInspected(peer);
  const service = peerOwner?.stack === owner.stack ? peerOwner.service : undefined;
  return [name, seenContainer(answer, owner, { vault: link.vault, facts: await link.facts(signal), serviceOf: () => service })];
}

const ownerOf = (row: Answer): ReturnType<typeof ownership> => ownership(row.textMap('Labels'));
const ownerOfInspected = (answer: Answer): ReturnType<typeof ownership> => ownership(answer.inside('Config').textMap('Labels'));

function otherFromRow(row: Answer): Entry<OtherContainer> {
  const name = (row.texts('Names').find((one) => one.lastIndexOf('/') === 0) ?? '').slice(1);
  const stack = get(row.textMap('Labels'), labelNames.stack);
  const ports = row.list('Ports').filter((port) => port.has('PublicPort')).map(heldPort);
  const id = fullId(row);
  return [name || id, { id, name: name || id, running: isRunning(row.mustText('State')), ...(stack !== undefined && { stack }), ports }];
}

function otherFromInspected(answer: Answer): OtherContainer {
  const stack = get(answer.inside('Config').textMap('Labels'), labelNames.stack);
  return { id: fullId(answer), name: containerName(answer), running: isRunning(answer.inside('State').mustText('Status')), ...(stack !== undefined && { stack }), ports: [] };
}

const isRunning = (status: string): boolean => ['running', 'paused', 'restarting', 'stopping'].includes(status);

function heldPort(row: Answer): Port {
  const protocol = row.mustText('Type');
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp') throw new EngineError('garbled', `The engine's answer makes no sense: ${row.path}.Type is ${JSON.stringify(protocol)}`);
  return { target: row.number('PrivatePort'), protocol, host_ip: row.text('IP'), published: String(row.number('PublicPort')) };
}

const isThere = <T>(value: T | undefined): value is T => value !== undefined;
