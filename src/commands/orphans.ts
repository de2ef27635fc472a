import { endHolder } from '../actions/end-holder.ts';
import { processEnd } from '../actions/process-end.ts';
import { messageOf } from '../lib/message-of.ts';
import type { Reclaim } from '../plan/reclaims.ts';
import { endArgs } from '../plan/process-ends.ts';
import { orphansJson, orphansText, type EndedOrphan } from '../render/orphans-text.ts';
import type { ExitCode, Invocation } from './command.ts';
import { confirm } from './confirm.ts';
import { lookForOrphans, type FoundOrphans } from './look-for-orphans.ts';
import { openStack, type OpenStack } from './open-stack.ts';
import { refuse, styleOf } from './screen.ts';
import { notConfirmed } from './with-consent.ts';

/** Shows the processes that hold ports of the stack and that a rule names; with --end, and a yes, ends them. 2: some are there; 4: some are left. */
export async function runOrphans(invocation: Invocation): Promise<ExitCode> {
  const opened = await openStack(invocation);
  if (!opened.ok) return refuse(opened.error, invocation);
  const found = await lookForOrphans(opened.value, invocation);
  if (!found.ok) return refuse(found.error, invocation);
  const { orphans } = found.value;
  if (!invocation.flags.json || !invocation.flags.end) await show(found.value, opened.value, invocation);
  if (!invocation.flags.end || orphans.length === 0) return orphans.length === 0 ? 0 : 2;
  const count = orphans.length === 1 ? 'this process' : `these ${orphans.length} processes`;
  const answer = await confirm(`End ${count}? It cannot be undone.`, invocation);
  if (answer !== 'yes') return notConfirmed(answer, invocation);
  const ended = await Promise.all(orphans.map((orphan) => endOne(orphan, opened.value, invocation)));
  await show({ ...found.value, ended }, opened.value, invocation);
  return ended.every(({ why }) => why === undefined) ? 0 : 4;
}

/** As a step of a plan would: with the same looks right before. */
async function endOne(orphan: Reclaim, { setup }: OpenStack, { cancel }: Invocation): Promise<EndedOrphan> {
  const args = endArgs(orphan);
  const { engine, host } = setup.platform;
  const signal = AbortSignal.any([cancel, AbortSignal.timeout(processEnd.timeoutMs(args))]);
  try {
    const ended = await endHolder(args, { engine, host, signal });
    return 'why' in ended ? { orphan, why: ended.why } : { orphan };
  } catch (error) {
    return { orphan, why: messageOf(error) };
  }
}

type Shown = FoundOrphans & { readonly ended?: readonly EndedOrphan[] };

async function show(shown: Shown, { setup }: OpenStack, invocation: Invocation): Promise<void> {
  const { io, flags } = invocation;
  const { desired } = setup.stack;
  if (!flags.json) return io.stdout.write(orphansText(shown, styleOf(invocation, io.stdout)));
  const { jsonText } = await import('../render/json-text.ts');
  io.stdout.write(`${jsonText(orphansJson(desired.stack, shown), 2)}\n`);
}
