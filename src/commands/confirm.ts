import type { Invocation } from './command.ts';

/**
 * Whether to go on: yes if a flag says so, else only if a person types "yes". Without a terminal nobody can be asked: that is a no,
 * and the question is not printed.
 */
export async function confirm(question: string, { flags, io, cancel }: Invocation): Promise<'yes' | 'no' | 'nobody-to-ask'> {
  if (flags.yes || flags.autoApprove) return 'yes';
  if (!io.stdin.isTTY || !io.stderr.isTTY) return 'nobody-to-ask';
  io.stderr.write(`\n${question} Only "yes" is taken for yes: `);
  const answer = await io.stdin.readLine(cancel);
  return answer?.trim() === 'yes' ? 'yes' : 'no';
}
