import { definitionOf } from '../actions/index.ts';
import { imageBuild } from '../actions/image-build.ts';
import { imagePull } from '../actions/image-pull.ts';
import type { Action } from '../model/action.ts';
import type { Change } from '../model/change.ts';
import type { Dependency, ServiceSpec } from '../model/desired.ts';
import type { Stage, Step } from '../model/plan.ts';
import type { Sides } from './diff.ts';
import { gateAction } from './gates.ts';
import { sortSteps } from './graph.ts';
import { imageNeed } from './image-refresh.ts';
import { recipeFor, refOf, type Recipe } from './recipes.ts';
import { hasCompleted, isUp, needsOf, pairsOf, selectedServices } from './services.ts';
import { takeovers } from './takeovers.ts';

/** One change with its recipe, before the recipes are woven together. */
export interface Part {
  readonly change: Change;
  readonly recipe: Recipe;
  readonly service?: ServiceSpec;
}

/** Weaves the recipes of all changes into one graph: images first, dependencies before dependants, discards after every gate. */
export function weave(changes: readonly Change[], sides: Sides): Step[] {
  const parts = changes.map((change): Part => {
    const service = change.of === 'container' && 'want' in change ? change.want.service : undefined;
    return { change, recipe: recipeFor(change, sides), ...(service && { service }) };
  });
  const images = imageSteps(parts, sides);
  const imageIds = images.map(({ id }) => id);
  const waits = awaitedNeighbours(parts, sides, imageIds);
  const threads = { parts, imageIds, prepared: idsOf(parts.flatMap(({ recipe }) => recipe.prepare)), waits };
  return sortSteps(shareTwins([...images, ...waits, ...parts.flatMap((part) => stepsOf(part, threads))]));
}

interface Threads {
  readonly parts: readonly Part[];
  readonly imageIds: readonly string[];
  readonly prepared: readonly string[];
  /** Gates of services that do not change but are not ready either. */
  readonly waits: readonly Step[];
}

function stepsOf(part: Part, threads: Threads): Step[] {
  const { recipe, change } = part;
  const { parts, imageIds, prepared } = threads;
  const { takenFrom, givesTo } = takeovers(part, parts);
  const needs = needIds(part, threads);
  const gates = parts.flatMap((other) => (other === part ? [] : idsOf(other.recipe.build).slice(-1)));
  // What makes room for others may not wait for them; what only disappears waits until nobody can need it any more.
  const patience = givesTo ? [] : change.verb === 'remove' ? gates : needs;
  const letGo = chain(recipe.letGo, 'build', [...imageIds, ...prepared, ...patience], part);
  const cleared = takenFrom.flatMap((other) => idsOf(other.recipe.letGo).slice(-1));
  const build = chain(recipe.build, 'build', [...(letGo.length > 0 ? [letGo.at(-1)!.id] : [...imageIds, ...prepared]), ...needs, ...cleared], part);
  const ends = parts.flatMap((other) => idsOf([...other.recipe.letGo, ...other.recipe.build]).slice(-1));
  const removed = change.of === 'network' ? parts.flatMap((other) => (other.change.of === 'container' ? idsOf(other.recipe.discard) : [])) : [];
  return [...chain(recipe.prepare, 'prepare', imageIds, part), ...letGo, ...build, ...chain(recipe.discard, 'discard', [...ends, ...removed], part)];
}

/** What must have ended well before this one's containers may start: its dependencies, and the batch before its own. */
function needIds(part: Part, { parts, waits }: Threads): string[] {
  const { service, change } = part;
  if (!service || change.of !== 'container' || !('want' in change)) return [];
  const needed = needsOf(service).flatMap((need) => [...parts.filter((other) => other.service?.name === need.service).flatMap((other) => givenBy(other.recipe.build, need)), ...waits.filter((step) => step.service === need.service).map(({ id }) => id)]);
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
function awaitedNeighbours(parts: readonly Part[], sides: Sides, imageIds: readonly string[]): Step[] {
  const { desired, observed, options } = sides;
  const changing = new Set(parts.map(({ service }) => service?.name));
  const awaited = new Set(
    parts.flatMap(({ service }) => (service ? needsOf(service) : [])).filter(({ condition }) => condition !== 'service_started').map(({ service }) => service),
  );
  return selectedServices(desired, options)
    .filter(({ name }) => awaited.has(name) && !changing.has(name))
    .flatMap((service) => pairsOf(service, observed).flatMap(({ want, have }) => {
      if (!have || hasCompleted(service, have, desired) || (isUp(have) && (have.state.health ?? 'healthy') === 'healthy' && have.state.status === 'running')) return [];
      return chain([gateAction(want, refOf(have), sides)], 'build', imageIds, { service, change: { because: 'others wait for it' } });
    }));
}

/** Every image is here before anything is touched. */
function imageSteps(parts: readonly Part[], { observed, options }: Sides): Step[] {
  return parts.flatMap(({ change, service }) => {
    const need = service && (change.verb === 'create' || change.verb === 'replace') ? imageNeed(service, observed, options) : undefined;
    if (!service || !need) return [];
    const { image } = service.settings;
    const timeoutMs = service.timeouts.pullMs;
    const action = need === 'build' && service.build ? imageBuild({ image, build: service.build, timeoutMs }) : imagePull({ image, timeoutMs });
    const step: Step = { id: idOf(action), stage: 'prepare', action, after: [], because: 'needed by its containers', onFailure: 'rollback' };
    return [step];
  });
}

type Thread = { readonly service?: ServiceSpec; readonly change: Pick<Change, 'because'> & Partial<Change> };

/** Makes the first action wait for `first`, and every other one for the action before it. */
function chain(actions: readonly Action[], stage: Stage, first: readonly string[], { change, service }: Thread): Step[] {
  const ids = idsOf(actions);
  const pending = 'fields' in change && change.verb === 'replace' ? change.fields.filter(({ mend }) => mend === 'replace') : [];
  const onlyPending = pending.length > 0 && pending.every((field) => field.pending);
  return actions.map((action, i) => ({
    id: ids[i]!,
    stage,
    action,
    after: [...new Set(i === 0 ? first : ids.slice(i - 1, i))].filter((id) => id !== ids[i]),
    because: change.because,
    ...(service && { service: service.name }),
    ...(onlyPending && 'have' in change && change.of === 'container' && { unlessImage: { reference: change.have!.settings.image, id: change.have!.imageId } }),
    onFailure: stage === 'build' && service ? service.update.failureAction : 'rollback',
  }));
}

const idOf = (action: Action): string => `${action.kind} ${definitionOf(action).target(action.args)}`;

const idsOf = (actions: readonly Action[]): string[] => actions.map(idOf);

/** Two services may share an image; it is pulled once. */
function shareTwins(steps: readonly Step[]): Step[] {
  return [...new Map(steps.toReversed().map((step) => [step.id, step])).values()].reverse();
}
