import { containerPause, containerStart, containerUnpause } from '../actions/container-start.ts';
import { containerRestart, containerSignal, containerUpdate } from '../actions/container-update.ts';
import { containerRename } from '../actions/container-rename.ts';
import { networkConnect, networkDisconnect } from '../actions/network-connect.ts';
import { get } from '../lib/record.ts';
import type { Action } from '../model/action.ts';
import type { ContainerChange, FieldDiff } from '../model/change.ts';
import { standingHooks } from '../model/container-hooks.ts';
import type { Resources } from '../model/settings.ts';
import { limitPaths } from './flatten-resources.ts';
import { gateAction } from './gates.ts';
import { engineLinks } from './peers.ts';
import { asideName, nothing, refOf, stopActions, type Recipe, type Standing } from './recipes.ts';
import { hasCompleted, isSettled, isUp } from './services.ts';

type ContainerUpdate = Parameters<typeof containerUpdate>[0]['update'];
type Ref = ReturnType<typeof refOf>;
type Update = Extract<ContainerChange, { readonly verb: 'update' | 'replace' }>;

/** Changes in the container that is there: connections, limits, restart policy, name; then a restart or signal if one is needed. */
export function updateRecipe(change: Update, standing: Standing): Recipe {
  const { want, have, fields } = change;
  const renamed = fields.some(({ mend }) => mend === 'rename');
  const moved = renamed && isWantedByAnother(have.name, standing) ? [containerRename({ ...refOf(have), to: asideName(have) })] : [];
  const letGo = [...(standsStill(change) ? stopActions(have, standing) : pauses(change) ? [containerPause(refOf(have))] : []), ...moved];
  const now = moved.length > 0 ? { ...refOf(have), name: asideName(have) } : refOf(have);
  const ref = renamed ? { ...refOf(have), name: want.replica.name } : now;
  const links = engineLinks(want, standing.desired);
  const limits = limitUpdates(change);
  const wake = wakeActions(change, standing, ref);
  const isGated = isSettled(want.service, have, standing.desired) ? wake.length > 0 : !standing.options.asFound;
  return {
    ...nothing,
    letGo,
    build: [
      ...fields.filter(({ mend }) => mend === 'networks').flatMap((field) => connectionActions(field, change, { now, links })),
      ...(limits.replaced ? [containerUpdate({ ...now, update: limits.replaced })] : []),
      ...(renamed ? [containerRename({ ...now, to: want.replica.name })] : []),
      ...wake,
      ...(isGated ? [gateAction(want, ref, standing)] : []),
    ],
    discard: limits.added ? [containerUpdate({ ...ref, update: limits.added })] : [],
  };
}

/** Others work meanwhile on what it has mounted. */
const standsStill = ({ fields }: Update): boolean => fields.some(({ mend }) => mend === 'standstill');

/** Where it does not stand still anyway. */
const pauses = ({ fields, have }: Update): boolean => fields.some(({ mend }) => mend === 'pause') && isUp(have);

/** Names that change hands: whoever has one lets go of it before the other takes it. */
const isWantedByAnother = (name: string, { desired }: Standing): boolean =>
  Object.values(desired.services).some(({ replicas }) => replicas.some((replica) => replica.name === name));

/** Restart or signal where a file that it reads changed; start where it does not run. */
function wakeActions(change: Update, { desired }: Standing, ref: Ref): Action[] {
  const { want, have, fields } = change;
  const paused = have.state.status === 'paused';
  const hooks = standingHooks(have, desired);
  const mustRead = fields.some(({ mend }) => mend === 'restart' || mend === 'signal');
  if (standsStill(change)) return [containerStart({ ...ref, ...hooks })];
  // What has done its one thing is only started again for something new to read
  if (!paused && !isUp(have)) return hasCompleted(want.service, have, desired) && !mustRead ? [] : [containerStart({ ...ref, ...hooks })];
  const wake = paused || pauses(change) ? [containerUnpause(ref)] : [];
  if (fields.some(({ mend }) => mend === 'restart')) return [...wake, containerRestart({ ...ref, ...hooks })];
  if (!fields.some(({ mend }) => mend === 'signal')) return wake;
  return [...wake, containerSignal({ ...ref, signalName: want.service.onConfigChange.replace('signal:', '') })];
}

interface Connecting {
  readonly now: Ref;
  readonly links: readonly string[];
}

/** Aliases can only be given when connecting, so a change of them is a disconnect and a connect. */
function connectionActions({ path }: FieldDiff, { want, have }: Update, { now, links }: Connecting): Action[] {
  const network = path.slice('networks.'.length);
  const attachment = get(want.service.settings.networks ?? {}, network);
  const attached = get(have.settings.networks ?? {}, network) !== undefined;
  return [
    ...(attached ? [networkDisconnect({ ...now, network })] : []),
    ...(attachment ? [networkConnect({ ...now, network, attachment: { ...attachment, ...(links.length > 0 && { links }) } })] : []),
  ];
}

/**
 * Limits that replace other limits can be walked back. A limit where there was none cannot (the engine takes 0 for "unchanged"), so
 * it is set when all else is done.
 */
function limitUpdates({ want, fields }: Update): { readonly replaced?: ContainerUpdate; readonly added?: ContainerUpdate } {
  const { restart = 'no', resources = {} } = want.service.settings;
  const changed = fields.filter(({ mend }) => mend === 'update');
  const limitsOf = (some: readonly FieldDiff[]): Resources | undefined => {
    const isChanged = (key: keyof Resources): boolean => some.some(({ path }) => path === limitPaths[key]);
    // The engine holds the one against the other, and a change of the memory alone would change the swap limit too
    const withSwap = isChanged('memory') || isChanged('memswap_limit');
    const entries = Object.entries(resources).filter(
      ([key]) => isChanged(key as keyof Resources) || (withSwap && (key === 'memory' || key === 'memswap_limit')),
    );
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  };
  const replaced = limitsOf(changed.filter((field) => field.have !== undefined));
  const added = limitsOf(changed.filter((field) => field.have === undefined));
  const policy = changed.some(({ path }) => path === 'restart') ? { restart } : undefined;
  return {
    ...((policy ?? replaced) && { replaced: { ...policy, ...(replaced && { resources: replaced }) } }),
    ...(added && { added: { resources: added } }),
  };
}
