import { hostname } from 'node:os';
import { isAlive } from '../adapters/is-alive.ts';
import type { LockHolder, StandingLock } from '../platform/lock.ts';
import type { ExitCode, Invocation } from './command.ts';
import { confirm } from './confirm.ts';
import { engineProblem } from './engine-problem.ts';
import { holderText } from './holder-text.ts';
import { namedStack } from './named-stack.ts';
import { openStack } from './open-stack.ts';
import { refuse } from './screen.ts';
import { beingChanged, releaseMs } from './take-lock.ts';
import { notConfirmed } from './with-consent.ts';

/** Takes the lock on the engine away from a holder that is not there any more, after asking. Never from one that is seen to live. */
export async function runUnlock(invocation: Invocation): Promise<ExitCode> {
  const opened = await openStack(invocation);
  if (!opened.ok) return refuse(opened.error, invocation);
  const named = await namedStack(opened.value, invocation);
  if (!named.ok) return refuse(named.error, invocation);
  const running = await beingChanged(named.value);
  if (running) return alive(running.message, invocation);
  try {
    const standing = await opened.value.setup.lock.standing(named.value.stack, AbortSignal.timeout(releaseMs));
    return await (standing ? takeAway(standing, named.value.stack, invocation) : notLocked(named.value.stack, invocation));
  } catch (error) {
    return refuse([engineProblem(error)], invocation);
  }
}

async function takeAway({ heldBy, takeAway: free }: StandingLock, stack: string, invocation: Invocation): Promise<ExitCode> {
  const { io, flags } = invocation;
  if (heldBy && isHere(heldBy)) return alive(`stack ${stack} is being changed by ${holderText(heldBy)}`, invocation);
  if (!flags.json)
    io.stdout.write(
      `Stack ${stack} is locked by ${holderText(heldBy)}.\n` +
        'The engine still holds its connection. If it lives after all, it stops where it is when its lock is taken away.\n',
    );
  const answer = await confirm(`Is it certainly gone? Take its lock away?`, invocation);
  if (answer !== 'yes') return notConfirmed(answer, invocation);
  await free();
  if (flags.json) io.stdout.write(`${JSON.stringify({ format_version: '1.0', stack, unlocked: true, held_by: heldBy ?? null })}\n`);
  else io.stdout.write('Unlocked. stackctl plan says whether anything was left half done.\n');
  return 0;
}

/** Another process of this host can be seen. */
const isHere = ({ host, pid }: LockHolder): boolean => host === hostname() && isAlive(pid);

function alive(message: string, invocation: Invocation): 5 {
  refuse(
    [{ code: 'locked', severity: 'error', message, hint: 'that process still runs: wait for it, or end it; its lock goes with it' }],
    invocation,
  );
  return 5;
}

function notLocked(stack: string, { io, flags }: Invocation): 0 {
  if (flags.json) io.stdout.write(`${JSON.stringify({ format_version: '1.0', stack, unlocked: false, held_by: null })}\n`);
  else io.stdout.write(`Nothing to unlock: nobody changes stack ${stack}.\n`);
  return 0;
}
