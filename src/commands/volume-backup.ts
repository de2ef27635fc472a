import { anySignal } from '../lib/any-signal.ts';
import { fromEntries, mapValues, type ByName } from '../lib/record.ts';
import { fail, type Result } from '../lib/result.ts';
import { usualBackup } from '../model/backup-policy.ts';
import type { Problem } from '../model/problem.ts';
import { plainOptions } from '../plan/options.ts';
import { planBackup } from '../plan/plan-backup.ts';
import type { VolumeUser } from '../model/volume-user.ts';
import type { ExitCode, Invocation } from './command.ts';
import { engineProblem } from './engine-problem.ts';
import { lookAgainAndDo } from './look-again.ts';
import { lookAndPlan, type Looked } from './look-and-plan.ts';
import { namedVolumes } from './named-volumes.ts';
import { openStack, type OpenStack } from './open-stack.ts';
import { roomProblems } from './room-problems.ts';
import { isError, refuse } from './screen.ts';
import { showPlan } from './show-plan.ts';
import { withConsent } from './with-consent.ts';

/** Copies volumes to where backups lie, after asking: whoever can write to them stands still meanwhile, and runs again afterwards. */
export async function runVolumeBackup(invocation: Invocation): Promise<ExitCode> {
  const opened = await openStack(invocation);
  if (!opened.ok) return refuse(opened.error, invocation);
  const named = namedVolumes(invocation.positionals, opened.value.setup.stack.desired);
  if (!named.ok) return refuse(named.error, invocation);
  const volumes = named.value.map(({ name }) => name);
  if (volumes.length === 0) {
    invocation.io.stderr.write('The stack has no volumes to back up.\n');
    return 0;
  }
  const ready = withPolicies(opened.value, volumes);
  const looked = await look(ready, volumes, invocation);
  if (!looked.ok && invocation.cancel.aborted) return 130;
  if (!looked.ok) return refuse(looked.error, invocation);
  const { plan } = looked.value;
  if (plan.problems.some(isError)) return refuse(plan.problems, invocation);
  const tooLarge = await roomProblems(looked.value, ready, invocation);
  if (invocation.cancel.aborted) return 130;
  if (tooLarge.length > 0) return refuse(tooLarge, invocation);
  if (!invocation.flags.json) await showPlan(plan, invocation);
  const question = 'Take these backups?';
  const agreed = {
    opened: ready,
    plan,
    look: (held: Invocation) => look(ready, volumes, held),
    mayDiffer: invocation.flags.yes || invocation.flags.autoApprove,
  };
  return withConsent({ question, opened: ready, engine: plan.engine }, invocation, lookAgainAndDo(agreed, invocation));
}

/** Unless a person says how long: as long as a large volume takes. */
const longMs = 24 * 3_600_000;

/** What nothing is declared of is backed up as is usual. */
function withPolicies(opened: OpenStack, volumes: readonly string[]): OpenStack {
  const { setup, choice } = opened;
  const { desired } = setup.stack;
  const timeoutMs = choice.settings.timeoutMs.by === 'flag' ? desired.timeoutMs : longMs;
  const asked = mapValues(desired.volumes, (volume) =>
    volumes.includes(volume.name) ? { ...volume, backup: volume.backup ?? usualBackup } : volume,
  );
  return { ...opened, setup: { ...setup, stack: { ...setup.stack, desired: { ...desired, volumes: asked, timeoutMs } } } };
}

const askMs = 60_000;

async function look(opened: OpenStack, volumes: readonly string[], invocation: Invocation): Promise<Result<Looked, readonly Problem[]>> {
  const { engine } = opened.setup.platform;
  try {
    const users = await engine.volumeUsers(anySignal([invocation.cancel, AbortSignal.timeout(askMs)]));
    const strangers = strangersIn(users, opened.setup.stack.desired.stack);
    return await lookAndPlan(
      opened,
      (desired, observed, left) => planBackup({ desired, observed, options: { ...plainOptions, left } }, { volumes, strangers }),
      invocation,
    );
  } catch (error) {
    return fail([engineProblem(error)]);
  }
}

const strangersIn = (users: ByName<readonly VolumeUser[]>, stack: string): ByName<readonly string[]> =>
  fromEntries(
    Object.entries(users).map(
      ([volume, all]) =>
        [volume, all.filter((user) => user.running && user.writes && user.stack !== stack).map(({ name }) => name)] as const,
    ),
  );
