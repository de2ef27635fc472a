import { definitionOf } from '../actions/index.ts';
import { imageBuild } from '../actions/image-build.ts';
import { imagePull } from '../actions/image-pull.ts';
import { get } from '../lib/record.ts';
import type { Action } from '../model/action.ts';
import type { Change } from '../model/change.ts';
import { placeText } from '../model/data-place.ts';
import type { Dependency } from '../model/desired.ts';
import type { Stage, Step } from '../model/plan.ts';
import { isBackup } from './backup-changes.ts';
import { afterWork, isWork, workIds, worksOf } from './data-order.ts';
import type { Sides } from './diff.ts';
import { gateAction } from './gates.ts';
import { sortSteps } from './graph.ts';
import { imageNeeds, pendingImage, platformFor } from './image-refresh.ts';
import { holdsOnTo } from './peers.ts';
import { processEnds, withEnds, type ProcessEnd } from './process-ends.ts';
import { endsOf, idOf, idsOf, type Part } from './part.ts';
import { recipeFor, refOf } from './recipes.ts';
import { roomSteps } from './room-step.ts';
import { isSettled, needsOf, pairsOf, selectedServices } from './services.ts';
import { takeovers } from './takeovers.ts';

/** Weaves the recipes of all changes into one graph: images first, dependencies before dependants, discards after every gate. */
export function weave(changes: readonly Change[], sides: Sides): Step[] {
  const parts = changes.map((change): Part => {
    const service = change.of === 'container' && 'want' in change ? change.want.service : undefined;
    return { change, recipe: recipeFor(change, sides), ...(service && { service }), ...unlessImage(change, sides) };
  });
  const ready = readySteps(parts, sides);
  const readyIds = ready.map(({ id }) => id);
  const waits = awaitedNeighbours(parts, sides, readyIds);
  const ends = processEnds(parts, sides);
  const threads = { sides, parts, ends, readyIds, prepared: idsOf(parts.flatMap(({ recipe }) => recipe.prepare)), waits };
  return sortSteps(shareTwins([...ready, ...waits, ...parts.flatMap((part) => stepsOf(part, threads))]));
}

/** Only where nothing else is wrong with the container: otherwise it is replaced, whatever the image turns out to be. */
function unlessImage(change: Change, { desired }: Sides): Pick<Part, 'unlessImage'> {
  if (change.of !== 'container' || change.verb !== 'replace') return {};
  const { want, have, fields } = change;
  const image = isSettled(want.service, have, desired) ? pendingImage(want.service, fields, have) : undefined;
  return image ? { unlessImage: image } : {};
}

interface Threads {
  readonly sides: Sides;
  readonly parts: readonly Part[];
  readonly ends: readonly ProcessEnd[];
  readonly readyIds: readonly string[];
  readonly prepared: readonly string[];
  /** Gates of services that do not change but are not ready either. */
  readonly waits: readonly Step[];
}

function stepsOf(part: Part, threads: Threads): Step[] {
  const { recipe, change } = part;
  const { sides, parts, readyIds, prepared } = threads;
  const { takenFrom, givesTo } = takeovers(part, parts, sides);
  const { sharers, peers } = heldPeers(part, parts);
  const needs = needIds(part, threads);
  const gates = endsOf(parts, 'build');
  // What makes room for others may not wait for them; what only disappears waits until nobody can need it any more.
  const hurried = givesTo || mustLeave(part, threads) || peers.some((peer) => peer.change.verb !== 'remove' || mustLeave(peer, threads));
  const patience = hurried ? [] : change.verb === 'remove' ? gates : needs;
  const first = [...readyIds, ...prepared, ...endsOf(sharers, 'letGo')];
  const letGo = chain(recipe.letGo, [...first, ...patience], { ...part, stage: 'build' });
  const cleared = letGo.length > 0 ? [letGo.at(-1)!.id] : first;
  const freed = idsOf(
    threads.ends.flatMap((end) => (end.part !== part && end.services.includes(part.service?.name ?? '') ? [end.action] : [])),
  );
  const build = chain(
    withEnds(part, threads.ends),
    [...cleared, ...needs, ...freed, ...endsOf(takenFrom, 'letGo'), ...renewalIds(part, parts), ...workIds(part, parts, sides.desired)],
    { ...part, stage: 'build' },
  );
  const ends = [
    ...parts.flatMap((other) => idsOf([...other.recipe.letGo, ...other.recipe.build]).slice(-1)),
    ...threads.waits.map(({ id }) => id),
  ];
  const removed =
    change.of === 'network' ? parts.flatMap((other) => (other.change.of === 'container' ? idsOf(other.recipe.discard) : [])) : [];
  const prepare = chain(recipe.prepare, readyIds, { ...part, stage: 'prepare' });
  const discard = chain(recipe.discard, [...ends, ...removed], { ...part, stage: 'discard' });
  return [...prepare, ...letGo, ...afterWork(build, part, threads), ...discard];
}

