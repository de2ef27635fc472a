import { nearest } from '../lib/nearest.ts';
import type { Command } from './command.ts';
import { commands } from './command-list.ts';
import { laterCommands } from './later-commands.ts';
import { flags, type FlagName } from './flags.ts';

/** What is said about a word that we do not know, and what was probably meant. */
export interface Suggestion {
  readonly message: string;
  readonly hint?: string | undefined;
}

export function unknownCommand(word: string): Suggestion {
  if (laterCommands.includes(word)) return { message: `stackctl ${word} is not supported by this version yet`, hint: 'see stackctl help' };
  const near = nearest(
    word,
    commands.flatMap(({ name, aliases }) => [name, ...aliases]),
  );
  const all = commands.map(({ name }) => name).join(', ');
  return { message: `stackctl has no command "${word}"`, hint: near === undefined ? `it has ${all}` : `did you mean "stackctl ${near}"?` };
}

/** `written` is the flag with its dashes; `allowed` are those that could stand there. */
export function unknownFlag(written: string, allowed: readonly FlagName[], command: Command | undefined): Suggestion {
  const called = command ? `stackctl ${command.name}` : 'stackctl';
  const message = `${called} has no flag ${written}`;
  const name = written.replace(/^-+/, '');
  const owners = commands.filter((each) => each.flags.some((own) => isNamed(own, written)));
  const near = written.startsWith('--')
    ? nearest(
        name,
        allowed.map((each) => flags[each].name),
      )
    : undefined;
  if (near !== undefined) return { message, hint: `did you mean --${near}?` };
  if (owners.length > 0) return { message, hint: `it is a flag of ${owners.map((each) => `stackctl ${each.name}`).join(', ')}` };
  return { message, hint: command ? `see ${called} --help` : 'see stackctl help' };
}

function isNamed(flag: FlagName, written: string): boolean {
  const { name } = flags[flag];
  const short = 'short' in flags[flag] ? flags[flag].short : undefined;
  return written === `--${name}` || written === `-${short ?? ''}`;
}
