import { fileJournal } from '../adapters/file-journal.ts';
import { chooseRevision, type Revision } from '../apply/revisions.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import { plan as makePlan } from '../plan/plan.ts';
import { JournalError } from '../platform/journal.ts';
import { askAndDo } from './ask-and-do.ts';
import type { ExitCode, Invocation } from './command.ts';
import { finishAtOnce, journalProblem } from './finish.ts';
import { lookAndPlan, type Looked } from './look-and-plan.ts';
import { namedStack } from './named-stack.ts';
import { openStack, type OpenStack } from './open-stack.ts';
import { planOptions } from './plan-options.ts';
import { restore } from './restore.ts';
import { isError, refuse } from './screen.ts';
import { showPlan } from './show-plan.ts';
import { stateFolder } from './state-folder.ts';
import { wantedOf } from './wanted.ts';
import { interrupted } from './with-consent.ts';

/** Goes back to what an earlier run wanted, by a plan like any other; goes back in turn when anything fails. */
export async function runRollback(invocation: Invocation): Promise<ExitCode> {
  const number = numberOf(invocation.positionals);
  if (!number.ok) return refuse(number.error, invocation);
  const opened = await openStack(invocation);
  if (!opened.ok) return refuse(opened.error, invocation);
  const revision = await revisionOf(opened.value, number.value, invocation);
  if (!revision.ok) return refuse(revision.error, invocation);
  const restored = await openRevision(opened.value, revision.value, invocation);
  if (!restored.ok) return refuse(restored.error, invocation);
  const looked = await look(restored.value, revision.value, invocation);
  if (invocation.cancel.aborted) return interrupted(invocation);
  if (!looked.ok) return refuse(looked.error, invocation);
  const { plan } = looked.value;
  if (plan.problems.some(isError)) return refuse(plan.problems, invocation);
  if (plan.steps.length === 0) return nothingToDo(revision.value, looked.value, invocation);
  const wanted = wantedOf(restored.value.setup.stack, revision.value.wanted);
  const code = await askAndDo({ opened: restored.value, looked: looked.value, exactly: true, wanted }, invocation);
  if (code === 0 && !invocation.flags.json) invocation.io.stderr.write(doneText(revision.value));
  return code;
}

function numberOf([text]: readonly string[]): Result<number | undefined, readonly Problem[]> {
  if (text === undefined) return ok(undefined);
  if (/^[1-9]\d{0,8}$/.test(text)) return ok(Number(text));
  const message = `stackctl rollback takes the number of a run, not "${text}"`;
  return fail([{ code: 'bad-value', severity: 'error', message, hint: 'stackctl history lists the runs with their numbers' }]);
}

async function revisionOf(
  opened: OpenStack,
  number: number | undefined,
  invocation: Invocation,
): Promise<Result<Revision, readonly Problem[]>> {
  const named = await namedStack(opened, invocation);
  if (!named.ok) return named;
  try {
    return chooseRevision(await fileJournal(stateFolder(opened.choice.settings.stateDir.value, named.value)).history(), number);
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    return fail([journalProblem(error)]);
  }
}

/** Read again under the key of that run, so that a sensitive value which did not change looks the same. */
async function openRevision(opened: OpenStack, revision: Revision, invocation: Invocation): Promise<Result<OpenStack, readonly Problem[]>> {
  const { environment: _environment, cwd: _cwd, ...source } = opened.request;
  const { vaultKey, wanted } = revision;
  const again = await openStack(invocation, { ...source, profiles: wanted.profiles, vaultKey });
  return again.ok ? restore(again.value, revision, invocation) : again;
}

async function look(opened: OpenStack, revision: Revision, invocation: Invocation): Promise<Result<Looked, readonly Problem[]>> {
  const { targets, noDependencies } = revision.wanted;
  const options = { ...planOptions(invocation), targets, noDependencies, otherwise: `run ${revision.number} had it otherwise` };
  const looked = await lookAndPlan(opened, (desired, observed, left) => makePlan(desired, observed, { ...options, left }), invocation);
  if (!looked.ok) return looked;
  const { plan } = looked.value;
  return ok({ ...looked.value, plan: { ...plan, problems: [...plan.problems, ...notes(revision)] } });
}

/** What people should know before they go back. */
function notes({ number, at, wanted }: Revision): Problem[] {
  const { targets, desired } = wanted;
  const data = Object.keys(desired.volumes).length > 0;
  const warning = (code: string, message: string): Problem => ({ code, severity: 'warning', message });
  return [
    ...(data ? [warning('data-stays', `this goes back to run ${number} (${at}); what was written into volumes since stays as it is`)] : []),
    ...(targets.length > 0
      ? [warning('part-only', `run ${number} was about ${targets.join(', ')} only, and so is the way back to it`)]
      : []),
  ];
}

async function nothingToDo({ number }: Revision, { plan }: Looked, invocation: Invocation): Promise<ExitCode> {
  if (!invocation.flags.json) {
    await showPlan(plan, invocation);
    invocation.io.stderr.write(`Stack ${plan.stack} is as run ${number} wanted it.\n`);
  }
  return finishAtOnce(plan, invocation);
}

const doneText = ({ number, at, wanted }: Revision): string =>
  [
    '',
    `Back at run ${number} (${at}).`,
    ...(Object.keys(wanted.desired.volumes).length > 0 ? ['What was written into volumes since stays as it is.'] : []),
    'The stack file was not touched: where it says otherwise, the next apply changes that again (stackctl plan shows it).',
    '',
  ].join('\n');
