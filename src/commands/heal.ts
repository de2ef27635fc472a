import type { ApplyEvent } from '../model/event.ts';
import { driftKey, type Drift } from '../model/drift.ts';
import type { Plan } from '../model/plan.ts';
import { plan as makePlan } from '../plan/plan.ts';
import { outcomeText } from '../render/outcome-text.ts';
import { labelOf } from '../render/label-of.ts';
import { rootCause } from '../render/root-cause.ts';
import type { Healed } from '../watch/watch-stack.ts';
import { beginRun } from './begin-run.ts';
import { carryOut } from './carry-out.ts';
import type { Invocation } from './command.ts';
import { lookForDrift, type LookedForDrift } from './look-for-drift.ts';
import type { OpenStack } from './open-stack.ts';
import { isError } from './screen.ts';
import { stateFolder } from './state-folder.ts';
import { placeOf, stackJournal } from './stack-journal.ts';
import { underLock, type Held } from './under-lock.ts';

interface Healing {
  readonly opened: OpenStack;
  /** The engine's id. */
  readonly engine: string;
  readonly drifts: readonly Drift[];
  onBegin(): void;
}

/** Mends this drift and nothing else, like any apply: under the lock, from a look of its own, with a journal and a way back. */
export async function heal(healing: Healing, invocation: Invocation): Promise<Healed> {
  const done = await underLock(healing, invocation, (held) => healUnderLock(healing, held));
  if (done.ok) return done.value;
  if (invocation.cancel.aborted) return 'interrupted';
  return done.error.some(({ code }) => code === 'locked') ? 'held' : { failed: done.error.map(({ message }) => message).join('; ') };
}

async function healUnderLock(healing: Healing, held: Held): Promise<Healed> {
  const { opened, drifts } = healing;
  const looked = await lookForDrift(opened, held.invocation);
  if (!looked.ok) return { failed: looked.error.map(({ message }) => message).join('; ') };
  const { observed, options, found } = looked.value;
  const still = found.drifts.filter((now) => drifts.some((drift) => isSame(drift, now)));
  const targets = [...new Set(still.flatMap(({ service }) => service ?? []))];
  if (targets.length === 0) return 'nothing';
  const plan = makePlan(opened.setup.stack.desired, observed, { ...options, targets, only: still.map(driftKey) });
  const unfinished = looked.value.plan.problems.filter(({ code }) => code === 'unfinished-run');
  const errors = [...unfinished, ...plan.problems].filter(isError);
  if (errors.length > 0) return { failed: errors.map(({ message }) => message).join('; ') };
  if (plan.steps.length === 0) return 'nothing';
  healing.onBegin();
  return carriedOut(plan, { ...healing, looked: looked.value }, held);
}

/** What somebody has stopped meanwhile, or changed in the file, is another thing. */
const isSame = (drift: Drift, now: Drift): boolean =>
  driftKey(drift) === driftKey(now) && drift.stands === now.stands && drift.id === now.id && !now.edited;

type ToHeal = Healing & { readonly looked: LookedForDrift };

async function carriedOut(plan: Plan, { opened, looked }: ToHeal, { invocation, commit }: Held): Promise<Healed> {
  const { setup, choice } = opened;
  const { stateDir, parallelism } = choice.settings;
  const known = await commit;
  const intent = {
    plan,
    before: looked.observed,
    store: stackJournal(placeOf(opened, plan)),
    command: invocation.calledAs,
    vaultKey: setup.stack.vault.key,
  };
  const run = await beginRun({ ...intent, ...(known && { commit: known }) });
  const order = { plan, setup, before: looked.observed, limit: parallelism.value, noRollback: false };
  const { result, events, broken, bug } = await carryOut(
    { ...order, ...run, stateFolder: stateFolder(stateDir.value, plan) },
    invocation,
    () => undefined,
  );
  if (bug) throw bug.error;
  if (broken) return { failed: broken.message };
  if (result === 'interrupted') return 'interrupted';
  return result === 'applied' || result === 'not-cleaned-up' ? 'done' : { failed: `${whyOf(events)} (${result.replaceAll('-', ' ')})` };
}

function whyOf(events: readonly ApplyEvent[]): string {
  const root = rootCause(events);
  return root ? `${labelOf(root.step.action)}: ${outcomeText(root.outcome)}` : 'it could not be mended';
}
