import type { Json } from '../plan-json.ts';
import type { Unit } from './unit.ts';
import { unitText } from './unit-text.ts';

/** All units one below the other, each under the path where systemd looks for it, as `systemctl cat` prints them. */
export const unitsText = (units: readonly Unit[]): string => units.map((unit) => `# ${folder}/${unit.name}\n${unitText(unit)}`).join('\n');

/** The same as data. */
export const unitsJson = (units: readonly Unit[]): Json => ({
  format_version: '1.0',
  units: units.map((unit) => ({ name: unit.name, path: `${folder}/${unit.name}`, text: unitText(unit) })),
});

const folder = '/etc/systemd/system';