/** Others wait for it to be out of the way: for a network to be made anew, or to work in a place that it has mounted. */
const mustLeave = (part: Part, { parts, sides }: Threads): boolean =>
  [...leavesOf(part.change), ...freesOf(part.change)].length > 0 || worksOf(part, parts, sides.desired).length > 0;

const leavesOf = (change: Change): readonly string[] => ('leaves' in change ? (change.leaves ?? []) : []);

const freesOf = (change: Change): readonly string[] => ('frees' in change ? (change.frees ?? []) : []);

/** What is made anew is made once nobody hangs on it any more; containers come up once all of it is there. */
function renewalIds({ change }: Part, parts: readonly Part[]): string[] {
  if (change.of === 'container')
    return endsOf(
      parts.filter((other) => isRenewal(other.change)),
      'build',
    );
  if (!isRenewal(change)) return [];
  const lost = change.of === 'network' ? leavesOf : freesOf;
  const holders = parts.filter((other) => lost(other.change).includes(change.have.name));
  const copies = parts.filter((other) => isBackup(other.change) && placeText(other.change.place) === `volume ${change.have.name}`);
  return [...endsOf(holders, 'letGo'), ...endsOf(copies, 'build')];
}

const isRenewal = (change: Change): change is Extract<Change, { readonly of: 'network' | 'volume'; readonly verb: 'replace' }> =>
  change.of !== 'container' && change.verb === 'replace';

/**
 * Who shares something of whom now. Sharers let go before their peer does: on the way back a container that shares the network of
 * another can only start when that one runs again.
 */
function heldPeers(part: Part, parts: readonly Part[]): { readonly sharers: readonly Part[]; readonly peers: readonly Part[] } {
  return { sharers: parts.filter((other) => isSharerOf(other, part)), peers: parts.filter((other) => isSharerOf(part, other)) };
}

function isSharerOf({ change }: Part, { change: peer }: Part): boolean {
  if (change.of !== 'container' || !('have' in change)) return false;
  return peer.of === 'container' && 'have' in peer && holdsOnTo(change.have.settings, peer.have.service);
}

/** What must have ended well before this one's containers may start: its dependencies, and the batch before its own. */
function needIds(part: Part, { parts, waits }: Threads): string[] {
  const { service, change } = part;
  if (!service) return [];
  const needed = needsOf(service).flatMap((need) => {
    const givers = parts.filter((other) => other.service?.name === need.service);
    // A peer is found by its name, which may be the last that it gets
    const given = holdsOnTo(service.settings, need.service)
      ? endsOf(givers, 'build')
      : givers.flatMap(({ recipe }) => givenBy(recipe.build, need));
    return [...given, ...waits.filter((step) => step.service === need.service).map(({ id }) => id)];
  });
  const { parallelism } = service.update;
  const siblings = parts.filter((other) => other.service === service && other.change.verb === 'replace');
  const before = parallelism > 0 && change.verb === 'replace' ? siblings[siblings.indexOf(part) - parallelism] : undefined;
  return [...needed, ...(before ? idsOf(before.recipe.build).slice(-1) : [])];
}

