import { servicesOf } from '../linted.ts';
import { probeCommand, probePath, type ProbeCommand } from '../probe-command.ts';
import type { Rule } from '../rule.ts';
import { probeEnds } from '../script-ends.ts';
import { shellCall } from '../shell-call.ts';
import { literal } from '../shell-script.ts';

export const healthcheckCannotPass: Rule = {
  id: 'healthcheck-cannot-pass',
  severity: 'error',
  finds: 'a health check that always fails: "false", or shell words in a command that no shell reads',
  reason: 'The service never becomes healthy: the deployment waits for its time-out and is rolled back.',
  fix: 'use ["CMD-SHELL", "…"] where a shell is needed, and one word a list entry after "CMD"',
  find: (linted) =>
    servicesOf(linted).flatMap(({ name, said }) => {
      const probe = probeCommand(said);
      const why = probe && whyNot(probe);
      if (why === undefined) return [];
      const message = `the health check of ${name} can never pass: ${why}`;
      return [{ message, path: probePath(name, said), service: name }];
    }),
};

const ofShells = new Set(['&&', '||', '|', ';', '>', '>>', '2>&1', '>/dev/null', '&>', '2>/dev/null']);
const builtIn = new Set([':', 'exit', 'cd', 'set', 'export', 'source', '.', 'exec', 'return']);

/** Why it cannot pass; undefined if it can. */
function whyNot({ inShell, words, script }: ProbeCommand): string | undefined {
  if (inShell || shellCall(words.map(literal))) return probeEnds(script).canPass ? undefined : 'its command always fails';
  const [first = ''] = words;
  const operator = words.find((word) => ofShells.has(word));
  if (builtIn.has(first)) return `"${first}" is a word of the shell, and no shell reads a command after "CMD"`;
  if (/\s/.test(first)) return `there is no program called "${first}"`;
  if (operator !== undefined) return `no shell reads a command after "CMD", so "${operator}" is one more argument of ${first}`;
  return probeEnds(script).canPass ? undefined : 'its command always fails';
}
