import type { Command } from './command.ts';
import { commands } from './command-list.ts';
import { choicesOf, everyFlag, flagsOf, namesOf, spellings, takesWord } from './completion-words.ts';
import type { Flag } from './flag.ts';
import { globalFlags } from './flags.ts';

/** The completion script for fish. */
export function fishCompletion(): string {
  const withWord = everyFlag().filter(takesWord).flatMap(spellings).map(quoted).join(' ');
  return `# fish completion for stackctl; made by: stackctl completion fish

# The command on the line, if there is one
function __stackctl_command
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- $word ${withWord}
            set skip 1
        else if not string match -q -- '-*' $word
            echo $word
            return 0
        end
    end
    return 1
end

function __stackctl_is
    contains -- (__stackctl_command) $argv
end

function __stackctl_names
    stackctl config --$argv[1] 2>/dev/null
end

complete -c stackctl -f
${commands.flatMap((command) => namesOf(command).map((name) => `complete -c stackctl -n 'not __stackctl_command >/dev/null' -a ${name} -d ${quoted(command.summary)}`)).join('\n')}
${flagsOf(globalFlags)
  .map((flag) => `complete -c stackctl${flagText(flag)}`)
  .join('\n')}
${commands.flatMap(ofCommand).join('\n')}
`;
}

function ofCommand(command: Command): string[] {
  const when = `complete -c stackctl -n '__stackctl_is ${namesOf(command).join(' ')}'`;
  const { completes } = command.positionals;
  const choices = choicesOf(command);
  return [
    ...flagsOf(command.flags).map((flag) => `${when}${flagText(flag)}`),
    ...(completes === 'file' ? [`${when} -F`] : []),
    ...(completes === 'service' ? [`${when} -a '(__stackctl_names services)'`] : []),
    ...(choices.length > 0 ? [`${when} -a ${quoted(choices.join(' '))}`] : []),
  ];
}

function flagText(flag: Flag<unknown>): string {
  const short = flag.short === undefined ? '' : ` -s ${flag.short}`;
  return `${short} -l ${flag.name}${valuesText(flag)} -d ${quoted(flag.summary)}`;
}

/** -r: a value is needed; -x: and it is no file. */
function valuesText(flag: Flag<unknown>): string {
  const { choices, completes } = flag;
  if (completes === 'file') return ' -r -F';
  const offered =
    choices.length > 0
      ? choices.join(' ')
      : completes === 'directory'
        ? '(__fish_complete_directories)'
        : `(__stackctl_names ${completes}s)`;
  const isOpen = choices.length === 0 && completes === 'nothing';
  return `${takesWord(flag) ? ' -x' : ''}${isOpen ? '' : ` -a ${quoted(offered)}`}`;
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