/** The steps whose end satisfies the condition of a dependency. */
function givenBy(actions: readonly Action[], { condition }: Dependency): string[] {
  const wanted = condition === 'service_started' ? 'started' : 'ready';
  const given = actions.filter((action) => definitionOf(action).gives === wanted);
  return idsOf(given.length > 0 ? given : actions.slice(-1));
}

/** Services that stay as they are, but are not ready yet, and somebody waits for them to be. */
function awaitedNeighbours(parts: readonly Part[], sides: Sides, readyIds: readonly string[]): Step[] {
  const { desired, observed, options } = sides;
  if (options.asFound) return [];
  const changing = new Set(parts.flatMap(({ change }) => ('have' in change && change.of === 'container' ? [change.have.id] : [])));
  const awaited = new Set(
    parts
      .flatMap(({ service }) => (service ? needsOf(service) : []))
      .filter(({ condition }) => condition !== 'service_started')
      .map(({ service }) => service),
  );
  return selectedServices(desired, options)
    .filter(({ name }) => awaited.has(name))
    .flatMap((service) =>
      pairsOf(service, observed).flatMap(({ want, have }) => {
        if (!have || changing.has(have.id) || isSettled(service, have, desired)) return [];
        return chain([gateAction(want, refOf(have), sides)], readyIds, {
          service,
          change: { because: 'others wait for it' },
          stage: 'build',
        });
      }),
    );
}

/** Every image is here, and there is room for every backup, before anything is touched. */
function readySteps(parts: readonly Part[], sides: Sides): Step[] {
  const helper = helperSteps(parts, sides);
  const changes = parts.map(({ change }) => change);
  return [...helper, ...roomSteps(changes, sides, helper), ...parts.flatMap((part) => imageStepsOf(part, sides))];
}

/** What works inside volumes is there, too. */
function helperSteps(parts: readonly Part[], { desired, observed }: Sides): Step[] {
  const image = desired.helperImage;
  const isNeeded = parts.some((part) => isWork(part) || (part.change.of === 'volume' && part.change.verb === 'replace'));
  if (!isNeeded || get(observed.images, image)) return [];
  const action = imagePull({ image, timeoutMs: helperPullMs });
  return [{ id: idOf(action), stage: 'prepare', action, after: [], because: 'needed for work in volumes', onFailure: 'rollback' }];
}

const helperPullMs = 10 * 60_000;

function imageStepsOf({ change, service }: Part, sides: Sides): Step[] {
  if (!service || (change.verb !== 'create' && change.verb !== 'replace')) return [];
  const timeoutMs = service.timeouts.pullMs;
  return imageNeeds(service, sides).map(({ image, how }): Step => {
    const platform = platformFor(image, sides.desired);
    const pull = { image, ...(platform !== undefined && { platform }), timeoutMs };
    const action = how === 'pull' ? imagePull(pull) : imageBuild({ image, build: how, timeoutMs });
    return { id: idOf(action), stage: 'prepare', action, after: [], because: 'needed by its containers', onFailure: 'rollback' };
  });
}

type Thread = Pick<Part, 'service' | 'unlessImage'> & { readonly change: Pick<Change, 'because'>; readonly stage: Stage };

/** Makes the first action wait for `first`, and every other one for the action before it. */
function chain(actions: readonly Action[], first: readonly string[], { change, service, unlessImage, stage }: Thread): Step[] {
  const ids = idsOf(actions);
  return actions.map((action, i) => ({
    id: ids[i]!,
    stage,
    action,
    after: [...new Set(i === 0 ? first : ids.slice(i - 1, i))],
    because: change.because,
    ...(service && { service: service.name }),
    ...(unlessImage && { unlessImage }),
    onFailure: stage === 'build' && service ? service.update.failureAction : 'rollback',
  }));
}

/** Two services may share an image; it is pulled once. Other steps have no twin: one would silently take the other's place. */
function shareTwins(steps: readonly Step[]): Step[] {
  const first = new Map<string, Step>();
  for (const step of steps) {
    if (first.has(step.id) && step.stage !== 'prepare') throw new Error(`Two steps are called "${step.id}"`);
    if (!first.has(step.id)) first.set(step.id, step);
  }
  return [...first.values()];
}
