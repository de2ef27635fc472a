import { differences } from '../plan/fingerprint.ts';
import { plan as makePlan } from '../plan/plan.ts';
import { ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { ExitCode, Invocation } from './command.ts';
import { finish, finishAtOnce, type Ready } from './finish.ts';
import { lookAndPlan, type Looked } from './look-and-plan.ts';
import { noteLeft } from './note-left.ts';
import { openStack, type OpenStack } from './open-stack.ts';
import { changedSecrets, readPlan, type SavedPlan } from './plan-file.ts';
import { planOptions } from './plan-options.ts';
import { isError, refuse } from './screen.ts';
import { showPlan } from './show-plan.ts';
import { stateFolder } from './state-folder.ts';
import type { Held } from './under-lock.ts';
import { interrupted, withConsent } from './with-consent.ts';

/** Plans, asks, carries out; goes back when anything fails. With a plan file: exactly that plan, or none. */
export async function runApply(invocation: Invocation): Promise<ExitCode> {
  const { flags } = invocation;
  if (flags.attach && (flags.detach || flags.json)) return refuse([attachedHow(flags.json ? '--json' : '-d')], invocation);
  const saved = await savedPlan(invocation);
  if (!saved.ok) return refuse(saved.error, invocation);
  const opened = await openStack(invocation, saved.value?.source);
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

const look = (opened: OpenStack, invocation: Invocation): Promise<Result<Looked, readonly Problem[]>> =>
  lookAndPlan(opened, (desired, observed, left) => makePlan(desired, observed, { ...planOptions(invocation), left }), invocation);

async function applySaved({ plan, ...saved }: SavedPlan, ready: Ready, invocation: Invocation): Promise<ExitCode> {
  const secrets = changedSecrets({ plan, ...saved }, ready.opened.setup.stack.vault);
  if (secrets.length > 0) return refuse(secrets, invocation);
  const unfinished = ready.looked.plan.problems.filter(({ code }) => code === 'unfinished-run');
  if (unfinished.length > 0) return refuse(unfinished, invocation);
  const stale = differences(plan.madeFrom, ready.looked.plan.madeFrom);
  if (stale.length > 0) return refuseStale(stale, invocation);
  return askAndDo({ ...ready, exactly: true, looked: { ...ready.looked, plan } }, invocation);
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

/** Shows the plan, asks, takes the lock, looks again, and carries it out. */
export async function askAndDo(ready: Ready, invocation: Invocation): Promise<ExitCode> {
  const { plan } = ready.looked;
  if (!invocation.flags.json) await showPlan(plan, invocation);
  const question = `Do this to stack ${plan.stack}?`;
  return withConsent({ question, opened: ready.opened, engine: plan.engine }, invocation, async (held) => {
    // Between the first look and the lock a person may have thought for an hour, and somebody else applied.
    const again = await look(ready.opened, held.invocation);
    if (!again.ok) return refuse(again.error, invocation);
    const stale = differences(plan.madeFrom, again.value.plan.madeFrom);
    if (stale.length > 0 && mayPlanAgain(ready, invocation)) return onceMore(ready, { ...held, looked: again.value });
    if (stale.length > 0) return refuseStale(stale, invocation);
    // What the steps remember, and what a walk back must bring back, is what stands there under the lock.
    return finish({ ...ready, commit: held.commit, looked: { ...again.value, plan } }, held.invocation);
  });
}

/** Nobody has looked at the plan that was made before the lock was there: one that was waited for may have changed everything. */
const mayPlanAgain = ({ exactly = false }: Ready, { flags }: Invocation): boolean => !exactly && (flags.yes || flags.autoApprove);

async function onceMore(ready: Ready, { invocation, commit, looked }: Held & Pick<Ready, 'looked'>): Promise<ExitCode> {
  const { plan } = looked;
  if (!invocation.flags.json) invocation.io.stderr.write('The machine has changed meanwhile; planned again.\n');
  if (plan.problems.some(isError)) return refuse(plan.problems, invocation);
  if (!invocation.flags.json) await showPlan(plan, invocation);
  return plan.steps.length === 0 ? finishAtOnce(plan, invocation) : finish({ ...ready, commit, looked }, invocation);
}

function refuseStale(stale: readonly string[], invocation: Invocation): ExitCode {
  const message = ['the machine is not what the plan was made from:', ...stale.map((line) => `  - ${line}`)].join('\n');
  refuse([{ code: 'stale-plan', severity: 'error', message, hint: 'make the plan again' }], invocation);
  return 6;
}
