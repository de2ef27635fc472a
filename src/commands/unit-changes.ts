import type { Systemd } from '../adapters/systemd.ts';
import type { UnitSeen } from './units-place.ts';
import type { UnitStep } from './unit-steps.ts';

/** What is to become of a unit. */
export interface UnitChange {
  readonly name: string;
  readonly seen: UnitSeen;
  /** Undefined: it is to go. */
  readonly text: string | undefined;
}

export const isWrite = ({ seen, text }: UnitChange): boolean => seen.text !== text;
export const isEnable = ({ name, seen, text }: UnitChange): boolean => text !== undefined && !seen.isEnabled && !isStatic(name);

/** Started by its timer alone; `systemctl is-enabled` says yes to these. */
const isStatic = (name: string): boolean => name.startsWith('stackctl-drift-') && name.endsWith('.service');

/** Units that work only once they were started: a timer, and what waits to be stopped. Those at boot are not: the engine runs already. */
export const isStart = ({ name, seen, text }: UnitChange, place: Systemd): boolean =>
  place.isRunning && text !== undefined && !seen.isActive && (name.endsWith('.timer') || name.startsWith('stackctl-shutdown-'));

/** What brings the units there, in order. The first does nothing: its way back, which is the last, has systemd read again what was put back. */
export function installSteps(changes: readonly UnitChange[], place: Systemd): UnitStep[] {
  const writes = changes.filter(isWrite);
  return [
    rereadAtTheEnd(place),
    ...disables(
      changes.filter(({ text }) => text === undefined),
      place,
    ),
    ...writes.map((change) => fileStep(change, place)),
    ...(writes.length > 0 ? reread(place) : []),
    ...changes.filter(isEnable).map(({ name }) => pair(place, name, ['enable', 'disable'])),
    // To stop the one that waits for the shutdown would do what it is there for
    ...changes
      .filter((each) => isStart(each, place))
      .map(({ name }) => (name.endsWith('.timer') ? pair(place, name, ['start', 'stop']) : start(place, name))),
  ];
}

/** What takes them away, in order. */
export function uninstallSteps(changes: readonly UnitChange[], place: Systemd): UnitStep[] {
  const timers = changes.filter(({ name, seen }) => seen.isActive && name.endsWith('.timer'));
  return [
    rereadAtTheEnd(place),
    ...timers.map(({ name }) => pair(place, name, ['stop', 'start'])),
    ...disables(changes, place),
    ...changes.map((change) => fileStep(change, place)),
    ...reread(place),
  ];
}

const disables = (changes: readonly UnitChange[], place: Systemd): UnitStep[] =>
  changes.filter(({ name, seen }) => seen.isEnabled && !isStatic(name)).map(({ name }) => pair(place, name, ['disable', 'enable']));

function fileStep({ name, seen, text }: UnitChange, place: Systemd): UnitStep {
  const put = (what: string | undefined): Promise<void> => (what === undefined ? place.remove(name) : place.write(name, what));
  return {
    label: `${text === undefined ? 'remove' : 'write'} ${place.pathOf(name)}`,
    run: () => put(text),
    undo: () => put(seen.text),
  };
}

const reread = (place: Systemd): UnitStep[] =>
  place.isRunning ? [{ label: 'systemctl daemon-reload', run: () => place.control('daemon-reload', []) }] : [];

const rereadAtTheEnd = (place: Systemd): UnitStep => ({
  label: 'systemctl daemon-reload',
  run: () => Promise.resolve(),
  undo: async () => {
    if (place.isRunning) await place.control('daemon-reload', []);
  },
});

const start = (place: Systemd, name: string): UnitStep => ({ label: `systemctl start ${name}`, run: () => place.control('start', [name]) });

const pair = (
  place: Systemd,
  name: string,
  [there, back]: readonly ['enable' | 'disable' | 'start' | 'stop', 'enable' | 'disable' | 'start' | 'stop'],
): UnitStep => ({
  label: `systemctl ${there} ${name}`,
  run: () => place.control(there, [name]),
  undo: () => place.control(back, [name]),
});
