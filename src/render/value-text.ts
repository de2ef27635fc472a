import type { Leaf } from '../model/change.ts';
import { isSealed, type Sealed, type Text } from '../model/text.ts';
import { shortDuration, sizeText } from './quantity-text.ts';
import { quoted } from './visible.ts';

/** What the planner puts where there is no value yet, or none that may be told. */
const standIns = ['(unknown)', '(known after build)', '(known after pull)', '(content before)', '(content changed)'];

const durations = [
  'stop_grace_period',
  'healthcheck.interval',
  'healthcheck.timeout',
  'healthcheck.start_period',
  'healthcheck.start_interval',
];
const sizes = ['shm_size', 'deploy.resources.limits.memory', 'deploy.resources.reservations.memory'];

/**
 * One value of a field on one line, in the unit that people write it in; never a sensitive one. Beside the value `before` it also
 * says of a sensitive one that it is another.
 */
export function valueText(path: string, value: Leaf, before?: Leaf): string {
  return isList(value) ? `[${itemTexts(value, before).join(', ')}]` : scalarText(path, value, before);
}

/** The same of each item of a list. */
export const itemTexts = (items: readonly Text[], before?: Leaf): string[] => items.map((item) => scalarText('', item, before));

export const isList = (leaf: Leaf | undefined): leaf is readonly Text[] => Array.isArray(leaf);

function scalarText(path: string, value: Exclude<Leaf, readonly Text[]>, before: Leaf | undefined): string {
  if (typeof value === 'string') return standIns.includes(value) ? value : quoted(value);
  if (typeof value === 'number') return numberText(path, value);
  return isSealed(value) ? sealedText(value, before) : String(value);
}

/** Two secrets look the same; that they are not is what counts. */
function sealedText({ sealed, shown }: Sealed, before: Leaf | undefined): string {
  const seals = (isList(before) ? before : [before]).filter(isSealed).map((other) => other.sealed);
  const changed = seals.length > 0 && !seals.includes(sealed);
  if (shown === '(sensitive)') return changed ? '(sensitive, changed)' : shown;
  return `${quoted(shown)}${changed ? ' (sensitive, changed)' : ''}`;
}

function numberText(path: string, value: number): string {
  if (durations.includes(path)) return shortDuration(value);
  return sizes.includes(path) ? sizeText(value) : String(value);
}
