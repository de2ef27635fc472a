import { definitionOf } from '../actions/index.ts';
import type { Action } from '../model/action.ts';
import type { Change } from '../model/change.ts';
import type { ServiceSpec } from '../model/desired.ts';
import type { Step } from '../model/plan.ts';
import type { Recipe } from './recipes.ts';

/** One change with its recipe, before the recipes are woven together. */
export interface Part {
  readonly change: Change;
  readonly recipe: Recipe;
  readonly service?: ServiceSpec;
  /** Its steps are needed only if the image turns out to be another one. */
  readonly unlessImage?: NonNullable<Step['unlessImage']>;
}

export const idOf = (action: Action): string => `${action.kind} ${definitionOf(action).target(action.args)}`;

export const idsOf = (actions: readonly Action[]): string[] => actions.map(idOf);

/** The last step of that stage of each part. */
export const endsOf = (parts: readonly Part[], stage: 'letGo' | 'build'): string[] =>
  parts.flatMap(({ recipe }) => idsOf(recipe[stage]).slice(-1));
