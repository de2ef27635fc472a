import { fileLeftRecord } from '../adapters/file-left-record.ts';
import { anySignal } from '../lib/any-signal.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Desired } from '../model/desired.ts';
import type { Observed } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import type { PlanOptions } from '../plan/options.ts';
import { observe, withEditedLeft, type AskRegistry } from '../observe.ts';
import { JournalError } from '../platform/journal.ts';
import type { Invocation } from './command.ts';
import { stateFolder } from './state-folder.ts';
import { engineProblem } from './engine-problem.ts';
import type { OpenStack } from './open-stack.ts';
import { notedRun } from './stack-journal.ts';
import { unfinishedRun, type Noted } from './unfinished.ts';

const lookMs = 60_000;

export interface Looked {
  readonly plan: Plan;
  readonly observed: Observed;
  /** What the last apply left standing. */
  readonly left: PlanOptions['left'];
}

/** Makes a plan of one look, and of what is remembered of the last apply. */
export type Planner = (desired: Desired, observed: Observed, left: PlanOptions['left']) => Plan;

/** Drift is what happened on the machine: no registry knows of it. */
const askFor = ({ flags, calledAs }: Invocation): AskRegistry =>
  flags.pull === 'always' ? 'all' : ['drift', 'watch'].includes(calledAs) ? 'none' : 'declared';

/** Whoever names a volume may want work in it. */
const worksInVolumes = ({ flags, calledAs }: Invocation): boolean =>
  calledAs === 'volume' || flags.allowDestroy.some((each) => each.startsWith('volume/'));

/** Looks once and plans; the Problems of an engine that does not answer. A run that never finished is an error in the plan. */
export async function lookAndPlan(
  opened: OpenStack,
  planner: Planner,
  invocation: Invocation,
): Promise<Result<Looked, readonly Problem[]>> {
  const { setup, choice } = opened;
  const signal = anySignal([invocation.cancel, AbortSignal.timeout(lookMs)]);
  const ask = (): Promise<Noted> => asked(notedRun({ notes: setup.notes, stack: setup.stack.desired.stack }, signal));
  const noted = ask();
  try {
    const observed = await observe(setup.stack.desired, setup.platform, {
      pull: askFor(invocation),
      signal,
      helper: worksInVolumes(invocation),
      ...(['down', 'status', 'ps'].includes(invocation.calledAs) && { inside: false as const }),
    });
    const standing = { engine: observed.engine.id, stack: setup.stack.desired.stack };
    const remembered = await fileLeftRecord(stateFolder(choice.settings.stateDir.value, standing)).read();
    const left = remembered.map((each) => withEditedLeft(each, setup.stack.desired, setup.stack.vault));
    const plan = planner(setup.stack.desired, observed, left);
    const unfinished = await unfinishedRun({ opened, named: plan, noted, askAgain: ask });
    return ok({ observed, left, plan: { ...plan, problems: [...unfinished, ...setup.stack.warnings, ...plan.problems] } });
  } catch (error) {
    return fail([engineProblem(error)]);
  }
}

/** Nobody waits for it yet: what it throws is told when it is waited for. */
function asked(noted: Promise<Noted>): Promise<Noted> {
  const answer = noted.catch((error: unknown) => {
    if (error instanceof JournalError) return error;
    throw error;
  });
  answer.catch(() => undefined);
  return answer;
}
