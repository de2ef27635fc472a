import { containerStart, containerUnpause } from '../actions/container-start.ts';
import { containerRestart, containerSignal, containerUpdate } from '../actions/container-update.ts';
import { containerRename } from '../actions/container-rename.ts';
import { networkConnect, networkDisconnect } from '../actions/network-connect.ts';
import { get } from '../lib/record.ts';
import type { Action } from '../model/action.ts';
import type { ContainerChange, FieldDiff } from '../model/change.ts';
import type { Resources } from '../model/settings.ts';
import { limitPaths } from './flatten.ts';
import { gateAction } from './gates.ts';
import { nothing, refOf, type Recipe, type Standing } from './recipes.ts';
import { hasCompleted, isUp } from './services.ts';

type ContainerUpdate = Parameters<typeof containerUpdate>[0]['update'];
type Update = Extract<ContainerChange, { readonly verb: 'update' | 'replace' }>;

/** Changes in the container that is there: connections, limits, restart policy, name; then a restart or signal if one is needed. */
export function updateRecipe(change: Update, standing: Standing): Recipe {
  const { want, have, fields } = change;
  const renamed = fields.some(({ mend }) => mend === 'rename');
  const ref = renamed ? { ...refOf(have), name: want.replica.name } : refOf(have);
  const limits = limitUpdates(change);
  const wake = wakeActions(change, standing, ref);
  return {
    ...nothing,
    build: [
      ...fields.filter(({ mend }) => mend === 'networks').flatMap((field) => connectionActions(field, change)),
      ...(limits.replaced ? [containerUpdate({ ...refOf(have), update: limits.replaced })] : []),
      ...(renamed ? [containerRename({ ...refOf(have), to: want.replica.name })] : []),
      ...wake,
      ...(wake.length > 0 ? [gateAction(want, ref, standing)] : []),
    ],
    discard: limits.added ? [containerUpdate({ ...ref, update: limits.added })] : [],
  };
}

/** Restart or signal where a file that it reads changed; start where it does not run. */
function wakeActions({ want, have, fields }: Update, { desired }: Standing, ref: { name: string; id: string }): Action[] {
  if (have.state.status === 'paused') return [containerUnpause(ref)];
  if (!isUp(have)) return hasCompleted(want.service, have, desired) ? [] : [containerStart(ref)];
  if (fields.some(({ mend }) => mend === 'restart')) return [containerRestart(ref)];
  if (!fields.some(({ mend }) => mend === 'signal')) return [];
  return [containerSignal({ ...ref, signalName: want.service.onConfigChange.replace('signal:', '') })];
}

/** Aliases can only be given when connecting, so a change of them is a disconnect and a connect. */
function connectionActions({ path }: FieldDiff, { want, have }: Update): Action[] {
  const network = path.slice('networks.'.length);
  const attachment = get(want.service.settings.networks ?? {}, network);
  const attached = get(have.settings.networks ?? {}, network) !== undefined;
  return [
    ...(attached ? [networkDisconnect({ ...refOf(have), network })] : []),
    ...(attachment ? [networkConnect({ ...refOf(have), network, attachment })] : []),
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
    const entries = Object.entries(resources).filter(([key]) => some.some(({ path }) => path === limitPaths[key as keyof Resources]));
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
