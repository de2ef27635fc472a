import { JournalError } from '../platform/journal.ts';
import { notConfirmed } from './apply.ts';
import type { ExitCode, Invocation } from './command.ts';
import { confirm } from './confirm.ts';
import { journalProblem } from './finish.ts';
import { refuse } from './screen.ts';
import { takeLock } from './take-lock.ts';

interface Consent {
  readonly question: string;
  readonly named: Parameters<typeof takeLock>[0];
}

/** Does it once a person has said yes and nobody else changes the stack: 5 if somebody does; a journal that cannot be used is told. */
export async function withConsent({ question, named }: Consent, invocation: Invocation, work: () => Promise<ExitCode>): Promise<ExitCode> {
  const answer = await confirm(question, invocation);
  if (answer !== 'yes') return notConfirmed(answer, invocation);
  const lock = await takeLock(named, invocation);
  if (!lock.ok) {
    refuse(lock.error, invocation);
    return 5;
  }
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    return refuse([journalProblem(error)], invocation);
  } finally {
    await lock.value.release();
  }
}
