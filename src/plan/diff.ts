import { get, values } from '../lib/record.ts';
import type { Cause, Change, ContainerChange, DataChange, FieldDiff } from '../model/change.ts';
import type { Desired, ServiceSpec, WantedContainer } from '../model/desired.ts';
import type { Observed, SeenContainer } from '../model/observed.ts';
import { backupsBefore } from './backup-changes.ts';
import { causeOf } from './cause-of.ts';
import { compare } from './compare.ts';
import { fixChanges } from './data-fix.ts';
import { ownChanges, standstills, withRemovals, withStandstill } from './data-changes.ts';
import { refreshes } from './image-refresh.ts';
import { renewals, renewedUnder, type Renewal } from './network-renewal.ts';
import type { PlanOptions } from './options.ts';
import { orphans } from './orphans.ts';
import { linkDiffs } from './link-diffs.ts';
import { peersOf, type Peer } from './peers.ts';
import { reclaims } from './reclaims.ts';
import { restoreChanges } from './restore-changes.ts';
import { withRewind } from './rewind.ts';
import { shortId } from './short-id.ts';
import { stalePeers } from './stale-peers.ts';
import { hasCompleted, isUp, needsOf, pairsOf, selectedServices, type Pair } from './services.ts';
import { stoppedHow } from './stopped-how.ts';
import { renewedIn, volumeRenewals, type VolumeRenewal } from './volume-renewal.ts';

/** Says what differs between what is wanted and what is there. */
export function diff(desired: Desired, observed: Observed, options: PlanOptions): Change[] {
  const services = selectedServices(desired, options);
  const sides = { desired, observed, options };
  if (options.fix) return fixChanges(sides);
  if (options.restore) return restoreChanges(options.restore, sides);
  const renewed = { networks: renewals(sides), volumes: volumeRenewals(sides) };
  const owns = ownChanges(services, sides);
  const removed = orphans(desired, observed, options).changes;
  const touched = containerChanges(services, sides, owns);
  const backups = backupsBefore({ containers: [...touched, ...removed], works: owns }, sides);
  const containers = backups.length > 0 ? containerChanges(services, sides, [...backups, ...owns]) : touched;
  const copies = backups.map((each) => withRewind(each, [...containers, ...removed], sides));
  const works = [...copies, ...withRemovals(owns, containers, sides)];
  return [
    ...missingNetworks(services, desired, observed),
    ...renewed.networks.map((renewal): Change => ({ of: 'network', verb: 'replace', ...renewal, because: options.otherwise })),
    ...missingVolumes(services, desired, observed),
    ...renewed.volumes.map((renewal): Change => ({ of: 'volume', verb: 'replace', ...renewal, because: options.otherwise })),
    ...works,
    ...containers.map((change) => withLosses(withStandstill(change, works, sides), renewed)),
    ...leftoverVolumes(observed),
    ...removed.map((change) => (change.of === 'container' ? withLosses(change, renewed) : change)),
  ];
}

interface Renewed {
  readonly networks: readonly Renewal[];
  readonly volumes: readonly VolumeRenewal[];
}

/** What is made anew under it. */
function withLosses(change: ContainerChange, { networks, volumes }: Renewed): ContainerChange {
  if (change.verb !== 'replace' && change.verb !== 'remove') return change;
  const leaves = renewedUnder(change.have, networks).map(({ have }) => have.name);
  const frees = renewedIn(change.have, volumes).map(({ have }) => have.name);
  return { ...change, ...(leaves.length > 0 && { leaves }), ...(frees.length > 0 && { frees }) };
}

export interface Sides {
  readonly desired: Desired;
  readonly observed: Observed;
  readonly options: PlanOptions;
}

