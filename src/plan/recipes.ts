import { containerCreate, containerRemove } from '../actions/container-create.ts';
import { containerRename } from '../actions/container-rename.ts';
import { containerStart, containerStop, containerUnpause } from '../actions/container-start.ts';
import { containerUpdate } from '../actions/container-update.ts';
import { networkDisconnect } from '../actions/network-connect.ts';
import { networkCreate, networkRemove } from '../actions/network-create.ts';
import { get } from '../lib/record.ts';
import type { Action } from '../model/action.ts';
import type { Change, ContainerChange } from '../model/change.ts';
import { standingHooks, wantedHooks } from '../model/container-hooks.ts';
import type { WantedContainer } from '../model/desired.ts';
import type { Observed, SeenContainer } from '../model/observed.ts';
import { inherited } from './anonymous-volumes.ts';
import { isDataChange } from './data-order.ts';
import { dataRecipe } from './data-recipe.ts';
import type { Sides } from './diff.ts';
import { gateAction } from './gates.ts';
import { borrowedBy, engineLinks, joinedBy } from './peers.ts';
import { needsOf } from './services.ts';
import { startsFirst } from './start-first.ts';
import { stopGraceOf } from './stop-grace.ts';
import { updateRecipe } from './update-recipe.ts';
import { volumeRecipe } from './volume-recipe.ts';

/** How to mend one change, in three stages that the plan weaves together with those of the other changes. */
export interface Recipe {
  /** Disturbs nothing that runs. */
  readonly prepare: readonly Action[];
  /** Takes what is there out of the way: from then on its name and its host ports are free. Can be walked back. */
  readonly letGo: readonly Action[];
  /** Brings up what is wanted, with its gate; waits for the dependencies. Can be walked back. */
  readonly build: readonly Action[];
  /** Cannot be walked back, so it waits for every gate of the plan. */
  readonly discard: readonly Action[];
}

export const nothing: Recipe = { prepare: [], letGo: [], build: [], discard: [] };

export type Standing = Sides;

export function recipeFor(change: Change, standing: Standing): Recipe {
  const { stack } = standing.desired;
  if (change.of === 'container') return containerRecipe(change, standing);
  if (isDataChange(change)) return dataRecipe(change, standing);
  if (change.of === 'volume') return volumeRecipe(change, standing);
  if (change.verb === 'create') return { ...nothing, prepare: [networkCreate({ stack, network: change.want })] };
  if (change.verb === 'replace') {
    return {
      ...nothing,
      build: [networkRemove({ name: change.have.name, id: change.have.id }), networkCreate({ stack, network: change.want })],
    };
  }
  return { ...nothing, discard: [networkRemove({ name: change.have.name, id: change.have.id })] };
}

function containerRecipe(change: ContainerChange, standing: Standing): Recipe {
  switch (change.verb) {
    case 'create':
      return { ...nothing, build: bringUp(change.want, change.want.replica.name, standing) };
    case 'start': {
      const ref = refOf(change.have);
      const start =
        change.have.state.status === 'paused'
          ? containerUnpause(ref)
          : containerStart({ ...ref, ...standingHooks(change.have, standing.desired) });
      return { ...nothing, build: [start, gateAction(change.want, ref, standing)] };
    }
    case 'update':
      return updateRecipe(change, standing);
    case 'replace':
      return startsFirst(change) ? startFirst(change, standing) : stopFirst(change, standing);
    case 'remove':
      return removal(change, standing);
  }
}

type Replacement = Extract<ContainerChange, { readonly verb: 'update' | 'replace' }>;

/** The old container is stopped and put aside under another name, where it waits for the commit or for its return. */
function stopFirst(change: Replacement, standing: Standing): Recipe {
  const { want, have } = change;
  return { ...removal(change, standing), build: bringUp(want, want.replica.name, { ...standing, have }) };
}

/** The new container is up under another name before the old one stops; then the names change hands. */
function startFirst({ want, have }: Replacement, standing: Standing): Recipe {
  const next = nextName(want.replica.name, standing.observed);
  const { letGo, discard } = removal({ have }, standing);
  return {
    ...nothing,
    build: [...bringUp(want, next, { ...standing, have }), ...letGo, containerRename({ name: next, to: want.replica.name })],
    discard,
  };
}

type Leaving = Pick<Extract<ContainerChange, { readonly verb: 'remove' }>, 'have' | 'leaves' | 'frees'>;

function removal({ have, leaves = [], frees = [] }: Leaving, standing: Standing): Recipe {
  if (frees.length > 0) return { ...nothing, letGo: [...stopActions(have, standing), containerRemove(refOf(have))] };
  const aside = asideName(have);
  return {
    ...nothing,
    letGo: [
      ...restrain(have),
      ...stopActions(have, standing),
      ...(have.name === aside ? [] : [containerRename({ ...refOf(have), to: aside })]),
      ...leaves.map((network) => networkDisconnect({ name: aside, id: have.id, network })),
    ],
    discard: [containerRemove({ name: aside, id: have.id })],
  };
}

/**
 * An engine that starts again starts what has a restart policy, also what was stopped: the old one beside the new. On the way back
 * it gets its policy again.
 */
function restrain(have: SeenContainer): Action[] {
  const { restart = 'no' } = have.settings;
  return restart === 'no' ? [] : [containerUpdate({ ...refOf(have), update: { restart: 'no' } })];
}

/** A paused container is woken first: engines differ in whether they can stop it as it is, and on the way back it is paused again. */
export function stopActions(have: SeenContainer, wishes: Pick<Standing, 'desired' | 'options'>): Action[] {
  const graceMs = stopGraceOf(have, wishes);
  return [
    ...(have.state.status === 'paused' ? [containerUnpause(refOf(have))] : []),
    containerStop({ ...refOf(have), ...(graceMs !== undefined && { graceMs }), ...standingHooks(have, wishes.desired) }),
  ];
}

function bringUp(want: WantedContainer, name: string, standing: Standing & { readonly have?: SeenContainer }): Action[] {
  const { service, replica } = want;
  const { desired, observed, have } = standing;
  const links = engineLinks(want, desired);
  return [
    containerCreate({
      stack: desired.stack,
      name,
      service: service.name,
      number: replica.number,
      files: desired.files,
      workingDir: desired.workingDir,
      settings: service.settings,
      ...(service.pinned !== undefined && { image: service.pinned }),
      dependsOn: needsOf(service)
        .map((need) => `${need.service}:${need.condition}:${String(need.restart)}`)
        .join(','),
      ...joinedBy(service.settings, standing),
      ...borrowedBy(service.settings, desired),
      ...(links.length > 0 && { links }),
      inherits: have ? inherited(want, have, observed) : {},
    }),
    containerStart({ name, ...wantedHooks(service) }),
    gateAction(want, { name }, standing),
  ];
}

/** Readable, unique, and the same in every plan and after every crash, so that temporary names cannot pile up. */
export const asideName = ({ name, id }: SeenContainer): string =>
  `${name.replace(/\.(next\d*|before-[0-9a-f]{12})$/, '')}.before-${id.slice(0, 12)}`;

/** For a container that starts beside the one that it replaces; what a crash left behind under that name is an orphan. */
function nextName(name: string, { containers, others }: Observed): string {
  const candidates = [`${name}.next`, ...[2, 3, 4, 5, 6, 7, 8, 9].map((count) => `${name}.next${count}`)];
  return candidates.find((candidate) => !get(containers, candidate) && !get(others, candidate)) ?? `${name}.next10`;
}

export const refOf = ({ name, id }: SeenContainer) => ({ name, id });
