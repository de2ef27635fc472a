import { get, values } from '../lib/record.ts';
import type { Problem } from '../model/problem.ts';
import type { Sides } from './diff.ts';
import { isHolding } from './data-changes.ts';
import { hasMounted } from './data-users.ts';
import { place } from './place.ts';
import { pairedIds, selectedServices } from './services.ts';
import { strangersOn } from './strangers-on.ts';
import { isPlain } from './volume-recipe.ts';

/** What stands in the way of restoring a volume in its place. */
export function restoreProblems(name: string, sides: Sides): Problem[] {
  const { desired, observed } = sides;
  const spec = values(desired.volumes).find((each) => each.name === name);
  const seen = get(observed.volumes, name);
  const problem = (code: string, message: string, hint: string): Problem[] => [
    { code, severity: 'error', message, ...(spec ? place(desired, `volumes.${spec.key}`) : {}), hint },
  ];
  const elsewhere = `restore it into a new volume: --to ${name}.restored`;
  if (!spec) return problem('unknown-volume', `the stack has no volume ${name}`, elsewhere);
  if (spec.external) return problem('volume-external', `volume ${name} is external: it is not this stack's to restore`, elsewhere);
  if (!seen) return problem('volume-missing', `volume ${name} is not there`, `let stackctl apply make it first, or ${elsewhere}`);
  if (seen.stack !== desired.stack) return problem('volume-foreign', `volume ${name} was not made by stack ${desired.stack}`, elsewhere);
  if (!isPlain(seen)) {
    const message = `volume ${name} is not a plain one of the local driver: what is in it cannot be switched in one step`;
    return problem('volume-not-plain', message, elsewhere);
  }
  return [
    ...strangersOn(name, observed)
      .filter(({ running }) => running)
      .map((other) => inUse(name, other.name)),
    ...staying(name, sides),
  ];
}

const inUse = (volume: string, container: string): Problem => ({
  code: 'volume-in-use',
  severity: 'error',
  message: `container ${container} runs with volume ${volume}, and is none of this stack's services as they are declared`,
  hint: 'stop it first',
});

/** Orphans and the like: nobody would stop and start them. */
function staying(name: string, { desired, observed, options }: Sides): Problem[] {
  const reached = pairedIds(selectedServices(desired, options), observed);
  return values(observed.containers)
    .filter((seen) => isHolding(seen) && !reached.has(seen.id) && hasMounted(seen, { kind: 'volume', name }, desired))
    .map((seen) => inUse(name, seen.name));
}