function missingNetworks(services: readonly ServiceSpec[], { networks }: Desired, observed: Observed): Change[] {
  const used = new Set(services.flatMap(({ settings }) => Object.keys(settings.networks ?? {})));
  return values(networks)
    .filter(({ name, external }) => !external && used.has(name) && !get(observed.networks, name))
    .map((want) => ({ verb: 'create', of: 'network', want, because: notYet }));
}

/** Nothing but what a run of stackctl kept for its own way back. */
const leftoverVolumes = ({ volumes }: Observed): Change[] =>
  values(volumes)
    .filter(({ leftover }) => leftover)
    .map((have) => ({ of: 'volume', verb: 'remove', have, because: 'the interrupted run needs no way back any more' }));

function missingVolumes(services: readonly ServiceSpec[], { volumes }: Desired, observed: Observed): Change[] {
  const used = new Set(services.flatMap(({ settings }) => (settings.volumes ?? []).map(({ source }) => source)));
  return values(volumes)
    .filter(({ name, external }) => !external && used.has(name) && !get(observed.volumes, name))
    .map((want) => ({ verb: 'create', of: 'volume', want, because: notYet }));
}

/** In dependency order, so that a service can see what becomes of those it stands on. */
function containerChanges(services: readonly ServiceSpec[], sides: Sides, works: readonly DataChange[]): ContainerChange[] {
  const changed = new Map<string, ContainerChange[]>();
  for (const service of services) {
    const spread = spreadFields(service, changed);
    const changes = pairsOf(service, sides.observed).flatMap((pair) => {
      const still = pair.have ? standstills(pair.have, works, sides) : [];
      return containerChange(pair, [...spread, ...still], sides) ?? [];
    });
    changed.set(service.name, changes);
  }
  return [...changed.values()].flat();
}

function containerChange({ want, have }: Pair, spread: readonly FieldDiff[], sides: Sides): ContainerChange | undefined {
  if (!have) return creation(want, sides);
  const compared = compare(want, have, sides.observed);
  const stale = stalePeers({ want, have }, sides.observed).filter(({ path }) => !compared.some((field) => field.path === path));
  const leaving = [...newNetworks(have, sides), ...newVolumes(have, sides)].filter(
    ({ path }) => !compared.some((field) => field.path === path && field.mend === 'replace'),
  );
  const kept = compared.filter(({ path }) => !leaving.some((field) => field.path === path));
  const own = [
    ...kept,
    ...stale,
    ...linkDiffs({ want, have }, compared, sides),
    ...leaving,
    ...refreshes(want.service, have, sides),
    ...reclaimed(want.service, have, sides),
    ...forced(sides.options),
  ];
  const anew = own.some(({ mend, pending }) => mend === 'replace' && !pending);
  const isSaid = ({ path, mend }: FieldDiff): boolean => (anew && mend === 'restart') || own.some((field) => field.path === path);
  const fields = [...own, ...spread.filter((field) => !isSaid(field))];
  const because = becauseOf(fields, have, sides.options);
  if (fields.some(({ mend }) => mend === 'replace') || have.state.status === 'dead')
    return { of: 'container', verb: 'replace', want, have, fields, because };
  if (fields.length > 0) return { of: 'container', verb: 'update', want, have, fields, because };
  if (isUp(have) || hasCompleted(want.service, have, sides.desired)) return undefined;
  return { of: 'container', verb: 'start', want, have, because: `it is ${stoppedHow(have)}` };
}

function creation(want: WantedContainer, { options }: Sides): ContainerChange {
  const { service, replica } = want;
  const left = options.left.find((each) => each.service === service.name && each.number === replica.number);
  if (!left) return { of: 'container', verb: 'create', want, because: notYet };
  const edited = left.edited ? { edited: left.edited } : {};
  return { of: 'container', verb: 'create', want, gone: true, ...edited, because: 'it was there, and is gone' };
}

const notYet = 'it is not there yet';

