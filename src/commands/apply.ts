import { ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import { applySaved } from './apply-saved.ts';
import { askAndDo, look } from './ask-and-do.ts';
import type { ExitCode, Invocation } from './command.ts';
import { finishAtOnce, type Ready } from './finish.ts';
import type { Looked } from './look-and-plan.ts';
import { noteLeft } from './note-left.ts';
import { openLocked } from './open-locked.ts';
import type { OpenStack } from './open-stack.ts';
import { readPlan, type SavedPlan } from './plan-file.ts';
import { isError, refuse } from './screen.ts';
import { showPlan } from './show-plan.ts';
import { stateFolder } from './state-folder.ts';
import { interrupted } from './with-consent.ts';

/** Plans, asks, carries out; goes back when anything fails. With a plan file: exactly that plan, or none. */
export async function runApply(invocation: Invocation): Promise<ExitCode> {
  const { flags } = invocation;
  if (flags.attach && (flags.detach || flags.json)) return refuse([attachedHow(flags.json ? '--json' : '-d')], invocation);
  const saved = await savedPlan(invocation);
  if (!saved.ok) return refuse(saved.error, invocation);
  const opened = await openLocked(invocation, saved.value?.source);
  if (!opened.ok) return refuse(opened.error, invocation);
  const looked = await look(opened.value, invocation);
  if (invocation.cancel.aborted) return interrupted(invocation);
  if (!looked.ok) return refuse(looked.error, invocation);
  if (saved.value) return applySaved(saved.value, { opened: opened.value, looked: looked.value }, invocation);
  const code = await applyFresh({ opened: opened.value, looked: looked.value }, invocation);
  return code === 0 && invocation.flags.attach ? follow(opened.value, looked.value, invocation) : code;
}

/** Whoever detaches has what was asked for. */
async function follow(opened: OpenStack, { observed }: Looked, invocation: Invocation): Promise<0> {
  const { attach } = await import('./attach.ts');
  await attach(opened, observed, invocation);
  return 0;
}

const attachedHow = (other: string): Problem => ({
  code: 'flags-exclude',
  severity: 'error',
  message: `--attach and ${other} exclude each other`,
  hint: other === '-d' ? 'leave one of them out' : 'follow the logs with docker compose logs -f',
});

async function savedPlan({ calledAs, positionals }: Invocation): Promise<Result<SavedPlan | undefined, readonly Problem[]>> {
  const [path] = positionals;
  return calledAs === 'apply' && path !== undefined ? readPlan(path) : ok(undefined);
}

async function applyFresh(ready: Ready, invocation: Invocation): Promise<ExitCode> {
  const { plan } = ready.looked;
  if (plan.steps.length === 0 || plan.problems.some(isError)) {
    if (!invocation.flags.json) await showPlan(plan, invocation);
    else if (plan.problems.some(isError)) return refuse(plan.problems, invocation);
    if (plan.problems.some(isError)) return 1;
    await noteLeft(stateFolder(ready.opened.choice.settings.stateDir.value, plan), {
      stack: ready.opened.setup.stack,
      before: ready.looked.observed,
    });
    return finishAtOnce(plan, invocation);
  }
  return askAndDo(ready, invocation);
}
