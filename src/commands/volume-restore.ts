import { resolve } from 'node:path';
import { isMissing } from '../lib/error-code.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { RestoreSource } from '../model/restore-source.ts';
import { plainOptions } from '../plan/options.ts';
import { planRestoreTo } from '../plan/plan-restore-to.ts';
import { plan as makePlan } from '../plan/plan.ts';
import { BackupError } from '../platform/backup-store.ts';
import type { ExitCode, Invocation } from './command.ts';
import { findBackup } from './find-backup.ts';
import { lookAgainAndDo } from './look-again.ts';
import { lookAndPlan, type Planner } from './look-and-plan.ts';
import { volumeCalled } from './named-volumes.ts';
import { namedStack } from './named-stack.ts';
import { openStack, type OpenStack } from './open-stack.ts';
import { roomProblems } from './room-problems.ts';
import { isError, refuse } from './screen.ts';
import { showPlan } from './show-plan.ts';
import { withConsent } from './with-consent.ts';

/**
 * Puts what a backup, or a tar, holds into a volume of the stack: a plan like any other, which is shown, asked about, carried out, and
 * walked back when a service does not come up with it. With --to: into a new volume, and nothing else is touched.
 */
export async function runVolumeRestore(invocation: Invocation): Promise<ExitCode> {
  const opened = await openStack(invocation);
  if (!opened.ok) return refuse(opened.error, invocation);
  const chosen = await chosenRestore(opened.value, invocation);
  if (!chosen.ok) return refuse(chosen.error, invocation);
  const planner = plannerOf(chosen.value);
  const looked = await lookAndPlan(opened.value, planner, invocation);
  if (!looked.ok && invocation.cancel.aborted) return 130;
  if (!looked.ok) return refuse(looked.error, invocation);
  const { plan } = looked.value;
  if (plan.problems.some(isError)) return refuse(plan.problems, invocation);
  const tooLarge = await roomProblems(looked.value, opened.value, invocation);
  if (invocation.cancel.aborted) return 130;
  if (tooLarge.length > 0) return refuse(tooLarge, invocation);
  if (!invocation.flags.json) await showPlan(plan, invocation);
  const question = chosen.value.to === undefined ? `Restore volume ${chosen.value.volume}?` : `Make volume ${chosen.value.to}?`;
  const agreed = {
    opened: opened.value,
    plan,
    look: (held: Invocation) => lookAndPlan(opened.value, planner, held),
  };
  return withConsent({ question, opened: opened.value, engine: plan.engine }, invocation, lookAgainAndDo(agreed, invocation));
}

interface Restore {
  /** The engine's name. */
  readonly volume: string;
  readonly from: RestoreSource;
  /** A new volume in its place. */
  readonly to?: string;
}

const plannerOf =
  ({ volume, from, to }: Restore): Planner =>
  (desired, observed, left) =>
    to === undefined
      ? makePlan(desired, observed, { ...plainOptions, left, restore: { volume, from } })
      : planRestoreTo({ to, from }, { desired, observed });

/** What the words and flags mean. */
async function chosenRestore(opened: OpenStack, invocation: Invocation): Promise<Result<Restore, readonly Problem[]>> {
  const { flags, positionals, io, cancel } = invocation;
  const { desired } = opened.setup.stack;
  const to = flags.to === undefined ? {} : { to: flags.to };
  const [word, ...more] = positionals;
  if (more.length > 0) return problem('unexpected-argument', `there is no place for "${more[0] ?? ''}" in stackctl volume restore`, usage);
  const named = word === undefined ? undefined : volumeCalled(word, desired);
  if (flags.fromFile !== undefined) {
    const from: RestoreSource = { kind: 'file', path: resolve(io.cwd, flags.fromFile) };
    if (named === undefined && flags.to === undefined) return problem('missing-value', 'which volume is to be restored?', usage);
    const unfit = await whyUnfit(from.path, opened, cancel);
    return unfit ? fail([unfit]) : ok({ volume: named ?? '', from, ...to });
  }
  if (word === undefined) return problem('missing-value', 'which backup, or the newest of which volume, is to be restored?', usage);
  const engine = await namedStack(opened, invocation);
  if (!engine.ok) return engine;
  const found = findBackup(word, await opened.setup.backups.list(engine.value), desired);
  return found.ok ? ok({ volume: found.value.volume, from: { kind: 'backup', backup: found.value }, ...to }) : found;
}

/** Read to its end before anything is planned: what must not be restored is refused before anything is made. */
async function whyUnfit(path: string, { setup: { backups } }: OpenStack, cancel: AbortSignal): Promise<Problem | undefined> {
  try {
    for await (const _entry of backups.entriesIn(backups.readFile(path, cancel)));
    return undefined;
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    const hint = isMissing(error.cause) ? 'name a tar, plain or packed with gzip or zstd: --from-file FILE' : 'nothing of it was restored';
    return { code: 'archive-refused', severity: 'error', message: error.message, hint };
  }
}

const usage = 'stackctl volume restore BACKUP or VOLUME, or stackctl volume restore VOLUME --from-file FILE';

const problem = (code: string, message: string, hint: string): Result<never, readonly Problem[]> =>
  fail([{ code, severity: 'error', message, hint }]);
