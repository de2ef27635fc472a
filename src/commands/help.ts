import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { Command, ExitCode, Invocation } from './command.ts';
import { commands, findCommand } from './command-list.ts';
import type { Flag } from './flag.ts';
import { flags, globalFlags, type FlagName } from './flags.ts';
import { unknownCommand } from './suggest.ts';

/** Prints the help text of a command, or of stackctl. */
export async function runHelp(invocation: Invocation): Promise<ExitCode> {
  const text = helpFor(invocation.positionals[0]);
  if (text.ok) {
    invocation.io.stdout.write(text.value);
    return 0;
  }
  const { refuse } = await import('./screen.ts');
  return refuse(text.error, invocation);
}

function helpFor(word: string | undefined): Result<string, readonly Problem[]> {
  if (word === undefined) return ok(helpText());
  const command = findCommand(word);
  if (command) return ok(commandHelp(command, word));
  const { message, hint } = unknownCommand(word);
  return fail([{ code: 'unknown-command', severity: 'error', message, ...(hint !== undefined && { hint }) }]);
}

/** What `stackctl` alone says. */
export function helpText(): string {
  return sections([
    'Plan and apply container stacks: a trustworthy plan, gates on every service, and a verified way back.',
    titled('Usage', ['stackctl COMMAND [FLAGS] [ARGUMENTS]']),
    titled('Commands', columns(commands.map((command) => [namesOf(command), command.summary]))),
    titled('Flags of every command', flagLines(globalFlags)),
    titled('Examples', [
      ...columns([
        ['stackctl plan', 'what would be done to the stack found here, and why'],
        ['stackctl apply', 'show that, ask, do it; go back if anything fails'],
        ['stackctl status', 'what is there against what is wanted'],
      ]),
    ]),
    titled('Exit codes', columns([...everyExit, ['2-6', 'see the help of the command'], ...lastExits])),
    'stackctl COMMAND --help says more about one command.',
  ]);
}

/** What a command says of itself. */
export function commandHelp(command: Command, calledAs: string): string {
  const { positionals, examples, exitCodes } = command;
  const others = [command.name, ...command.aliases].filter((name) => name !== calledAs);
  const own = Object.entries(exitCodes);
  return sections([
    `${command.summary}.`,
    titled('Usage', [
      `stackctl ${calledAs} [FLAGS]${argumentText(command)}`,
      ...(others.length > 0 ? [`stackctl ${others.join(', ')}: the same`] : []),
    ]),
    positionals.most === 0 ? '' : titled('Arguments', columns([[positionals.name, positionals.summary]])),
    titled('Flags', flagLines(command.flags)),
    titled('Flags of every command', flagLines(globalFlags)),
    titled('Examples', columns(examples.map(({ line, does }) => [line, does]))),
    titled(
      'Exit codes',
      columns([
        ...everyExit,
        ...own.filter(([code]) => Number(code) < 70),
        ...lastExits.map(([code, what]) => [code, exitCodes[code] ?? what] as const),
      ]),
    ),
  ]);
}

const everyExit: readonly (readonly [string, string])[] = [
  ['0', 'done, or nothing to do'],
  ['1', 'problems; nothing was touched'],
];
const lastExits: readonly (readonly [string, string])[] = [
  ['70', 'a bug in stackctl'],
  ['130', 'interrupted'],
];

/** " [SERVICE...]", or nothing. */
function argumentText({ positionals }: Command): string {
  if (positionals.most === 0) return '';
  return ` [${positionals.name}${positionals.most > 1 ? '...' : ''}]`;
}

const namesOf = ({ name, aliases }: Command): string => [name, ...aliases].join(', ');

const flagLines = (names: readonly FlagName[]): string[] =>
  columns(
    names
      .map((name): Flag<unknown> => flags[name])
      .flatMap((flag) => (flag.later === undefined ? [[spelling(flag), describe(flag)] as const] : [])),
  );

function spelling({ name, short, value, alone }: Flag<unknown>): string {
  const argument = value === undefined ? '' : alone === undefined ? ` ${value}` : `[=${value}]`;
  return `${short === undefined ? '   ' : `-${short},`} --${name}${argument}`;
}

function describe({ summary, choices, alone, repeatable }: Flag<unknown>): string {
  const notes = [choices.join(', '), alone === undefined ? '' : `alone: ${alone}`, repeatable ? 'may be repeated' : ''].filter(
    (note) => note !== '',
  );
  return notes.length === 0 ? summary : `${summary} (${notes.join('; ')})`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}

const titled = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : [`${title}:`, ...lines.map((line) => `  ${line}`)].join('\n');

const sections = (parts: readonly string[]): string => `${parts.filter((part) => part !== '').join('\n\n')}\n`;
