import { nearest } from '../lib/nearest.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { ImportableContainer } from '../platform/importable.ts';
import type { FlagValues } from './flags.ts';

/** What is to be imported. */
export interface Chosen {
  readonly stack: string;
  /** Absent: all of it. */
  readonly service?: string;
}

/** Which stack, and which service of it: as --project and --container say, or the only one there is. */
export function chooseImport(
  { container, project }: Pick<FlagValues, 'container' | 'project'>,
  containers: readonly ImportableContainer[],
): Result<Chosen, readonly Problem[]> {
  if (container !== undefined) return ofContainer(container, project, containers);
  const stacks = [...new Set(containers.flatMap(({ stack }) => stack ?? []))].sort();
  const list = stacks.length === 0 ? 'this engine has no stack' : `this engine has: ${stacks.join(', ')}`;
  if (project !== undefined) {
    if (stacks.includes(project)) return ok({ stack: project });
    const near = nearest(project, stacks);
    return problem('unknown-project', `there is no stack ${project}`, near === undefined ? list : `did you mean "${near}"?`);
  }
  const [stack, second] = stacks;
  if (stack === undefined) return problem('nothing-to-import', 'no container of this engine belongs to a stack', whyStack);
  return second === undefined
    ? ok({ stack })
    : problem('import-ambiguous', 'there are several stacks', `choose one with --project: ${stacks.join(', ')}`);
}

const whyStack = 'a container belongs to one by the label com.docker.compose.project, which Docker Compose and stackctl set';

function ofContainer(
  name: string,
  project: string | undefined,
  containers: readonly ImportableContainer[],
): Result<Chosen, readonly Problem[]> {
  const found =
    containers.find((each) => each.names.includes(name)) ?? containers.find(({ id }) => name.length >= 12 && id.startsWith(name));
  if (!found) {
    const near = nearest(
      name,
      containers.flatMap(({ names }) => names),
    );
    return problem(
      'unknown-container',
      `there is no container ${name}`,
      near === undefined ? 'see docker ps --all' : `did you mean "${near}"?`,
    );
  }
  const { stack, service } = found;
  if (stack === undefined || service === undefined)
    return problem('container-without-stack', `the container ${name} belongs to no stack`, whyStack);
  if (project !== undefined && project !== stack)
    return problem('import-ambiguous', `the container ${name} belongs to the stack ${stack}, not to ${project}`, 'leave --project out');
  return ok({ stack, service });
}

const problem = (code: string, message: string, hint: string): Result<never, readonly Problem[]> =>
  fail([{ code, severity: 'error', message, hint }]);
