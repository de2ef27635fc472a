import { driftKey, type Drift } from '../model/drift.ts';
import type { WatchEvent } from '../watch/watch-event.ts';
import { countText } from './count-text.ts';
import { driftedJson } from './drift-json.ts';
import { jsonText } from './json-text.ts';
import type { Json } from './plan-json.ts';
import { sanitize } from './sanitize.ts';

/** One line for each thing that a watch tells; `at` is ISO 8601. */
export const watchLine = (event: WatchEvent, at: string): string => `${at} ${sanitize(sentence(event).replaceAll('\n', ' '))}\n`;

function sentence(event: WatchEvent): string {
  switch (event.type) {
    case 'watching':
      return `watching, to ${event.policy}: ${countText(event.drifts, 'resource')} drifted${othersText(event.others)}`;
    case 'drifted':
      return `drift  ${driftText(event.drift)}${event.leave === undefined ? '' : `; left alone: ${event.leave}`}`;
    case 'in-order':
      return `in order  ${driftKey(event.drift)}`;
    case 'healing':
      return `healing  ${namesOf(event.drifts)}`;
    case 'healed':
      return event.failed === undefined ? `healed  ${namesOf(event.drifts)}` : `not healed  ${namesOf(event.drifts)}: ${event.failed}`;
    case 'blind':
      return `cannot look: ${event.because}; trying again`;
    case 'seeing':
      return 'can look again';
    case 'gave-up':
      return `gave up on ${namesOf(event.drifts)}: ${countText(event.heals, 'heal')} in a row did not hold; see stackctl history, stackctl plan`;
  }
}

function driftText(drift: Drift): string {
  const fields = drift.fields.map(({ path }) => path).join(', ');
  return `${driftKey(drift)}: ${drift.because}${fields === '' ? '' : ` (${fields})`}`;
}

const othersText = (others: number): string =>
  others === 0 ? '' : `; ${countText(others, 'change')} that nobody has applied, which stackctl plan shows and no watch applies`;

const namesOf = (drifts: readonly Drift[]): string => drifts.map(driftKey).join(', ');

/** The same as one JSON object a line. */
export const watchJsonLine = (event: WatchEvent, at: string): string =>
  `${jsonText({ type: event.type.replaceAll('-', '_'), at, ...eventJson(event) })}\n`;

function eventJson(event: WatchEvent): { readonly [key: string]: Json } {
  switch (event.type) {
    case 'watching':
      return { policy: event.policy, drifted: event.drifts, other_changes: event.others };
    case 'drifted':
      return { ...driftedJson(event.drift), ...(event.leave !== undefined && { left_alone: event.leave }) };
    case 'in-order':
      return { of: event.drift.of, name: event.drift.name };
    case 'healing':
      return { resources: event.drifts.map(driftKey) };
    case 'healed':
      return { resources: event.drifts.map(driftKey), ...(event.failed !== undefined && { failed: event.failed }) };
    case 'blind':
      return { because: event.because };
    case 'seeing':
      return {};
    case 'gave-up':
      return { resources: event.drifts.map(driftKey), heals: event.heals };
  }
}
