import { definitionOf } from '../actions/index.ts';
import type { Action } from '../model/action.ts';
import type { Step } from '../model/plan.ts';
import type { Ran } from './run-step.ts';

/**
 * The undo actions as steps, each after those of the steps that had waited for its own. What was written to decides: a new volume that
 * holds data stays, and the content of one that was copied is put back only then.
 */
export function undoSteps(ran: readonly Ran[], written: readonly string[], because: string): Step[] {
  const keeps = ({ step: { action } }: Ran): boolean => {
    const { keepsData, rewinds } = definitionOf(action);
    const [made, copied] = [keepsData?.(action.args), rewinds?.(action.args)];
    return (made !== undefined && written.includes(made)) || (copied !== undefined && !written.includes(copied));
  };
  const undone = ran.filter(
    (each): each is Ran & { readonly undo: Action } => typeof each.undo === 'object' && 'kind' in each.undo && !keeps(each),
  );
  const laterOf = dependants(ran);
  return undone.reverse().map(({ step, undo }) => ({
    id: `undo ${step.id}`,
    stage: 'build',
    action: undo,
    after: undone.filter((other) => laterOf(step).has(other.step.id)).map((other) => `undo ${other.step.id}`),
    because,
    ...(step.service !== undefined && { service: step.service }),
    onFailure: 'continue',
  }));
}

/** What no walk back can bring back. */
export const lostBy = (ran: readonly Ran[]): string[] =>
  ran.flatMap(({ undo }) => (typeof undo === 'object' && 'lost' in undo ? [undo.lost] : []));

/** What stays lost because a step back did not end well. */
export const lostText = (lost: readonly Step[]): string[] =>
  lost.flatMap(({ action }) => definitionOf(action).lostUnless?.(action.args) ?? []);

/** Networks that were removed on the way forward: what is made again on the way back has another id. */
export const restoredNetworks = (ran: readonly Ran[]): string[] =>
  ran.flatMap(({ step: { action }, begun }) => (begun ? (definitionOf(action).removesNetwork?.(action.args) ?? []) : []));

/** New volumes that a program may have written to since: data is not ours to take back. */
export function keptVolumes(ran: readonly Ran[], written: readonly string[] = writtenVolumes(ran)): string[] {
  const begun = ran.filter(({ outcome }) => outcome.status !== 'refused');
  const made = begun.flatMap(({ step: { action } }) => definitionOf(action).keepsData?.(action.args) ?? []);
  return made.filter((name) => written.includes(name));
}

/** Volumes that a container which was made by these steps could write to, because it was started; all attempts of a run belong together. */
export function writtenVolumes(ran: readonly Ran[]): string[] {
  const begun = ran
    .filter(({ outcome }) => outcome.status !== 'refused')
    .map(({ step: { action } }) => ({ action, definition: definitionOf(action) }));
  const started = new Set(
    begun.filter(({ definition }) => definition.gives === 'started').map(({ action, definition }) => definition.target(action.args)),
  );
  const written = new Set(
    begun.flatMap(({ action, definition }) =>
      started.has(definition.target(action.args)) ? (definition.mounts?.(action.args) ?? []) : [],
    ),
  );
  return [...written];
}

/** All steps that came after a step, near and far. */
function dependants(ran: readonly Ran[]): (step: Step) => ReadonlySet<string> {
  const near = new Map<string, string[]>();
  for (const { step } of ran) for (const id of step.after) near.set(id, [...(near.get(id) ?? []), step.id]);
  return ({ id }) => {
    const far = new Set<string>();
    const follow = (from: string): void => {
      for (const next of near.get(from) ?? []) {
        if (far.has(next)) continue;
        far.add(next);
        follow(next);
      }
    };
    follow(id);
    return far;
  };
}
