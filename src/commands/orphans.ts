import { processEnd } from '../actions/process-end.ts';
import { anySignal } from '../lib/any-signal.ts';
import { messageOf } from '../lib/message-of.ts';
import { endArgs } from '../plan/process-ends.ts';
import type { Reclaim } from '../plan/reclaims.ts';
import { orphansJson, orphansText, type EndedOrphan } from '../render/orphans-text.ts';
import type { ExitCode, Invocation } from './command.ts';
import { confirm } from './confirm.ts';
import { lookForOrphans, type FoundOrphans } from './look-for-orphans.ts';
import { refuse, styleOf } from './screen.ts';
import { notConfirmed } from './with-consent.ts';

/**
 * Shows the processes that hold ports of the stack and that a rule names; with --end, and a yes, ends them. 2: some are there, or there may
 * be; 4: some are left, or may be.
 */
export async function runOrphans(invocation: Invocation): Promise<ExitCode> {
  const { flags } = invocation;
  const found = await lookForOrphans(invocation);
  if (!found.ok) return refuse(found.error, invocation);
  const { orphans } = found.value;
  const isClear = found.value.unclear.length === 0 && (found.value.doubts.length === 0 || !found.value.hasRules);
  const isToEnd = flags.end && orphans.length > 0;
  if (!flags.json || !isToEnd) await show(found.value, invocation);
  if (!isToEnd) return orphans.length === 0 && isClear ? 0 : flags.end ? 4 : 2;
  const count = orphans.length === 1 ? 'this process' : `these ${orphans.length} processes`;
  const answer = await confirm(`End ${count}? It cannot be undone.`, invocation);
  if (answer !== 'yes') return notConfirmed(answer, invocation);
  const ended = await Promise.all(orphans.map((orphan) => endOne(orphan, found.value, invocation)));
  await show({ ...found.value, ended }, invocation);
  return isClear && ended.every(({ why }) => why === undefined) ? 0 : 4;
}

async function endOne(orphan: Reclaim, { end }: FoundOrphans, { cancel }: Invocation): Promise<EndedOrphan> {
  try {
    const ended = await end(orphan, anySignal([cancel, AbortSignal.timeout(processEnd.timeoutMs(endArgs(orphan)))]));
    return 'why' in ended ? { orphan, why: ended.why } : { orphan };
  } catch (error) {
    return { orphan, why: messageOf(error) };
  }
}

async function show(shown: FoundOrphans & { readonly ended?: readonly EndedOrphan[] }, invocation: Invocation): Promise<void> {
  const { io, flags } = invocation;
  if (!flags.json) {
    io.stdout.write(orphansText(shown, styleOf(invocation, io.stdout)));
    return;
  }
  const { jsonText } = await import('../render/json-text.ts');
  io.stdout.write(`${jsonText(orphansJson(shown.stack, shown), 2)}\n`);
}
