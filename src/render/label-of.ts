import { definitionOf } from '../actions/index.ts';
import type { Action } from '../model/action.ts';
import { sanitize } from './sanitize.ts';

/** One line for people: what an action does. */
export const labelOf = (action: Action): string => sanitize(definitionOf(action).label(action.args));
