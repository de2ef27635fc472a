import { placeText } from '../model/data-place.ts';
import type { DataRule } from '../model/data-rule.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Desired } from '../model/desired.ts';
import type { Problem } from '../model/problem.ts';
import { plainOptions } from '../plan/options.ts';
import { plan as makePlan } from '../plan/plan.ts';
import type { ExitCode, Invocation } from './command.ts';
import { finishAtOnce } from './finish.ts';
import { lookAgainAndDo } from './look-again.ts';
import { lookAndPlan } from './look-and-plan.ts';
import { openStack, type OpenStack } from './open-stack.ts';
import { isError, refuse } from './screen.ts';
import { showPlan } from './show-plan.ts';
import { withConsent } from './with-consent.ts';

/** Gives the files in volumes and mounted folders the owner and mode that are declared, after asking; nothing else of the stack changes. */
export async function runVolumeFix(invocation: Invocation): Promise<ExitCode> {
  const opened = await openStack(invocation);
  if (!opened.ok) return refuse(opened.error, invocation);
  const places = placesOf(opened.value.setup.stack.desired, invocation.positionals);
  if (!places.ok) return refuse(places.error, invocation);
  const looked = await look(opened.value, places.value, invocation);
  if (!looked.ok && invocation.cancel.aborted) return 130;
  if (!looked.ok) return refuse(looked.error, invocation);
  const { plan } = looked.value;
  if (plan.problems.some(isError)) return refuse(plan.problems, invocation);
  if (!invocation.flags.json) await showPlan(plan, invocation);
  if (plan.steps.length === 0) return finishAtOnce(plan, invocation);
  const question = `Do this to stack ${plan.stack}?`;
  const agreed = {
    opened: opened.value,
    plan,
    look: (held: Invocation) => look(opened.value, places.value, held),
  };
  return withConsent({ question, opened: opened.value, engine: plan.engine }, invocation, lookAgainAndDo(agreed, invocation));
}

const look = (opened: OpenStack, fix: readonly string[], invocation: Invocation) =>
  lookAndPlan(opened, (desired, observed, left) => makePlan(desired, observed, { ...plainOptions, left, fix }), invocation);

/** Volumes by their key in the file or by the engine's name, folders by their path; without words all of which something is declared. */
function placesOf({ dataRules = [], volumes }: Desired, words: readonly string[]): Result<readonly string[], readonly Problem[]> {
  const calls = ({ place }: DataRule): readonly string[] => {
    if (place.kind === 'bind') return [place.path];
    return [place.name, ...Object.entries(volumes).flatMap(([key, { name }]) => (name === place.name ? [key] : []))];
  };
  const unknown = words.filter((word) => !dataRules.some((rule) => calls(rule).includes(word)));
  if (unknown.length > 0)
    return fail(
      unknown.map((word) =>
        nothingDeclared(
          word,
          dataRules.flatMap((rule) => calls(rule).slice(-1)),
        ),
      ),
    );
  const chosen = dataRules.filter((rule) => words.length === 0 || calls(rule).some((call) => words.includes(call)));
  return ok(chosen.map(({ place }) => placeText(place)));
}

const nothingDeclared = (word: string, known: readonly string[]): Problem => ({
  code: 'nothing-declared',
  severity: 'error',
  message: `nothing is declared of the files in "${word}"`,
  hint: known.length > 0 ? `something is of: ${known.join(', ')}` : 'declare it under volumes.NAME.x-stack: owner, mode',
});
