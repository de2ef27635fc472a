import { containerCreate, containerRemove } from '../../src/actions/container-create.ts';
import { containerRename } from '../../src/actions/container-rename.ts';
import { containerStop, containerUnpause } from '../../src/actions/container-start.ts';
import { containerUpdate } from '../../src/actions/container-update.ts';
import type { ActionDefinition, ActionKind } from '../../src/actions/define.ts';
import { networkConnect, networkDisconnect } from '../../src/actions/network-connect.ts';
import { networkCreate, networkRemove } from '../../src/actions/network-create.ts';
import { serviceAwait } from '../../src/actions/service-await.ts';
import { volumeCreate, volumeDiscard } from '../../src/actions/volume-create.ts';
import type { Interrupted } from '../../src/apply/interrupted.ts';
import { endedWell } from '../../src/apply/run-step.ts';
import { mapValues } from '../../src/lib/record.ts';
import type { Action, Undo } from '../../src/model/action.ts';
import type { Observed } from '../../src/model/observed.ts';
import type { Plan, Step } from '../../src/model/plan.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import type { Engine } from '../../src/platform/engine.ts';
import type { Journal, JournalRecord } from '../../src/platform/journal.ts';
import type { Sabotage } from './crashing-runs.ts';

/** A mistake that a tool of this kind is known to make, put in from outside: the product has no place for it. */
export interface SeededBug extends Sabotage {
  readonly name: string;
  /** Puts it into an action; gives what takes it out again. */
  seed?(): () => void;
}

const seeded =
  <Args>(kind: ActionKind<Args>, parts: Partial<ActionDefinition<Args>>) =>
  (): (() => void) => {
    const whole = { ...kind };
    Object.assign(kind, parts);
    return () => void Object.assign(kind, whole);
  };

const all =
  (...seeds: readonly (() => () => void)[]) =>
  (): (() => void) => {
    const undo = seeds.map((seed) => seed());
    return () => undo.forEach((each) => each());
  };

const noWayBack = { undo: (): Undo => 'not-needed' };
const noGuard = { guard: (): string | undefined => undefined };

const ofKind = (action: Action, { kind }: { readonly kind: string }): boolean => action.kind === kind;

/** A journal that keeps, of each record, what `keeps` makes of it. */
const journal =
  (keeps: (record: JournalRecord, to: Journal) => readonly JournalRecord[] | Promise<readonly JournalRecord[]>, syncs = true) =>
  (to: Journal): Journal => ({
    ...to,
    async append(record, sync) {
      for (const each of await keeps(record, to)) await to.append(each, sync && syncs);
    },
  });

/** What is held back until its step has ended. */
function intentAfterEffect(to: Journal): Journal {
  const held = new Map<string, JournalRecord>();
  return journal((record) => {
    if (record.type === 'started') held.set(record.step, record);
    const before = record.type === 'ended' ? held.get(record.step) : undefined;
    return record.type === 'started' ? [] : [...(before ? [before] : []), record];
  })(to);
}

const steps = (plan: Plan, change: (step: Step) => Step): Plan => ({ ...plan, steps: plan.steps.map(change) });

/** As soon as the new one stands, whether it is ready or not. */
const discardsEarly = (plan: Plan): Plan => {
  const built = plan.steps.filter(({ stage, action }) => stage !== 'discard' && !ofKind(action, serviceAwait)).map(({ id }) => id);
  return steps(plan, (step) => (step.stage === 'discard' ? { ...step, stage: 'build', after: built } : step));
};

const losesAnonymous = (plan: Plan): Plan =>
  steps(plan, (step) =>
    ofKind(step.action, containerCreate)
      ? { ...step, action: { ...step.action, args: { ...(step.action.args as object), inherits: {} } } }
      : step,
  );

const attempts = (
  interrupted: Interrupted,
  change: (ran: Interrupted['attempts'][0]['ran']) => Interrupted['attempts'][0]['ran'],
): Interrupted => {
  const [first, ...more] = interrupted.attempts.map((each) => ({ ...each, ran: change(each.ran) }));
  return { ...interrupted, attempts: [first!, ...more] };
};

const looksUp = (now: Observed): Observed => ({
  ...now,
  containers: mapValues(now.containers, (seen) =>
    seen.state.exitCode === 137 ? { ...seen, state: { ...seen.state, status: 'running' } } : seen,
  ),
});

