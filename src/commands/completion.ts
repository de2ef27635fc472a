import type { Problem } from '../model/problem.ts';
import type { ExitCode, Invocation } from './command.ts';
import { bashCompletion } from './completion-bash.ts';
import { fishCompletion } from './completion-fish.ts';
import { zshCompletion } from './completion-zsh.ts';

const scripts = new Map([
  ['bash', bashCompletion],
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
]);

/** Prints the completion script for a shell. */
export async function runCompletion(invocation: Invocation): Promise<ExitCode> {
  const [shell] = invocation.positionals;
  const script = scripts.get(shell ?? '');
  if (script) {
    invocation.io.stdout.write(script());
    return 0;
  }
  const { refuse } = await import('./screen.ts');
  const message = shell === undefined ? 'stackctl completion needs the name of a shell' : `there is no completion for "${shell}"`;
  const problem: Problem = {
    code: 'unknown-shell',
    severity: 'error',
    message,
    hint: `write stackctl completion ${[...scripts.keys()].join('|')}`,
  };
  return refuse([problem], invocation);
}