/** Whoever is on a network that is made anew gets a new container on the new one. */
const newNetworks = (have: SeenContainer, sides: Sides): FieldDiff[] =>
  renewedUnder(have, renewals(sides)).map(({ have: { name, id } }) => ({
    path: `networks.${name}`,
    have: `network ${shortId(id)}`,
    want: 'a new network',
    cause: 'file',
    mend: 'replace',
  }));

/** Whoever mounts a volume that is made anew gets a new container with the new one: no engine changes mounts. */
const newVolumes = (have: SeenContainer, sides: Sides): FieldDiff[] =>
  renewedIn(have, volumeRenewals(sides)).map(({ have: { name } }) => ({
    path: `volumes.${name}`,
    have: `volume ${name}`,
    want: 'a new volume',
    cause: 'file',
    mend: 'replace',
  }));

/** What a service has to suffer because another one is made anew. */
function spreadFields(service: ServiceSpec, changed: ReadonlyMap<string, readonly ContainerChange[]>): FieldDiff[] {
  const peers = peersOf(service.settings);
  return needsOf(service).flatMap((need): FieldDiff[] => {
    const changes = changed.get(need.service) ?? [];
    const cause = (['drift', 'port'] as const).find((one) => changes.every((change) => causeOf(change) === one)) ?? 'file';
    const anew = changes.some(({ verb }) => verb === 'replace' || verb === 'create');
    const lost = peers.filter((peer) => peer.service === need.service && (anew || (peer.mustRun && changes.some(startsAnew))));
    if (lost.length > 0) return lost.map((peer) => lostPeer(peer, cause));
    if (!need.restart || !(anew || changes.some(restarts))) return [];
    return [{ path: `depends_on.${need.service}.restart`, want: true, cause, mend: 'restart' }];
  });
}

function lostPeer({ field, service, mustRun }: Peer, cause: Cause): FieldDiff {
  const have = field === 'volumes_from' || field === 'links' ? service : `service:${service}`;
  return { path: field, have, want: `${have} (made ${mustRun ? 'or started ' : ''}anew)`, cause, mend: 'replace' };
}

/** A container that starts gets new namespaces, and whoever shares them is left with the old ones. */
function startsAnew(change: ContainerChange): boolean {
  if (!('have' in change) || change.have.state.status === 'paused') return false;
  return !isUp(change.have) || restarts(change);
}

const restarts = (change: ContainerChange): boolean =>
  'fields' in change && change.fields.some(({ mend }) => mend === 'restart' || mend === 'standstill');

/** Whoever stands without a port that somebody else held gets it by starting again. */
const reclaimed = (service: ServiceSpec, have: SeenContainer, sides: Sides): FieldDiff[] =>
  isUp(have)
    ? reclaims([service], sides).flatMap(({ process, sockets }) =>
        sockets.map(({ port, protocol }) => ({
          path: `ports.${port}/${protocol}`,
          have: `held by process ${process.pid}`,
          want: 'free',
          cause: 'port',
          mend: 'restart',
        })),
      )
    : [];

const forced = ({ forceRecreate }: PlanOptions): FieldDiff[] =>
  forceRecreate ? [{ path: 'container', want: 'recreated (--force-recreate)', cause: 'file', mend: 'replace' }] : [];

const causeWords: { readonly [cause in Exclude<Cause, 'file'>]: string } = {
  drift: 'it was changed outside the file',
  port: 'somebody else holds a port of it',
  data: 'work is done in a volume of it',
  image: 'its image changed',
  content: 'a file that it reads changed',
};

function becauseOf(fields: readonly FieldDiff[], have: SeenContainer, { otherwise }: PlanOptions): string {
  const words = { ...causeWords, file: otherwise };
  const causes = (['file', 'image', 'content', 'port', 'drift', 'data'] as const).filter((cause) =>
    fields.some((field) => field.cause === cause),
  );
  const stopped = isUp(have) ? [] : [`it is ${stoppedHow(have)}`];
  return [...causes.map((cause) => words[cause]), ...stopped].join(', ');
}
