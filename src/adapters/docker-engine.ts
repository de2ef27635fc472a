import type { Vault } from '../model/vault.ts';
import type { Engine } from '../platform/engine.ts';
import type { SharedLockKeeper } from '../platform/lock.ts';
import type { RunDeadline } from '../platform/run-deadline.ts';
import type { RunNotes } from '../platform/run-note.ts';
import { askAhead, type AlwaysAsked } from './docker-ahead.ts';
import { ask, type Link } from './docker-ask.ts';
import { dockerClient } from './docker-client.ts';
import { addressOf, type Connection } from './docker-connect.ts';
import { connectNetwork, containerVerbs, disconnectNetwork } from './docker-container.ts';
import { dockerData } from './docker-data.ts';
import { execInContainer } from './docker-exec.ts';
import { factsOf } from './docker-facts.ts';
import { dockerDeadline } from './docker-deadline.ts';
import { makeFence } from './docker-fence.ts';
import { buildImage } from './docker-build.ts';
import { builderOf } from './docker-builder.ts';
import { pullImage, remoteDigest } from './docker-image.ts';
import { dockerLock } from './docker-lock.ts';
import { containerLogs, followLogs } from './docker-logs.ts';
import { glance, look, states } from './docker-look.ts';
import { makeContainer } from './docker-make.ts';
import { removeNetwork } from './docker-network-remove.ts';
import { createNetwork, createVolume, removeVolume } from './docker-networks.ts';
import { removedContainers } from './docker-removed.ts';
import { dockerRunNotes } from './docker-run-note.ts';
import { stackEvents } from './docker-stack-events.ts';
import { volumeFills } from './docker-volume-fill.ts';
import { volumeReads } from './docker-volume-read.ts';
import { eventFeed, watchContainer } from './docker-watch.ts';

export interface OpenDocker {
  engine(vault: Vault): Engine;
  /** Once its lock is lost, the engine refuses every change. */
  readonly lock: SharedLockKeeper;
  readonly notes: RunNotes;
  /** Of the run under way. */
  readonly deadline: RunDeadline;
}

/**
 * A Docker engine (Engine API 1.41 and newer) behind that connection. With a signal, what the first look needs is asked for at once.
 * Loads dockerode: import it only where an engine is needed.
 */
export function openDocker(connection: Connection, ahead?: AbortSignal): OpenDocker {
  const fence = makeFence();
  const deadline = dockerDeadline();
  const docker = dockerClient(connection, fence, deadline);
  const asked: AlwaysAsked = {
    facts: factsOf(docker, addressOf(connection)),
    containers: (signal) => ask.containers({ docker }, signal),
  };
  const always = ahead ? askAhead(asked, ahead) : asked;
  const builder = builderOf(docker);
  return {
    engine: (vault) => dockerEngine({ docker, vault, ...always }, builder),
    lock: dockerLock({ docker, fence }),
    notes: dockerRunNotes(docker),
    deadline,
  };
}

function dockerEngine(link: Link, builder: Engine['builder']): Engine {
  const feed = eventFeed(link);
  return {
    ...dockerData(link),
    facts: link.facts,
    look: (query, signal) => look(link, query, signal),
    glance: (touches, signal) => glance(link, touches, signal),
    states: (ids, signal) => states(link, ids, signal),
    removed: (ids, signal) => removedContainers(link, ids, signal),
    builder,
    remoteDigest: (image, signal) => remoteDigest(link, image, signal),
    pullImage: (pull, context) => pullImage(link, pull, context),
    buildImage: (image, build, context) => buildImage({ ...link, builder }, { image, build }, context),
    createNetwork: (network, owner, signal) => createNetwork(link, { network, owner }, signal),
    removeNetwork: (id, signal) => removeNetwork(link, id, signal),
    createVolume: (volume, owner, signal) => createVolume(link, { volume, owner }, signal),
    removeVolume: (name, signal) => removeVolume(link, name, signal),
    ...volumeReads(link),
    ...volumeFills(link),
    createContainer: (order, signal) => makeContainer(link, order, signal),
    startContainer: (id, signal) => containerVerbs.start(link, { id, signal }),
    stopContainer: (id, signal, graceMs) => containerVerbs.stop(link, { id, signal }, graceMs),
    pauseContainer: (id, signal) => containerVerbs.pause(link, { id, signal }),
    unpauseContainer: (id, signal) => containerVerbs.unpause(link, { id, signal }),
    restartContainer: (id, signal) => containerVerbs.restart(link, { id, signal }),
    signalContainer: (id, name, signal) => containerVerbs.signal(link, { id, signal }, name),
    renameContainer: (id, to, signal) => containerVerbs.rename(link, { id, signal }, to),
    updateContainer: (id, update, signal) => containerVerbs.update(link, { id, signal }, update),
    removeContainer: (id, signal) => containerVerbs.remove(link, { id, signal }),
    connectNetwork: (network, signal) => connectNetwork(link, network, signal),
    disconnectNetwork: (network, signal) => disconnectNetwork(link, network, signal),
    watch: (id, signal) => watchContainer(link, feed, { id, signal }),
    stackEvents: (query, signal) => stackEvents(link, query, signal),
    exec: (id, command, signal) => execInContainer(link, { id, ...command }, signal),
    followLogs: (id, from, signal) => followLogs(link, { id, from }, signal),
    logs: (id, lines, signal) => containerLogs(link, { id, lines }, signal),
  };
}
