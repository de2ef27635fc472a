import { get, values } from '../lib/record.ts';
import type { Change } from '../model/change.ts';
import type { Desired } from '../model/desired.ts';
import type { Observed, SeenContainer, SeenNetwork } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';
import type { PlanOptions } from './options.ts';
import { pairedIds } from './services.ts';

type Removal = Extract<Change, { readonly verb: 'remove'; readonly of: 'container' | 'network' }>;

export interface Orphans {
  readonly changes: readonly Removal[];
  /** What is left alone because other files may declare it. */
  readonly warnings: readonly Problem[];
}

/**
 * Containers and networks of the stack that are declared nowhere. One that names a file which was not read now is left alone with
 * a warning, unless asked for: another file of the same project may declare it. Volumes are never orphans.
 */
export function orphans(desired: Desired, observed: Observed, options: PlanOptions): Orphans {
  if (options.targets.length > 0) return { changes: [], warnings: [] };
  const undeclared = undeclaredContainers(desired, observed);
  const removed = undeclared.filter((seen) => options.removeOrphans || isFromThese(seen, desired));
  const left = undeclared.filter((seen) => !removed.includes(seen));
  return {
    changes: [
      ...removed.map((have): Removal => ({ of: 'container', verb: 'remove', have, because: whyGone(have, desired) })),
      ...undeclaredNetworks(desired, observed, removed).map((have): Removal => ({
        of: 'network',
        verb: 'remove',
        have,
        because: 'declared nowhere',
      })),
    ],
    warnings: left.map(leftAlone),
  };
}

function undeclaredContainers(desired: Desired, observed: Observed): SeenContainer[] {
  const paired = pairedIds(values(desired.services), observed);
  return values(observed.containers).filter(({ id, service }) => !paired.has(id) && !desired.inactiveServices.includes(service));
}

const isFromThese = ({ files, workingDir }: SeenContainer, desired: Desired): boolean =>
  files.every((file) => desired.files.includes(file)) && (workingDir === '' || workingDir === desired.workingDir);

function whyGone({ service, number }: SeenContainer, desired: Desired): string {
  const declared = get(desired.services, service);
  if (!declared) return `service ${service} is not declared any more`;
  return number > declared.replicas.length
    ? `${service} has ${declared.replicas.length} replicas now`
    : 'a second container of its service';
}

/** A network that a container which stays is attached to, stays; but what stands where it is wanted leaves what it does not declare. */
function undeclaredNetworks(desired: Desired, observed: Observed, removed: readonly SeenContainer[]): SeenNetwork[] {
  const declared = new Set(Object.values(desired.networks).map(({ name }) => name));
  const paired = pairedIds(values(desired.services), observed);
  const staying = Object.values(observed.containers).filter((seen) => !removed.includes(seen) && !paired.has(seen.id));
  const used = new Set(staying.flatMap(({ settings }) => Object.keys(settings.networks ?? {})));
  return values(observed.networks).filter(
    ({ name, stack }) => stack === desired.stack && !declared.has(name) && !isDeclaredByKey(name, desired) && !used.has(name),
  );
}

/** Declared in the file, though no active service uses it. */
const isDeclaredByKey = (name: string, { places, stack }: Desired): boolean =>
  Object.hasOwn(places, `networks.${name.replace(`${stack}_`, '')}`);

function leftAlone({ name, service, files }: SeenContainer): Problem {
  return {
    code: 'orphan-of-other-files',
    severity: 'warning',
    message: `container ${name} (service ${service}) belongs to this stack but was declared in ${files.join(', ') || 'another folder'}, which was not read now; it is left alone`,
    hint: 'name that file with -f as well, or remove the container with --remove-orphans',
  };
}
