import { fileJournal } from '../adapters/file-journal.ts';
import { fileUsedPlans } from '../adapters/file-used-plans.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { differences } from '../plan/fingerprint.ts';
import { JournalError } from '../platform/journal.ts';
import { askAndDo, refuseStale } from './ask-and-do.ts';
import type { ExitCode, Invocation } from './command.ts';
import { finishAtOnce, journalProblem, type Ready } from './finish.ts';
import { changedSecrets, type SavedPlan } from './plan-file.ts';
import { refuse } from './screen.ts';
import { showPlan } from './show-plan.ts';
import { stateFolder } from './state-folder.ts';

/** Carries out exactly the plan that was saved, once; or says why not. */
export async function applySaved(saved: SavedPlan, ready: Ready, invocation: Invocation): Promise<ExitCode> {
  const { plan: now } = ready.looked;
  const elsewhere = madeElsewhere(saved.plan, now);
  if (elsewhere.length > 0) return refuse(elsewhere, invocation);
  const folder = stateFolder(ready.opened.choice.settings.stateDir.value, now);
  const used = await usedBefore(saved, folder);
  if (!used.ok) return refuse(used.error, invocation);
  if (used.value) return refuseUsed(used.value, invocation);
  const secrets = changedSecrets(saved, ready.opened.setup.stack.vault);
  if (secrets.length > 0) return refuse(secrets, invocation);
  const unfinished = now.problems.filter(({ code }) => code === 'unfinished-run');
  if (unfinished.length > 0) return refuse(unfinished, invocation);
  const stale = differences(saved.plan.madeFrom, now.madeFrom);
  if (stale.length > 0) return refuseStale(stale, invocation);
  if (saved.plan.steps.length === 0) {
    if (!invocation.flags.json) await showPlan(saved.plan, invocation);
    return finishAtOnce(saved.plan, invocation);
  }
  const looked = { ...ready.looked, plan: saved.plan };
  const { wanted } = saved;
  return askAndDo({ ...ready, exactly: true, looked, wanted, atOnce: (held) => useUp(saved, folder, held) }, invocation);
}

/** A plan names what it was made for: another engine or stack is not a machine that has changed. */
export function madeElsewhere(plan: Plan, now: Pick<Plan, 'engine' | 'stack'>): Problem[] {
  const problem = (code: string, message: string, hint: string): Problem => ({ code, severity: 'error', message, hint });
  return [
    ...(plan.engine === now.engine
      ? []
      : [
          problem(
            'plan-for-other-engine',
            `the plan was made for the engine ${plan.engine}, and this is ${now.engine}`,
            'choose that engine with --host or --context, or make a plan for this one',
          ),
        ]),
    ...(plan.stack === now.stack
      ? []
      : [
          problem(
            'plan-for-other-stack',
            `the plan was made for stack ${plan.stack}, and this is stack ${now.stack}`,
            'see COMPOSE_PROJECT_NAME and -p, or make a plan for this one',
          ),
        ]),
  ];
}

/** The Problem that the plan was used before. */
async function usedBefore({ checksum }: SavedPlan, folder: string): Promise<Result<Problem | undefined, readonly Problem[]>> {
  try {
    const use = await fileUsedPlans(folder).of(checksum);
    if (!use) return ok(undefined);
    const message = `this plan was applied at ${use.at} (run ${use.run})`;
    const hint = `stackctl history show ${use.run} says how that ended; a plan is for one time: make a new one with stackctl plan --out FILE`;
    return ok({ code: 'plan-used', severity: 'error', message, hint });
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    return fail([journalProblem(error)]);
  }
}

function refuseUsed(problem: Problem, invocation: Invocation): 6 {
  refuse([problem], invocation);
  return 6;
}

/** Right before its run begins, under the lock: from then on it counts as tried. */
async function useUp(saved: SavedPlan, folder: string, invocation: Invocation): Promise<ExitCode | undefined> {
  const used = await usedBefore(saved, folder);
  if (!used.ok) return refuse(used.error, invocation);
  if (used.value) return refuseUsed(used.value, invocation);
  const [last] = await fileJournal(folder).history(1);
  await fileUsedPlans(folder).note(saved.checksum, { at: new Date().toISOString(), run: (last?.number ?? 0) + 1 });
  return undefined;
}
