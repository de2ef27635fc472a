import type { Command } from './command.ts';
import { commands } from './command-list.ts';
import { choicesOf, flagsOf, namesOf } from './completion-words.ts';
import type { Flag } from './flag.ts';
import { globalFlags } from './flags.ts';

/** The completion script for zsh. */
export function zshCompletion(): string {
  const described = commands.flatMap((command) => namesOf(command).map((name) => `    ${quoted(`${name}:${command.summary}`)}`));
  return `#compdef stackctl
# zsh completion for stackctl; made by: stackctl completion zsh

_stackctl_names() {
  local -a found
  found=(\${(f)"$(_call_program names stackctl config --$1 2>/dev/null)"})
  compadd -a found
}

_stackctl() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  local -a commands every
  commands=(
${described.join('\n')}
  )
  every=(
${flagsOf(globalFlags).flatMap(specs).join('\n')}
  )
  _arguments -C -s $every '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe -t commands command commands ;;
    argument)
      case $line[1] in
${commands.map(commandCase).join('\n')}
      esac ;;
  esac
}

# Also when the script is sourced
if [[ $funcstack[1] == _stackctl ]]; then
  _stackctl "$@"
else
  compdef _stackctl stackctl
fi
`;
}

function commandCase(command: Command): string {
  const own = [...flagsOf(command.flags).flatMap(specs), ...positionalSpec(command)];
  return `        ${namesOf(command).join('|')})
          _arguments -s $every${own.map((spec) => ` \\\n  ${spec}`).join('')} ;;`;
}

function positionalSpec(command: Command): string[] {
  const { name, most, completes } = command.positionals;
  if (most === 0) return [];
  const choices = choicesOf(command);
  const action = completes === 'service' ? '_stackctl_names services' : completes === 'file' ? '_files' : `(${choices.join(' ')})`;
  return [`    ${quoted(`${most > 1 ? '*' : '1'}:${name.toLowerCase()}:${action}`)}`];
}

function specs(flag: Flag<unknown>): string[] {
  const { name, short, summary, value, alone, repeatable } = flag;
  const once = repeatable ? '*' : '';
  const text = `[${escaped(summary)}]`;
  const argument = value === undefined ? '' : `${alone === undefined ? '' : ':'}:${value.toLowerCase()}:${actionOf(flag)}`;
  const long = value === undefined ? `--${name}` : alone === undefined ? `--${name}=` : `--${name}=-`;
  return [
    `${once}${long}${text}${argument}`,
    ...(short === undefined ? [] : [`${once}-${short}${value === undefined ? '' : '+'}${text}${argument}`]),
  ].map((spec) => `    ${quoted(spec)}`);
}

function actionOf({ choices, completes }: Flag<unknown>): string {
  if (choices.length > 0) return `(${choices.join(' ')})`;
  if (completes === 'file') return '_files';
  if (completes === 'directory') return '_files -/';
  return completes === 'nothing' ? ' ' : `_stackctl_names ${completes}s`;
}

const escaped = (text: string): string => text.replace(/[[\]:\\]/g, '\\$&');
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
