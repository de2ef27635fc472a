import { expect, it } from 'vitest';
import type { Systemd } from '../../src/adapters/systemd.ts';
import { installSteps, uninstallSteps, type UnitChange } from '../../src/commands/unit-changes.ts';
import { runUnitSteps, type UnitStep } from '../../src/commands/unit-steps.ts';

const never = new AbortController().signal;

/** A step that writes down what it does, and fails where it is told to. */
function steps(failing: readonly string[]): { readonly done: string[]; readonly all: readonly UnitStep[] } {
  const done: string[] = [];
  const act = (what: string) => async (): Promise<void> => {
    done.push(what);
    if (failing.includes(what)) throw new Error(`no ${what}`);
  };
  return { done, all: ['a', 'b', 'c'].map((label) => ({ label, run: act(label), undo: act(`undo ${label}`) })) };
}

it.each([
  [[], 'done', ['a', 'b', 'c']],
  [['b'], { why: 'no b', left: [] }, ['a', 'b', 'undo b', 'undo a']],
  [['c', 'undo b'], { why: 'no c', left: ['undo of "b": no undo b'] }, ['a', 'b', 'c', 'undo c', 'undo b', 'undo a']],
])('where %j fail, ends %j', async (failing, end, done) => {
  const tried = steps(failing);
  expect(await runUnitSteps(tried.all, never)).toEqual(end);
  expect(tried.done).toEqual(done);
});

it('walks back when it is interrupted', async () => {
  const cancel = new AbortController();
  const tried = steps([]);
  const [first, ...rest] = tried.all;
  const interrupting: UnitStep = { label: 'interrupt', run: async () => cancel.abort() };
  expect(await runUnitSteps([first!, interrupting, ...rest], cancel.signal)).toEqual({ why: 'interrupted', left: [] });
  expect(tried.done).toEqual(['a', 'undo a']);
});

const nowhere: Pick<Systemd, 'isRunning' | 'pathOf'> = { isRunning: true, pathOf: (name) => `/etc/systemd/system/${name}` };
const change = (name: string, before: string | undefined, after: string | undefined): UnitChange => {
  const stands = before !== undefined;
  return { name, text: after, seen: { name, text: before, isEnabled: stands, isActive: stands } };
};
const labels = (made: readonly UnitStep[]): string[] => made.slice(1).map(({ label }) => label);
const all = ['stackctl-orphans-x.service', 'stackctl-shutdown-x.service', 'stackctl-drift-x.service', 'stackctl-drift-x.timer'];

it('starts on this machine what works only once it was started, and nothing else', () => {
  const place = nowhere as Systemd;
  expect(
    labels(
      installSteps(
        all.map((name) => change(name, undefined, 'new')),
        place,
      ),
    ),
  ).toEqual([
    ...all.map((name) => `write /etc/systemd/system/${name}`),
    'systemctl daemon-reload',
    'systemctl enable stackctl-orphans-x.service',
    'systemctl enable stackctl-shutdown-x.service',
    'systemctl enable stackctl-drift-x.timer',
    'systemctl start stackctl-shutdown-x.service',
    'systemctl start stackctl-drift-x.timer',
  ]);
});

it('only writes and enables in a folder', () => {
  const place = { ...nowhere, isRunning: false } as Systemd;
  expect(labels(installSteps([change('stackctl-drift-x.timer', undefined, 'new')], place))).toEqual([
    'write /etc/systemd/system/stackctl-drift-x.timer',
    'systemctl enable stackctl-drift-x.timer',
  ]);
});

it('does not stop on its way out what would end processes when it is stopped', () => {
  const place = nowhere as Systemd;
  expect(
    labels(
      uninstallSteps(
        all.map((name) => change(name, 'old', undefined)),
        place,
      ),
    ),
  ).toEqual([
    'systemctl stop stackctl-drift-x.timer',
    'systemctl disable stackctl-orphans-x.service',
    'systemctl disable stackctl-shutdown-x.service',
    'systemctl disable stackctl-drift-x.timer',
    ...all.map((name) => `remove /etc/systemd/system/${name}`),
    'systemctl daemon-reload',
  ]);
});
