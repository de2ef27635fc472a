import type { Problem } from '../model/problem.ts';
import type { ExitCode, Invocation } from './command.ts';
import { confirm } from './confirm.ts';
import type { OpenStack } from './open-stack.ts';
import { refuse } from './screen.ts';
import { underLock, type Held } from './under-lock.ts';

interface Consent {
  readonly question: string;
  readonly opened: OpenStack;
  /** The engine's id. */
  readonly engine: string;
}

/**
 * Does it once a person has said yes and nobody else changes the stack, on this host or another: 5 if somebody does. A journal that
 * cannot be used is told.
 */
export async function withConsent(consent: Consent, invocation: Invocation, work: (held: Held) => Promise<ExitCode>): Promise<ExitCode> {
  const { question, opened, engine } = consent;
  const answer = await confirm(question, invocation);
  if (answer !== 'yes') return notConfirmed(answer, invocation);
  const done = await underLock({ opened, engine }, invocation, work);
  return done.ok ? done.value : refuseLocked(done.error, invocation);
}

/** Says why the lock, or the journal under it, could not be had. */
export function refuseLocked(problems: readonly Problem[], invocation: Invocation): ExitCode {
  refuse(problems, invocation);
  if (problems.some(({ code }) => code === 'journal')) return 1;
  if (invocation.cancel.aborted) return 130;
  return problems.some(({ code }) => code === 'locked') ? 5 : 1;
}

/** An interrupted run is not any more as it was when it was shown. */
export function refuseGoneOn(invocation: Invocation): 6 {
  const message = 'somebody else has gone on with the interrupted run meanwhile';
  refuse([{ code: 'stale-plan', severity: 'error', message, hint: 'run stackctl recover again' }], invocation);
  return 6;
}

/** Says why nothing was done. */
export function notConfirmed(answer: 'no' | 'nobody-to-ask', invocation: Invocation): ExitCode {
  if (invocation.cancel.aborted) return interrupted(invocation);
  if (answer === 'no') {
    invocation.io.stderr.write('Nothing was touched.\n');
    return 1;
  }
  return refuse(
    [
      {
        code: 'nobody-to-ask',
        severity: 'error',
        message: 'there is no terminal to ask at whether to do this',
        hint: 'read the plan, then run it again with --yes',
      },
    ],
    invocation,
  );
}

/** Nothing has been done yet. */
export function interrupted({ io }: Invocation): 130 {
  io.stderr.write('Interrupted; nothing was touched.\n');
  return 130;
}
