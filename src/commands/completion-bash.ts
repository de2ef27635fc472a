import type { Command } from './command.ts';
import { commands } from './command-list.ts';
import { choicesOf, choosingFlags, everyFlag, flagsOf, namesOf, spellings, takesWord } from './completion-words.ts';
import { globalFlags } from './flags.ts';

/** The completion script for bash; needs nothing but bash itself. */
export const bashCompletion = (): string => `# bash completion for stackctl; made by: stackctl completion bash
_stackctl_names() {
  "$1" config "--$2" "\${@:3}" 2>/dev/null
}

_stackctl() {
  local program=$1 cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} name= flag i
  local -a stack=()
  # bash takes "--flag=value" for three words
  if [[ $cur == '=' ]]; then
    cur=
  elif [[ $prev == '=' ]]; then
    prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
${wordsBefore()}
  COMPREPLY=()
  case $prev in
${valueCases()}
  esac
  case $name in
    '') COMPREPLY=($(compgen -W '${[...commands.flatMap(namesOf), ...flagWords(undefined)].join(' ')}' -- "$cur")) ;;
${commands.map(commandCase).join('\n')}
  esac
}

complete -o bashdefault -F _stackctl stackctl
`;

/** Finds the command, and the flags that say which stack is meant. */
function wordsBefore(): string {
  const choosing = choosingFlags().flatMap(spellings).join('|');
  const valued = everyFlag().filter(takesWord).flatMap(spellings).join('|');
  return `  for ((i = 1; i < COMP_CWORD; i++)); do
    flag=\${COMP_WORDS[i]}
    case $flag in
      ${valued})
        [[ \${COMP_WORDS[i+1]} == '=' ]] && ((i++))
        ((i++)) ;;
    esac
    case $flag in
      ${choosing}) ((i < COMP_CWORD)) && stack+=("$flag" "\${COMP_WORDS[i]}") ;;
      -*|=) ;;
      *) [[ -z $name ]] && name=$flag ;;
    esac
  done`;
}

function valueCases(): string {
  return everyFlag()
    .filter(takesWord)
    .map((flag) => `    ${spellings(flag).join('|')}) ${valueAction(flag.completes, flag.choices)}return ;;`)
    .join('\n');
}

function valueAction(completes: string, choices: readonly string[]): string {
  if (choices.length > 0) return `COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$cur")); `;
  if (completes === 'file') return 'compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); ';
  if (completes === 'directory') return 'compopt -o filenames; COMPREPLY=($(compgen -d -- "$cur")); ';
  if (completes === 'service' || completes === 'profile') return `${named(completes)}; `;
  return '';
}

const named = (what: string, more = ''): string =>
  `COMPREPLY=($(compgen -W "$(_stackctl_names "$program" ${what}s "\${stack[@]}")${more}" -- "$cur"))`;

const flagWords = (command: Command | undefined): string[] =>
  flagsOf([...(command?.flags ?? []), ...globalFlags]).map(({ name }) => `--${name}`);

function commandCase(command: Command): string {
  const words = flagWords(command).join(' ');
  const onFlag = `if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '${words}' -- "$cur"))`;
  const choices = choicesOf(command);
  const { completes } = command.positionals;
  const other =
    completes === 'service'
      ? named('service')
      : completes === 'file'
        ? valueAction('file', []).slice(0, -2)
        : `COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$cur"))`;
  return `    ${namesOf(command).join('|')}) ${onFlag}; else ${other}; fi ;;`;
}
