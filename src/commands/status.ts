import { observe } from '../observe.ts';
import { get } from '../lib/record.ts';
import type { ExitCode, Invocation } from './command.ts';
import { engineProblem } from './engine-problem.ts';
import { openStack } from './open-stack.ts';
import { refuse, styleOf } from './screen.ts';

const lookMs = 60_000;

/** Shows want against have, one line a service. */
export async function runStatus(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, positionals } = invocation;
  const opened = await openStack(invocation);
  if (!opened.ok) return refuse(opened.error, invocation);
  const { stack, platform } = opened.value.setup;
  const unknown = positionals.filter((name) => !get(stack.desired.services, name));
  if (unknown.length > 0) return refuse(unknown.map((name) => ({ code: 'unknown-service', severity: 'error', message: `there is no service ${name}` })), invocation);
  const desired = positionals.length === 0 ? stack.desired : { ...stack.desired, services: Object.fromEntries(Object.entries(stack.desired.services).filter(([name]) => positionals.includes(name))) };
  try {
    const observed = await observe(desired, platform, { pull: false, signal: AbortSignal.any([invocation.cancel, AbortSignal.timeout(lookMs)]) });
    const { statusText, statusJson } = await import('../render/status-text.ts');
    io.stdout.write(flags.json ? `${JSON.stringify(statusJson(desired, observed), undefined, 2)}\n` : statusText(desired, observed, { style: styleOf(invocation, io.stdout) }));
    return 0;
  } catch (error) {
    return refuse([engineProblem(error)], invocation);
  }
}