const swallowing = (engine: Engine): Engine => ({
  ...engine,
  removeContainer: (...words) =>
    engine.removeContainer(...words).catch((error: unknown) => {
      if (!(error instanceof EngineError) || error.code !== 'unreachable') throw error;
    }),
});

const notExclusive = (engine: Engine): Engine => ({
  ...engine,
  createVolume: (...words) => engine.createVolume(...words).catch(() => undefined),
});

const withoutHooks = (undo: Undo): Undo => {
  if (typeof undo !== 'object' || !('kind' in undo)) return undo;
  const { hooks: _hooks, ...args } = undo.args as { readonly hooks?: unknown };
  return { ...undo, args };
};
const stopUndo = containerStop.undo;

export const seededBugs: readonly SeededBug[] = [
  { name: 'an intent is not written', journal: journal((record) => (record.type === 'started' ? [] : [record])) },
  { name: 'an intent is written after its effect', journal: intentAfterEffect },
  { name: 'an intent is not synced', journal: journal((record) => [record], false) },
  { name: 'the commit is not written', journal: journal((record) => (record.type === 'committed' ? [] : [record])) },
  {
    name: 'the commit is written before the gates',
    journal: journal((record) => (record.type === 'ended' ? [record, { type: 'committed' }] : [record])),
  },
  { name: 'the journal is never closed', journal: (to) => ({ ...to, close: () => to.leave() }) },
  {
    name: 'the journal is closed before the way back',
    journal: journal(async (record, to) => {
      if (record.type === 'walking-back') await to.close();
      return [record];
    }),
  },
  { name: 'the old one is removed before the new one is ready', plan: discardsEarly },
  { name: 'what a container kept without a name is lost when it is replaced', plan: losesAnonymous },
  {
    name: 'a volume that was there before is removed on the way back',
    engine: notExclusive,
    seed: all(seeded(volumeCreate, noGuard), seeded(volumeDiscard, noGuard)),
  },
  { name: 'a volume of somebody else is removed', seed: seeded(volumeDiscard, noGuard) },
  { name: 'a network of somebody else is removed', seed: seeded(networkRemove, noGuard) },
  { name: 'a container of somebody else is removed', seed: seeded(containerRemove, noGuard) },
  { name: 'nothing is started again on the way back', seed: seeded(containerStop, noWayBack) },
  {
    name: 'what is started again is started without its hooks',
    seed: seeded(containerStop, { undo: (ref, before) => withoutHooks(stopUndo(ref, before)) }),
  },
  { name: 'what was paused goes on after the way back', seed: seeded(containerUnpause, noWayBack) },
  { name: 'a name is not given back', seed: seeded(containerRename, noWayBack) },
  { name: 'a container of the run is left', seed: seeded(containerCreate, noWayBack) },
  { name: 'a network of the run is left', seed: seeded(networkCreate, noWayBack) },
  { name: 'a volume of the run is left', seed: seeded(volumeCreate, noWayBack) },
  { name: 'limits and policies are not set back', seed: seeded(containerUpdate, noWayBack) },
  { name: 'a container is not connected again', seed: seeded(networkDisconnect, noWayBack) },
  { name: 'a container stays connected', seed: seeded(networkConnect, noWayBack) },
  { name: 'a gate is passed at once', seed: seeded(serviceAwait, { run: async (_args, { now, remember }) => remember(now) }) },
  {
    name: 'the way back is walked in the order of the way forward',
    interrupted: (found) => attempts(found, (ran) => ran.map((each) => ({ ...each, step: { ...each.step, after: [] } })).toReversed()),
  },
  {
    name: 'a step whose end is not known is taken for one that never ran',
    interrupted: (found) => attempts(found, (ran) => ran.filter(({ outcome }) => endedWell(outcome))),
  },
  { name: 'after the commit it goes back', interrupted: (found) => ({ ...found, committed: false }) },
  { name: 'before the commit it goes on', interrupted: (found) => ({ ...found, committed: true }) },
  { name: 'only the last of several attempts is taken back', interrupted: (found) => ({ ...found, attempts: [found.attempts.at(-1)!] }) },
  { name: 'what the engine took down stays down', look: looksUp },
  { name: 'a removal that was not answered counts as done', engine: swallowing },
];
