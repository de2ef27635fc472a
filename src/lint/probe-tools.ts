import { parseShell } from './parse-shell.ts';
import type { ProbeCommand } from './probe-command.ts';
import { nameOf, shellCall } from './shell-call.ts';
import type { AndOr, Command, Script, Word } from './shell-script.ts';

/** Names of programs of which one is enough: each stands in the place of the others ("curl … || wget …"). */
export type Alternatives = readonly string[];

const builtIn = new Set(
  `: . [ alias break cd command continue echo eval exec exit export false getopts hash kill local printf pwd read readonly return set
   shift source test times trap true type ulimit umask unset wait`.split(/\s+/),
);

/** The programs that a probe needs in the image. None for what is not understood. */
export function probeTools({ inShell, words, script }: ProbeCommand): readonly Alternatives[] {
  if (inShell) return [['sh'], ...toolsOf(script ?? [], true)];
  // Words that only a shell understands: another rule tells of them
  return words[0]?.includes(' ') === true ? [] : toolsOf(script ?? [], false);
}

const toolsOf = (script: Script, inShell: boolean): Alternatives[] => script.flatMap(({ list }) => toolsOfList(list, inShell));

function toolsOfList({ first, rest }: AndOr, inShell: boolean): Alternatives[] {
  const branches = [[first]];
  for (const { operator, pipeline } of rest) {
    if (operator === '||') branches.push([pipeline]);
    else branches.at(-1)?.push(pipeline);
  }
  const needed = branches
    .map((pipelines) => pipelines.flatMap(({ commands }) => commands.flatMap((command) => toolsOfCommand(command, inShell))))
    .filter((tools) => tools.length > 0);
  return needed.length > 1 ? [[...new Set(needed.flat(2))]] : needed.flat();
}

function toolsOfCommand(command: Command, inShell: boolean): Alternatives[] {
  if (command.kind === 'group') return toolsOf(command.script, inShell);
  const called = command.words.slice(command.words.findIndex(({ text, quoted }) => quoted || !/^\w+=/.test(text)));
  return command.words.length === 0 ? [] : toolsOfCall(called, inShell);
}

function toolsOfCall(words: readonly Word[], inShell: boolean): Alternatives[] {
  const [first, ...rest] = words;
  if (!first || /[$`]/.test(first.text) || first.text === '') return [];
  const name = nameOf(first);
  if (inShell && name === 'exec') return toolsOfCall(rest, inShell);
  if (inShell && builtIn.has(first.text)) return [];
  const inner = name === 'timeout' ? toolsOfCall(afterOptions(rest), false) : [];
  const shell = shellCall(words);
  const script = shell && parseShell(shell.script);
  return [[name], ...inner, ...(script ? toolsOf(script, true) : [])];
}

/** What `timeout -k 1 5 COMMAND` runs. */
function afterOptions(words: readonly Word[]): readonly Word[] {
  const start = words.findIndex(({ text }) => !/^(-.*|[\d.]+[smhd]?|[A-Z0-9]+)$/.test(text));
  return start < 0 ? [] : words.slice(start);
}
