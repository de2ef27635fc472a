import { definitionOf } from '../actions/index.ts';
import { mapValues } from '../lib/record.ts';
import type { Observed } from '../model/observed.ts';
import { isDiscard, type Interrupted } from './interrupted.ts';

/**
 * What an interrupted run had put aside is its own to remove, whichever files had declared it: a plan made of this look takes it for
 * a leftover of the files that are read now.
 */
export function withOwnLeftovers(observed: Observed, { attempts }: Pick<Interrupted, 'attempts'>): Observed {
  const aside = new Set(
    attempts.flatMap(({ plan }) => plan.steps.filter(isDiscard).map(({ action }) => definitionOf(action).target(action.args))),
  );
  return {
    ...observed,
    containers: mapValues(observed.containers, (seen, name) => (aside.has(name) ? { ...seen, files: [], workingDir: '' } : seen)),
  };
}
