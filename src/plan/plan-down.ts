import { definitionOf } from '../actions/index.ts';
import { containerRemove } from '../actions/container-create.ts';
import { containerStop } from '../actions/container-start.ts';
import { networkRemove } from '../actions/network-create.ts';
import { volumeRemove } from '../actions/volume-remove.ts';
import { get, mapValues, names } from '../lib/record.ts';
import type { Action } from '../model/action.ts';
import type { Change } from '../model/change.ts';
import type { Desired } from '../model/desired.ts';
import type { Observed, SeenContainer, SeenNetwork, SeenVolume } from '../model/observed.ts';
import type { Plan, Step } from '../model/plan.ts';
import type { Sides } from './diff.ts';
import { downBackups } from './down-backups.ts';
import { fingerprint } from './fingerprint.ts';
import { sortSteps } from './graph.ts';
import { noteOf } from './notes.ts';
import { plainOptions, type PlanOptions } from './options.ts';
import { orphans } from './orphans.ts';
import { refOf, stopActions } from './recipes.ts';
import { needsOf } from './services.ts';
import { volumesToRemove } from './volumes-to-remove.ts';

const because = 'the stack is taken down';

/**
 * Takes the containers and networks of the stack away, dependants before what they stand on. Volumes stay, unless asked for: then those
 * that are declared go last.
 */
export function planDown(desired: Desired, observed: Observed, options: PlanOptions = plainOptions): Plan {
  const declared = new Set([...names(desired.services), ...desired.inactiveServices]);
  const bare = { ...desired, services: {}, networks: {}, places: {}, inactiveServices: [] };
  // A container of a service that is declared here goes, whichever files it was made from.
  const asIfFromHere = mapValues(observed.containers, (seen) =>
    declared.has(seen.service) ? { ...seen, files: [], workingDir: '' } : seen,
  );
  const { changes: removals, warnings } = orphans(bare, { ...observed, containers: asIfFromHere }, options);
  const containers = removals.flatMap((change) => (change.of === 'container' ? [change.have] : []));
  const networks = removals.flatMap((change) => (change.of === 'network' ? [change.have] : []));
  const volumes = options.volumes ? volumesToRemove({ desired, observed, options }) : { volumes: [], problems: [] };
  const backups = downBackups(volumes.volumes, { desired, observed, options });
  const before = backups.first.map((action, i) => step(action, backups.first.slice(0, i).map(idOf)));
  const first = [
    ...containers.flatMap((seen) => takeAway(seen, containers, { desired, options })),
    ...networks.map((network) => removeNetwork(network, containers)),
  ].map((each): Step => ({ ...each, after: [...each.after, ...before.map(({ id }) => id)] }));
  const problems = [...warnings, ...volumes.problems];
  const changes = [...removals.map((change) => ({ ...change, because })), ...backups.changes, ...volumes.volumes.map(removalOf)];
  return {
    stack: desired.stack,
    engine: observed.engine.id,
    changes: changes.map((change) => noteOf(change, { desired, options })),
    steps: problems.some(({ severity }) => severity === 'error')
      ? []
      : sortSteps([
          ...before,
          ...first,
          ...volumes.volumes.flatMap((volume) =>
            removeVolume(volume, desired.stack, { first: [...before, ...first], copy: backups.copies.get(volume.name) }),
          ),
        ]),
    problems,
    madeFrom: fingerprint(observed),
    timeoutMs: desired.timeoutMs,
    rollbackTimeoutMs: 0,
  };
}

const removalOf = (have: SeenVolume): Change => ({ of: 'volume', verb: 'remove', have, because });

type Wishes = Pick<Sides, 'desired' | 'options'>;

function takeAway(seen: SeenContainer, all: readonly SeenContainer[], wishes: Wishes): Step[] {
  const { services } = wishes.desired;
  const dependants = names(services).filter((name) => needsOf(get(services, name)!).some(({ service }) => service === seen.service));
  const before = all.filter(({ service }) => dependants.includes(service)).map((each) => idOf(containerStop(refOf(each))));
  const actions = [...stopActions(seen, wishes), containerRemove(refOf(seen))];
  return actions.map((action, i) => step(action, i === 0 ? before : [idOf(actions[i - 1]!)], seen.service));
}

function removeNetwork({ name, id }: SeenNetwork, containers: readonly SeenContainer[]): Step {
  const attached = containers.filter(({ settings }) => get(settings.networks ?? {}, name));
  return step(
    networkRemove({ name, id }),
    attached.map((seen) => idOf(containerRemove(refOf(seen)))),
  );
}

/** After all else: whatever goes wrong before that, the data is still there. */
function removeVolume({ name }: SeenVolume, stack: string, { first, copy }: Before): Step[] {
  const ids = first.map(({ id }) => id);
  const copies = copy ? [step(copy, ids)] : [];
  return [...copies, step(volumeRemove({ name, stack }), [...ids, ...copies.map(({ id }) => id)])];
}

interface Before {
  readonly first: readonly Step[];
  /** A backup, without which the volume stays. */
  readonly copy: Action | undefined;
}

/** Each goes on past the failure of the others: what can be taken away is taken away. */
function step(action: Action, after: readonly string[], service?: string): Step {
  return { id: idOf(action), stage: 'discard', action, after, because, ...(service !== undefined && { service }), onFailure: 'continue' };
}

const idOf = (action: Action): string => `${action.kind} ${definitionOf(action).target(action.args)}`;
