import type { Leaf } from '../model/change.ts';
import { isSealed, type Text } from '../model/text.ts';
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

/** One value of a field on one line, in the unit that people write it in; never a sensitive one. */
export function valueText(path: string, value: Leaf): string {
  if (typeof value === 'string' && standIns.includes(value)) return value;
  if (typeof value === 'string' || isSealed(value)) return itemText(value);
  if (typeof value === 'number') return numberText(path, value);
  if (value === null || typeof value === 'boolean') return String(value);
  return `[${value.map(itemText).join(', ')}]`;
}

function itemText(text: Text): string {
  if (!isSealed(text)) return quoted(text);
  return text.shown === '(sensitive)' ? text.shown : quoted(text.shown);
}

function numberText(path: string, value: number): string {
  if (durations.includes(path)) return shortDuration(value);
  return sizes.includes(path) ? sizeText(value) : String(value);
}
