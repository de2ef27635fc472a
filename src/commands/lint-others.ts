import { readConfig, type StackEntry } from '../config.ts';
import type { OtherStack } from '../lint/linted.ts';
import { readStack, type StackRequest } from '../spec/read-stack.ts';
import type { Invocation } from './command.ts';

interface Others {
  readonly stacks: readonly OtherStack[];
  /** Which ones could not be read, for people. */
  readonly notes: readonly string[];
}

/** The stacks of stack.config.yaml beside the one of this request, as far as they are for the same engine. */
export async function otherStacks(request: StackRequest, { io }: Invocation): Promise<Others> {
  const config = await readConfig(io.cwd);
  if (!config.ok || !config.value) return { stacks: [], notes: [] };
  const entries = Object.values(config.value.stacks);
  const own = entries.find((entry) => sameFiles(entry, request));
  const others = entries.filter((entry) => !entry.files.some((file) => request.files.includes(file)) && sameEngine(entry, own));
  const read = await Promise.all(others.map(async (entry) => ({ entry, stack: await readStack(requestFor(entry, request)) })));
  return {
    stacks: read.flatMap(({ entry, stack }) =>
      stack.ok ? [{ name: entry.name, desired: stack.value.desired, declared: stack.value.declared }] : [],
    ),
    notes: read.flatMap(({ entry, stack }) => (stack.ok ? [] : [`the stack ${entry.name} cannot be read, so its ports are not compared`])),
  };
}

const requestFor = ({ files, envFiles, profiles }: StackEntry, { environment, cwd, vaultKey }: StackRequest): StackRequest => ({
  files,
  envFiles,
  profiles: profiles.length > 0 ? profiles : ['*'],
  environment,
  cwd,
  vaultKey,
});

const sameFiles = ({ files }: StackEntry, request: StackRequest): boolean => files.join('\n') === request.files.join('\n');

const sameEngine = ({ engine }: StackEntry, own: StackEntry | undefined): boolean =>
  engine.host === own?.engine.host && engine.context === own?.engine.context;
