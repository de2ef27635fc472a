import { ok, type Result } from '../lib/result.ts';
import type { Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import type { ListedBackup } from '../model/backup.ts';
import type { Invocation } from './command.ts';
import { namedStack } from './named-stack.ts';
import { openStack, type OpenStack } from './open-stack.ts';

export interface OpenBackups {
  readonly opened: OpenStack;
  readonly named: Pick<Plan, 'engine' | 'stack'>;
  /** Newest first. */
  readonly listed: readonly ListedBackup[];
}

/** The stack, and the backups that there are of its volumes on its engine. */
export async function openBackups(invocation: Invocation): Promise<Result<OpenBackups, readonly Problem[]>> {
  const opened = await openStack(invocation);
  if (!opened.ok) return opened;
  const named = await namedStack(opened.value, invocation);
  if (!named.ok) return named;
  return ok({ opened: opened.value, named: named.value, listed: await opened.value.setup.backups.list(named.value) });
}
