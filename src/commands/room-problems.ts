import { definitionOf } from '../actions/index.ts';
import { anySignal } from '../lib/any-signal.ts';
import { messageOf } from '../lib/message-of.ts';
import { get } from '../lib/record.ts';
import type { Problem } from '../model/problem.ts';
import { BackupError } from '../platform/backup-store.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { Invocation } from './command.ts';
import type { Looked } from './look-and-plan.ts';
import type { OpenStack } from './open-stack.ts';

/** Of large volumes each file is looked at. */
const lookMs = 600_000;

/** What of a plan would not fit on a disk, told before anybody is asked. Where nothing can look into volumes yet, its steps tell. */
export async function roomProblems({ plan, observed }: Looked, { setup }: OpenStack, { cancel }: Invocation): Promise<Problem[]> {
  const { platform, stack, backups } = setup;
  if (!get(observed.images, stack.desired.helperImage)) return [];
  const world = { engine: platform.engine, backups, now: observed, signal: anySignal([cancel, AbortSignal.timeout(lookMs)]) };
  const problems: Problem[] = [];
  for (const { action } of plan.steps) {
    const why = await definitionOf(action).foresee?.(action.args, world).catch(told);
    if (why !== undefined) problems.push({ code: 'no-room', severity: 'error', message: why, hint: 'nothing was touched' });
  }
  return problems;
}

/** What cannot be looked at is told by the step itself. */
function told(error: unknown): string | undefined {
  if (error instanceof BackupError) return messageOf(error);
  if (error instanceof EngineError) return undefined;
  throw error;
}
